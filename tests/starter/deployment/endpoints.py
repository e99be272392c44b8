"""SageMaker endpoints whose creations, updates and deletions take time, and may fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import emulated
from canaries import Canaries
from clock import clock

# Of an update with a canary.
_UPDATE_SECONDS = 60
SUCCEEDS, ROLLS_BACK, FAILS = "succeeds", "rolls back", "fails"


class Endpoints:
    """Brings each change of an endpoint one step further after each DescribeEndpoint."""

    def __init__(self) -> None:
        # How the next changes of an endpoint end, by its name. Others succeed.
        self.outcomes: dict[str, list[str]] = {}
        self.canaries = Canaries()
        self.rollbacks = 0

    def install(self) -> None:
        """Deletions take time too; moto deletes at once."""
        self.canaries.install()
        from gaps.sagemaker import endpoints
        from moto.core.responses import EmptyResult
        from moto.sagemaker.responses import SageMakerResponse

        delete = SageMakerResponse.delete_endpoint

        def delete_later(response: Any) -> Any:
            name = response._get_param("EndpointName")
            existing = emulated.backend("sagemaker").endpoints.get(name)
            if existing is None or existing.endpoint_status in endpoints.UNDER_WAY:
                return delete(response)
            existing.endpoint_status = "Deleting"
            return EmptyResult()

        SageMakerResponse.delete_endpoint = delete_later

    def after_call(self, operation: str, request: dict[str, Any]) -> None:
        """What happens in SageMaker after an API call."""
        if operation == "sagemaker.DescribeEndpoint":
            self.advance(request["EndpointName"])

    def are_changing(self) -> bool:
        """Whether a change is in progress."""
        endpoints = emulated.backend("sagemaker").endpoints.values()
        return any(endpoint.endpoint_status in self._steps() for endpoint in endpoints)

    def end_changes(self) -> None:
        """Ends all changes in progress."""
        for name in list(emulated.backend("sagemaker").endpoints):
            while self.advance(name):
                clock.now += 30

    def advance(self, name: str) -> bool:
        """One step of the change in progress; False if there is none."""
        endpoints = emulated.backend("sagemaker").endpoints
        status = endpoints[name].endpoint_status if name in endpoints else ""
        step = self._steps().get(status)
        if step is not None:
            step(name)
        return step is not None

    def _steps(self) -> dict[str, Callable[[str], None]]:
        return {
            "Creating": self._end,
            "Updating": self._update,
            "RollingBack": self._rolled_back,
            "Deleting": lambda name: emulated.backend("sagemaker").endpoints.pop(name),
        }

    def _update(self, name: str) -> None:
        """Reads the alarm of the update, if it has one, and shows how far the instances are."""
        endpoint = emulated.backend("sagemaker").endpoints[name]
        rollback = (endpoint.last_deployment_config or {}).get("AutoRollbackConfiguration")
        summary = endpoint.pending_deployment_summary
        if rollback is None:
            self._end(name)
            return
        if rollback != {"Alarms": [{"AlarmName": f"{name}-canary-verdict"}]}:
            raise AssertionError(f"an update must have the alarm of its verdict: {rollback}")
        began = summary.setdefault("Began", clock.now)
        seconds = clock.now - began
        if self.canaries.alarm_of(name) == "ALARM":
            self.rollbacks += 1
            _simulate(name, "RollingBack")
        elif seconds >= _UPDATE_SECONDS or self.outcomes.get(name):
            self._end(name)
        else:
            # Until the first read of the update: Creating.
            status = {"Status": "Baking", "StartTime": summary["StartTime"]}
            summary["ProductionVariants"][0]["VariantStatus"] = [status]

    def _end(self, name: str) -> None:
        outcome = (self.outcomes.get(name) or [SUCCEEDS])[0]
        if outcome == ROLLS_BACK:
            _simulate(name, "RollingBack")
            return
        self._forget(name)
        if outcome == FAILS:
            _simulate(name, "Failed", FailureReason="The primary container did not pass the ping")
        else:
            _simulate(name, "InService")

    def _rolled_back(self, name: str) -> None:
        if self.outcomes.get(name, [""])[:1] == [ROLLS_BACK]:
            self._forget(name)
        serving = emulated.backend("sagemaker").endpoints[name].endpoint_config_name
        reason = "The alarm is in ALARM"
        _simulate(name, "InService", EndpointConfigName=serving, FailureReason=reason)

    def _forget(self, name: str) -> None:
        self.outcomes[name] = self.outcomes.get(name, [])[1:]


class _Response:
    """The part of moto's response that the gap of the endpoints uses."""

    def __init__(self, **parameters: str) -> None:
        self.sagemaker_backend = emulated.backend("sagemaker")
        self._get_param = parameters.get


def _simulate(name: str, status: str, **parameters: str) -> None:
    from gaps.sagemaker import simulation

    request = _Response(EndpointName=name, EndpointStatus=status, **parameters)
    simulation.play_endpoint(request)
