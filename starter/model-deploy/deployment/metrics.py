"""CloudWatch: the metrics that a deployment sends, the alarm of its verdict, the new instances."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from deployment.api import Aws, DeploymentError
from deployment.environment import Environment
from deployment.plan import VARIANT

_PERIOD_SECONDS = 60
# Of the metrics of an endpoint: name and statistic by id of the query.
_QUERIES = {
    "errors": ("Invocation5XXErrors", "Sum"),
    "latency": ("ModelLatency", "Average"),
    "requests": ("Invocations", "Sum"),
}


@dataclass(frozen=True)
class Fleet:
    """Metrics of the instances of one endpoint config, by minute, oldest first."""

    requests: list[float]
    errors: list[float]
    latency_milliseconds: list[float]

    def __str__(self) -> str:
        latency = f"{self.latency_milliseconds[-1]:.0f} ms" if self.latency_milliseconds else "none"
        requests, errors = sum(self.requests), sum(self.errors)
        return f"{requests:.0f} requests, {errors:.0f} errors, mean latency {latency}"


def put_metric(aws: Aws, environment: Environment, name: str, value: float) -> None:
    """Sends one value of a metric of the endpoint."""
    aws.cloudwatch.put_metric_data(
        Namespace=environment.metric_namespace, MetricData=[{"MetricName": name, "Value": value}]
    )


def alarm_state(aws: Aws, environment: Environment) -> str:
    """State of the alarm of the verdict; raises DeploymentError if it does not exist."""
    name = environment.verdict_alarm
    found = aws.cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    if not found:
        raise DeploymentError(
            f"the alarm {name} must exist: only it rolls back an update. "
            "Next: deploy the stack, then deploy the version again"
        )
    return found[0]["StateValue"]


def fleet_metrics(aws: Aws, environment: Environment, config_name: str, since: datetime) -> Fleet:
    """Metrics of the instances of an endpoint config, from the minute of `since` on.

    https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
    """
    answer = aws.cloudwatch.get_metric_data(
        MetricDataQueries=[
            _query(environment, config_name, id_, *metric) for id_, metric in _QUERIES.items()
        ],
        StartTime=since.replace(second=0, microsecond=0),
        EndTime=datetime.now(timezone.utc) + timedelta(seconds=_PERIOD_SECONDS),
        ScanBy="TimestampAscending",
    )
    values = {it["Id"]: it["Values"] for it in answer["MetricDataResults"]}
    # The metric has microseconds.
    latency = [it / 1000 for it in values.get("latency", [])]
    return Fleet(values.get("requests", []), values.get("errors", []), latency)


def _query(
    environment: Environment, config_name: str, id_: str, name: str, statistic: str
) -> dict[str, Any]:
    dimensions = {
        "EndpointConfigName": config_name,
        "EndpointName": environment.endpoint_name,
        "VariantName": VARIANT,
    }
    metric = {
        "Namespace": "AWS/SageMaker",
        "MetricName": name,
        "Dimensions": [{"Name": it, "Value": value} for it, value in dimensions.items()],
    }
    return {
        "Id": id_,
        "MetricStat": {"Metric": metric, "Period": _PERIOD_SECONDS, "Stat": statistic},
    }
