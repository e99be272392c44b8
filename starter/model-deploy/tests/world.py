"""An endpoint with a canary, its alarm and its metrics, in simulated time."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from fakes import ENVIRONMENT, error, fake_aws

from deployment.api import Aws

START = datetime.now(timezone.utc) - timedelta(hours=1)
OLD, NEW = "endpoint-1-0a1b2c3d", "endpoint-2-0a1b2c3d"
CREATING, STEP, BAKE, ROLLBACK = 60, 300, 300, 60
# Rows of the sample set: the evaluation of the new version, and the old version's answer.
EXPECTED = {"1,2": 0.9, "3,4": 0.2, "5,6": 0.8}
PREVIOUS = {"1,2": 0.7, "3,4": 0.3, "5,6": 0.6}


@dataclass
class World:
    """SageMaker and CloudWatch of one update in two steps: 10 % of the requests, then all."""

    # The new instances: answer to a row, latency at a time of traffic, whether CloudWatch has them.
    answer: Callable[[str], float | str] = lambda row: EXPECTED[row]
    latency: Callable[[float], float] = lambda _seconds: 20
    fails: bool = False
    is_silent: bool = False
    has_metrics: bool = True
    # SageMaker does not read the alarm.
    ignores_alarm: bool = False
    alarm_becomes_ok: bool = True
    old_fails: bool = False
    seconds_per_answer: float = 0.02
    now: float = 0
    began: float | None = None
    rolled_back: float | None = None
    verdicts: list[tuple[float, float]] = field(default_factory=list)
    metrics: list[tuple[str, float]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    # Of the new instances: time, latency, whether it failed.
    measured: list[tuple[float, float, bool]] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    read_errors: int = 0

    def install(self, monkeypatch: pytest.MonkeyPatch) -> Aws:
        """Simulates time; returns the clients."""
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        monkeypatch.setattr(time, "sleep", self.sleep)
        cloudwatch = SimpleNamespace(
            describe_alarms=self.describe_alarms,
            get_metric_data=self.get_metric_data,
            put_metric_data=self.put_metric_data,
        )
        sagemaker = SimpleNamespace(
            describe_endpoint=self.describe_endpoint, update_endpoint=self.update_endpoint
        )
        runtime = SimpleNamespace(invoke_endpoint=self.invoke_endpoint)
        return fake_aws(cloudwatch=cloudwatch, runtime=runtime, sagemaker=sagemaker)

    def sleep(self, seconds: float) -> None:
        """Time goes by, and SageMaker reads its alarm."""
        until = self.now + seconds
        while self.now < until:
            self.now = min(until, self.now + 5)
            is_read = self.status == "Updating" and not self.ignores_alarm
            if is_read and self.alarm == "ALARM":
                self.rolled_back = self.now

    @property
    def alarm(self) -> str:
        """Missing data breaches."""
        last = [value for at, value in self.verdicts if self.now - 60 < at]
        is_ok = self.alarm_becomes_ok and self.verdicts and self.now - self.verdicts[0][0] > 30
        return "OK" if is_ok and last and max(last) == 0 else "ALARM"

    @property
    def status(self) -> str:
        """Status of the endpoint."""
        if self.rolled_back is not None:
            return "RollingBack" if self.now < self.rolled_back + ROLLBACK else "InService"
        if self.began is None:
            return "InService"
        is_over = self.now >= self.began + CREATING + STEP + BAKE
        return "InService" if is_over else "Updating"

    @property
    def traffic(self) -> float:
        """Seconds since the new instances get traffic; negative before."""
        return -1 if self.began is None else self.now - self.began - CREATING

    def _is_new(self) -> bool:
        if self.status == "InService":
            return self.began is not None and self.rolled_back is None
        if self.traffic < 0 or self.rolled_back is not None:
            return False
        return self.traffic >= STEP or len(self.requests) % 10 == 0

    def describe_endpoint(self, EndpointName: str) -> dict[str, Any]:  # noqa: N803
        """The endpoint, with the step of the new instances."""
        status, traffic = self.status, self.traffic
        is_new = status == "InService" and self._is_new()
        found: dict[str, Any] = {
            "EndpointArn": "arn",
            "EndpointConfigName": NEW if is_new else OLD,
            "EndpointStatus": status,
            "LastModifiedTime": START + timedelta(seconds=self.rolled_back or self.began or 0),
        }
        if self.rolled_back is not None:
            found["FailureReason"] = "An alarm is in ALARM"
        if status == "Updating":
            step = "Creating" if traffic < 0 else "Baking"
            since = START + timedelta(seconds=STEP if traffic >= STEP else 0)
            variant = {"VariantStatus": [{"Status": step, "StartTime": since}]}
            pending = {"EndpointConfigName": NEW, "ProductionVariants": [variant]}
            found["PendingDeploymentSummary"] = pending
        return found

    def update_endpoint(self, **request: Any) -> None:
        """Begins the update."""
        self.updates.append(request)
        self.began = self.now
        # SageMaker refuses, or ends at once, an update with an alarm in ALARM.
        if self.alarm == "ALARM" and not self.ignores_alarm:
            self.rolled_back = self.now

    def describe_alarms(self, AlarmNames: list[str]) -> dict[str, Any]:  # noqa: N803
        """State of the alarm."""
        assert AlarmNames == [ENVIRONMENT.verdict_alarm]
        return {"MetricAlarms": [{"StateValue": self.alarm}]}

    def put_metric_data(self, Namespace: str, MetricData: list[dict[str, Any]]) -> None:  # noqa: N803
        """Keeps the values."""
        assert Namespace == ENVIRONMENT.metric_namespace
        for it in MetricData:
            if it["MetricName"] == "CanaryVerdict":
                self.verdicts.append((self.now, it["Value"]))
            else:
                self.metrics.append((it["MetricName"], it["Value"]))

    def get_metric_data(self, MetricDataQueries: Any, **window: Any) -> dict[str, Any]:  # noqa: N803
        """Metrics of the new instances by minute, one minute late."""
        assert window["StartTime"] < window["EndTime"]
        if self.read_errors:
            self.read_errors -= 1
            raise error("InternalFailure")
        minutes: dict[int, list[tuple[float, float, bool]]] = {}
        for it in self.measured if self.has_metrics else []:
            if it[0] < self.now - 60:
                minutes.setdefault(int(it[0] // 60), []).append(it)
        results = []
        for query in MetricDataQueries:
            metric = query["MetricStat"]["Metric"]
            dimensions = {it["Name"]: it["Value"] for it in metric["Dimensions"]}
            assert dimensions == {
                "EndpointConfigName": NEW,
                "EndpointName": ENVIRONMENT.endpoint_name,
                "VariantName": "AllTraffic",
            }
            values = [_value(metric["MetricName"], minutes[it]) for it in sorted(minutes)]
            results.append({"Id": query["Id"], "Values": values})
        return {"MetricDataResults": results}

    def invoke_endpoint(self, **request: Any) -> dict[str, Any]:
        """An answer of old or new instances."""
        self.requests.append(request)
        self.now += self.seconds_per_answer
        row = request["Body"].decode().strip()
        if self._is_new():
            if self.is_silent:
                raise ReadTimeoutError(endpoint_url="")
            self.measured.append((self.now, self.latency(self.traffic), self.fails))
            if self.fails:
                raise error("ModelError")
            text = str(self.answer(row))
        else:
            if self.old_fails:
                raise error("ModelError")
            text = str(PREVIOUS[row])
        return {"Body": io.BytesIO(text.encode()), "ContentType": "text/csv"}


def _value(name: str, measured: list[tuple[float, float, bool]]) -> float:
    if name == "Invocations":
        return len(measured)
    if name == "Invocation5XXErrors":
        return sum(failed for _, _, failed in measured)
    # In microseconds.
    return 1000 * sum(latency for _, latency, _ in measured) / len(measured)
