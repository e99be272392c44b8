"""moto 5.2.5 lacks, of Amazon CloudWatch:

- GetMetricData: the namespace of a metric with dimensions; dimensions in any order, and no others
- GetMetricData: percentiles (p90), and periods that start at full minutes
- PutMetricAlarm: INSUFFICIENT_DATA for a new alarm; an update keeps the state
- PutMetricData: error for namespaces of AWS services (AWS/...)

Not for upstream: `minute`, the length of a simulated minute, which the simulation of SageMaker
sets. A period of 60 seconds lasts that long; timestamps stay real. Only roles get the error of
PutMetricData, because the simulation writes metrics of AWS/SageMaker as the account.
"""

import math
from datetime import datetime, timezone
from typing import Any

from moto.cloudwatch.exceptions import InvalidParameterValue
from moto.cloudwatch.models import (
    Alarm,
    CloudWatchBackend,
    MetricDatum,
    MetricDatumBase,
    Statistics,
)

from . import callers

moto_get_metric_data = CloudWatchBackend.get_metric_data
moto_put_metric_alarm = CloudWatchBackend.put_metric_alarm
moto_put_metric_data = CloudWatchBackend.put_metric_data

# In milliseconds.
minute = 60_000.0


def close() -> None:
    CloudWatchBackend.get_metric_data = get_metric_data
    CloudWatchBackend.put_metric_alarm = put_metric_alarm
    CloudWatchBackend.put_metric_data = put_metric_data


def put_metric_alarm(self: CloudWatchBackend, **kwargs: Any) -> Alarm:
    # A new alarm has no data, and an updated one keeps its state; in moto, both are OK.
    known = self.alarms.get(kwargs["name"])
    alarm = moto_put_metric_alarm(self, **kwargs)
    if known is None:
        alarm.state_value = "INSUFFICIENT_DATA"
    else:
        alarm.state_value, alarm.state_reason = known.state_value, known.state_reason
        alarm.state_updated_timestamp = known.state_updated_timestamp
    return alarm


def put_metric_data(self: CloudWatchBackend, namespace: str, metric_data: Any) -> None:
    # "AWS/" is for services: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
    if namespace.startswith("AWS/") and callers.session() is not None:
        raise InvalidParameterValue("The value AWS/ for parameter Namespace is invalid.")
    moto_put_metric_data(self, namespace, metric_data)


def get_metric_data(
    self: CloudWatchBackend,
    queries: list[dict[str, Any]],
    start_time: datetime,
    end_time: datetime,
    scan_by: str = "TimestampAscending",
) -> list[dict[str, Any]]:
    # A metric has exactly the dimensions of the query, in any order, and periods start at full
    # minutes. moto ignores the namespace if there are dimensions, takes all metrics if there are
    # none, sorts dimensions by comparing a value with a name, and starts at the query's start.
    if start_time >= end_time or any("MetricStat" not in query for query in queries):
        return moto_get_metric_data(self, queries, start_time, end_time, scan_by)
    window = seconds_of(start_time), seconds_of(end_time)
    results = [result_of(self, query, *window) for query in queries]
    if scan_by == "TimestampDescending":
        for result in results:
            result["values"].reverse()
            result["timestamps"].reverse()
    shown = zip(results, queries, strict=True)
    return [one for one, query in shown if query.get("ReturnData", True)]


def forget(backend: CloudWatchBackend, name: str, value: str) -> None:
    """Deletes the metrics with this dimension."""
    backend.metric_data = [
        datum
        for datum in backend.metric_data
        if not any((one.name, one.value) == (name, value) for one in datum.dimensions)
    ]


def result_of(
    backend: CloudWatchBackend, query: dict[str, Any], start: float, end: float
) -> dict[str, Any]:
    metric, stat = query["MetricStat"]["Metric"], query["MetricStat"]["Stat"]
    length = int(query["MetricStat"]["Period"]) / 60 * minute / 1000
    buckets: dict[int, list[MetricDatumBase]] = {}
    for datum in backend.metric_data:
        at = seconds_of(datum.timestamp)
        if is_of(datum, metric) and math.floor(start / length) * length <= at < end:
            buckets.setdefault(math.floor(at / length), []).append(datum)
    times = sorted(buckets)
    return {
        "id": query["Id"],
        "label": query.get("Label") or metric["MetricName"],
        "values": [statistic(stat, buckets[one]) for one in times],
        "timestamps": [datetime.fromtimestamp(one * length, timezone.utc) for one in times],
        "status_code": "Complete",
    }


def is_of(datum: MetricDatumBase, metric: dict[str, Any]) -> bool:
    if (datum.namespace, datum.name) != (metric["Namespace"], metric["MetricName"]):
        return False
    wanted = {one["Name"]: one["Value"] for one in metric.get("Dimensions", [])}
    return {one.name: one.value for one in datum.dimensions} == wanted


def statistic(stat: str, data: list[MetricDatumBase]) -> float:
    if stat.startswith("p"):
        values = sorted(one.value for one in data if isinstance(one, MetricDatum))
        return values[max(math.ceil(len(values) * float(stat[1:]) / 100), 1) - 1]
    statistics = Statistics([stat], utc_now())
    statistics.metric_data = data
    return statistics.get_statistics_for_type(stat)


def utc_now() -> datetime:
    return datetime.now(timezone.utc)


def seconds_of(moment: datetime) -> float:
    # moto's own timestamps are in UTC without a time zone.
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
