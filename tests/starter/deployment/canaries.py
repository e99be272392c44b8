"""CloudWatch and the instances of endpoints, as a canary sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import emulated
from account import ENDPOINTS
from clock import clock
from samples import answer_of

# Shorter than in AWS, as the updates are.
PERIOD_SECONDS = 40
# The alarm reads the first value of a period when it is over.
_FIRST_READ_SECONDS = 15


@dataclass
class Canaries:
    """Verdicts, the alarms that read them, and the requests that each endpoint config answered."""

    verdicts: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    versions: dict[str, float] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)
    invocations: int = 0
    rollbacks: int = 0

    def install(self) -> None:
        """Answers the calls of a canary from now on."""
        from moto.cloudwatch.models import CloudWatchBackend
        from moto.sagemakerruntime.responses import SageMakerRuntimeResponse

        alarms_named = CloudWatchBackend.get_alarms_by_alarm_names

        def get_alarms(backend: Any, names: list[str]) -> Any:
            found = list(alarms_named(backend, names))
            for alarm in found:
                alarm.state_value = self.alarm_of(alarm.name.removesuffix("-canary-verdict"))
            return found

        CloudWatchBackend.get_alarms_by_alarm_names = get_alarms
        CloudWatchBackend.put_metric_data = lambda _backend, *it, **more: self._put(*it, **more)
        CloudWatchBackend.get_metric_data = lambda _backend, queries, *_, **__: [
            self._result(query) for query in queries
        ]
        SageMakerRuntimeResponse.invoke_endpoint = lambda response: self._invoke(response)

    def alarm_of(self, endpoint: str) -> str:
        """State of the alarm: missing data breaches."""
        sent = self.verdicts.get(endpoint, [])
        last = [value for at, value in sent if clock.now - PERIOD_SECONDS < at]
        is_read = bool(last) and clock.now - sent[0][0] >= _FIRST_READ_SECONDS
        return "OK" if is_read and max(last) == 0 else "ALARM"

    def _put(self, namespace: str, metric_data: list[dict[str, Any]]) -> None:
        endpoint = namespace.removeprefix("ModelDeploy/")
        if endpoint not in ENDPOINTS.values():
            raise AssertionError(f"another namespace than those of the project: {namespace}")
        for it in metric_data:
            if it["MetricName"] == "CanaryVerdict":
                self.verdicts.setdefault(endpoint, []).append((clock.now, it["Value"]))
            else:
                self.versions[endpoint] = it["Value"]

    def _result(self, query: dict[str, Any]) -> dict[str, Any]:
        metric = query["MetricStat"]["Metric"]
        dimensions = {it["Name"]: it["Value"] for it in metric["Dimensions"]}
        config = dimensions["EndpointConfigName"]
        count = self.requests.get(config, 0)
        # Clients call production too.
        value = {"Invocations": 10 * count, "ModelLatency": 20_000}.get(metric["MetricName"], 0)
        values = [float(value)] if count else []
        times = [emulated.now()] if count else []
        about = {"id": query["Id"], "label": "", "status_code": "Complete"}
        return {**about, "values": values, "timestamps": times}

    def _invoke(self, response: Any) -> Any:
        endpoint = emulated.backend("sagemaker").endpoints[response.path.split("/")[2]]
        self.invocations += 1
        config = endpoint.endpoint_config_name
        pending = endpoint.pending_deployment_summary
        is_all = "ALL_AT_ONCE" in str(endpoint.last_deployment_config)
        has_new = pending is not None and endpoint.endpoint_status == "Updating"
        if has_new and (is_all or self.invocations % 2):
            config = pending["EndpointConfigName"]
            self.requests[config] = self.requests.get(config, 0) + 1
        version = int(config.split("-")[-2])
        body = response.body if isinstance(response.body, str) else response.body.decode()
        text = answer_of(version, body.strip())
        return 200, {"Content-Type": "text/csv"}, text.encode()
