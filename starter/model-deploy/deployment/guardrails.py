"""Guardrails of an update: the traffic shift, and the alarms that roll it back.

https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
"""

from __future__ import annotations

from typing import Any

from deployment.api import tag_list
from deployment.environment import Environment
from deployment.plan import VARIANT
from deployment.stage_config import Shift, StageConfig

# SageMaker keeps the old instances for this time after the shift: an alarm can still roll back.
_TERMINATION_WAIT = 300
_START_SECONDS = 1200
_MAX_TIMEOUT = 28800


def alarms(environment: Environment, config: StageConfig) -> list[dict[str, Any]]:
    """Alarms that roll back an update. They have no actions."""
    name = environment.endpoint_name
    common = {
        "Namespace": "AWS/SageMaker",
        "Dimensions": [
            {"Name": "EndpointName", "Value": name},
            {"Name": "VariantName", "Value": VARIANT},
        ],
        "ComparisonOperator": "GreaterThanThreshold",
        "Period": 60,
        # SageMaker publishes no metrics of an endpoint without invocations.
        "TreatMissingData": "notBreaching",
        "Tags": tag_list(environment.project_tags),
    }
    return [
        {
            **common,
            "AlarmName": f"{name}-errors",
            "AlarmDescription": f"Invocations of {name} fail: an update in progress rolls back",
            "MetricName": "Invocation5XXErrors",
            "Statistic": "Sum",
            "Threshold": config.maximum_errors,
            "EvaluationPeriods": 1,
        },
        {
            **common,
            "AlarmName": f"{name}-latency",
            "AlarmDescription": f"Invocations of {name} are slow: an update in progress rolls back",
            "MetricName": "ModelLatency",
            "Statistic": "Average",
            # The metric has microseconds.
            "Threshold": config.maximum_latency_milliseconds * 1000,
            # The first invocations of a new instance may be slow.
            "EvaluationPeriods": 2,
        },
    ]


def traffic_shift(environment: Environment, shift: Shift | None) -> dict[str, Any]:
    """DeploymentConfig of UpdateEndpoint: canary, linear, or all traffic at once."""
    routing: dict[str, Any] = {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}
    if shift:
        size = "CanarySize" if shift.kind == "canary" else "LinearStepSize"
        routing = {
            "Type": shift.kind.upper(),
            "WaitIntervalInSeconds": shift.minutes * 60,
            size: {"Type": "CAPACITY_PERCENT", "Value": shift.percent},
        }
    waits = shift.waits * shift.minutes * 60 if shift else 0
    timeout = min(waits + _TERMINATION_WAIT + _START_SECONDS, _MAX_TIMEOUT)
    names = [f"{environment.endpoint_name}-{it}" for it in ("errors", "latency")]
    return {
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": routing,
            "TerminationWaitInSeconds": _TERMINATION_WAIT,
            "MaximumExecutionTimeoutInSeconds": timeout,
        },
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": name} for name in names]},
    }
