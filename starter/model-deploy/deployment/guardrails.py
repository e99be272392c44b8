"""Guardrails of an update: the traffic shift, and the alarm that rolls it back.

https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
"""

from __future__ import annotations

from typing import Any

from deployment.stage_config import Shift

# SageMaker keeps the old instances for this time after the shift: the alarm can still roll back.
_TERMINATION_WAIT = 300
# The whole canary is in this time, if all traffic moves at once.
_TERMINATION_WAIT_AT_ONCE = 600
_START_SECONDS = 1200
_MAX_TIMEOUT = 28800


def traffic_shift(shift: Shift | None, alarm: str | None) -> dict[str, Any]:
    """DeploymentConfig of UpdateEndpoint: canary, linear, or all traffic at once.

    Without an alarm, nothing but a failed start rolls back, and the old instances end at once.
    """
    routing: dict[str, Any] = {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}
    if shift:
        size = "CanarySize" if shift.kind == "canary" else "LinearStepSize"
        routing = {
            "Type": shift.kind.upper(),
            "WaitIntervalInSeconds": shift.minutes * 60,
            size: {"Type": "CAPACITY_PERCENT", "Value": shift.percent},
        }
    waits = shift.waits * shift.minutes * 60 if shift else 0
    termination = _TERMINATION_WAIT if shift else _TERMINATION_WAIT_AT_ONCE
    if alarm is None:
        termination = 0
    rollback = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": alarm}]}} if alarm else {}
    return {
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": routing,
            "TerminationWaitInSeconds": termination,
            "MaximumExecutionTimeoutInSeconds": min(
                waits + termination + _START_SECONDS, _MAX_TIMEOUT
            ),
        },
        **rollback,
    }
