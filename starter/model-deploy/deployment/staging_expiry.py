"""One-time schedule that deletes the staging endpoint when no deployment needs it.

EventBridge Scheduler deletes the schedule with it.
https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-delete.html
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

from deployment.api import Aws, change, say, unless_missing
from deployment.endpoint import describe
from deployment.environment import PipelineBuild

# An endpoint that changes cannot be deleted.
_RETRY = {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 24}


def has_staging(aws: Aws, environment: PipelineBuild) -> bool:
    """Whether the staging endpoint exists."""
    endpoint = describe(aws, environment.staging_endpoint_name)
    return endpoint is not None and endpoint.status != "Deleting"


def schedule_deletion(aws: Aws, environment: PipelineBuild, minutes: int) -> datetime | None:
    """Schedules the deletion of staging after these minutes and the hours of the settings.

    Only for an endpoint of the project, or none. Returns the time; None if the settings keep the
    endpoint.
    """
    if environment.staging_hours == 0:
        cancel_deletion(aws, environment)
        return None
    schedule, at = _schedule(environment, minutes)
    if unless_missing(aws.scheduler.update_schedule, **schedule) is None:
        _create(aws, schedule)
    _say(environment, at)
    return at


def renew_deletion(aws: Aws, environment: PipelineBuild) -> bool:
    """Renews the schedule of an existing endpoint; returns whether there is one.

    Creates none: the deployment of staging has checked that the endpoint is of the project.
    """
    if environment.staging_hours == 0:
        cancel_deletion(aws, environment)
        return False
    if not has_staging(aws, environment):
        return False
    schedule, at = _schedule(environment, 0)
    if unless_missing(aws.scheduler.update_schedule, **schedule) is None:
        return False
    _say(environment, at)
    return True


def cancel_deletion(aws: Aws, environment: PipelineBuild) -> None:
    """Deletes the schedule, if there is one."""
    group, name = environment.staging_schedule.split("/")
    if unless_missing(aws.scheduler.delete_schedule, GroupName=group, Name=name) is not None:
        say(f"DeleteSchedule {environment.staging_schedule}: done")


def text_of(at: datetime) -> str:
    """Time for people, by the minute."""
    return f"{at:%Y-%m-%d at %H:%M} UTC"


def _say(environment: PipelineBuild, at: datetime) -> None:
    say(f"Staging endpoint {environment.staging_endpoint_name}: to be deleted on {text_of(at)}")


def _create(aws: Aws, schedule: dict[str, Any]) -> None:
    place = {"GroupName": schedule["GroupName"], "Name": schedule["Name"]}

    def is_same() -> bool:
        found = unless_missing(aws.scheduler.get_schedule, **place) or {}
        return found.get("ScheduleExpression") == schedule["ScheduleExpression"]

    change(
        f"CreateSchedule {'/'.join(place.values())}",
        lambda: aws.scheduler.create_schedule(**schedule),
        is_same,
    )


def _schedule(environment: PipelineBuild, minutes: int) -> tuple[dict[str, Any], datetime]:
    """Request of the schedule, and its time."""
    group, name = environment.staging_schedule.split("/")
    wait = timedelta(minutes=minutes, hours=environment.staging_hours)
    at = datetime.now(timezone.utc).replace(microsecond=0) + wait
    request = {
        "ActionAfterCompletion": "DELETE",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "GroupName": group,
        "Name": name,
        "ScheduleExpression": f"at({at:%Y-%m-%dT%H:%M:%S})",
        "ScheduleExpressionTimezone": "UTC",
        "State": "ENABLED",
        "Target": {
            "Arn": f"arn:{environment.partition}:scheduler:::aws-sdk:sagemaker:deleteEndpoint",
            "DeadLetterConfig": {"Arn": environment.dlq_arn},
            "Input": json.dumps({"EndpointName": environment.staging_endpoint_name}),
            "RetryPolicy": _RETRY,
            "RoleArn": environment.staging_schedule_role_arn,
        },
    }
    return request, at
