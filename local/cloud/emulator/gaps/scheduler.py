"""moto 5.2.5 lacks, of Amazon EventBridge Scheduler:

- CreateSchedule: checks of name, expression, time window, target, retry policy, queue and role
- CreateSchedule: ResourceNotFoundException without the group; moto answers 500
- UpdateSchedule: the same checks; ActionAfterCompletion; defaults of omitted parameters
- CreateScheduleGroup: check of the name; ConflictException if the name exists
- DeleteScheduleGroup: ResourceNotFoundException; moto answers 500
- DeleteScheduleGroup: ValidationException for the default group

https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.iam.models import iam_backends
from moto.scheduler.exceptions import ValidationException
from moto.scheduler.models import EventBridgeSchedulerBackend, Schedule, ScheduleGroup

NAME = re.compile(r"[0-9a-zA-Z\-_.]{1,64}")
ONCE = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")
RECURRING = re.compile(r"(rate|cron)\(.+\)")
UNIVERSAL = re.compile(r"arn:aws[a-z-]*:scheduler:::aws-sdk:([a-z0-9]+):([a-z][A-Za-z0-9]*)")
ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/([\w+=,.@/-]+)")
QUEUE = re.compile(r"arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+")
# Prefixes of operations that only read: universal targets must not use them.
READING = (
    "batchGet",
    "describe",
    "get",
    "list",
    "poll",
    "query",
    "receive",
    "scan",
    "search",
    "select",
)
RETRIES = {"MaximumEventAgeInSeconds": (60, 86400), "MaximumRetryAttempts": (0, 185)}

moto_create_schedule = EventBridgeSchedulerBackend.create_schedule
moto_update_schedule = EventBridgeSchedulerBackend.update_schedule
moto_create_schedule_group = EventBridgeSchedulerBackend.create_schedule_group
moto_delete_schedule_group = EventBridgeSchedulerBackend.delete_schedule_group


def close() -> None:
    EventBridgeSchedulerBackend.create_schedule = create_schedule
    EventBridgeSchedulerBackend.update_schedule = update_schedule
    EventBridgeSchedulerBackend.create_schedule_group = create_schedule_group
    EventBridgeSchedulerBackend.delete_schedule_group = delete_schedule_group


def create_schedule(self: EventBridgeSchedulerBackend, **asked: Any) -> Schedule:
    # moto answers 500 if there is no such group.
    self.get_schedule_group(asked["group_name"])
    check(self, asked)
    return moto_create_schedule(self, **asked)


def update_schedule(self: EventBridgeSchedulerBackend, **asked: Any) -> Schedule:
    # AWS resets omitted parameters to their defaults; moto keeps ActionAfterCompletion, and sets
    # no state.
    from flask import request

    self.get_schedule(group_name=asked["group_name"], name=asked["name"])
    action = json.loads(request.get_data() or "{}").get("ActionAfterCompletion")
    check(self, asked | {"action_after_completion": action})
    schedule = moto_update_schedule(self, **asked)
    schedule.action_after_completion = action or "NONE"
    schedule.state = asked["state"] or "ENABLED"
    return schedule


def create_schedule_group(
    self: EventBridgeSchedulerBackend, name: str, tags: list[dict[str, str]] | None
) -> ScheduleGroup:
    # AWS rejects an existing name; moto replaces the group and its schedules.
    if NAME.fullmatch(name or "") is None:
        raise ValidationException("Name must satisfy regular expression pattern [0-9a-zA-Z-_.]+")
    if name in self.schedule_groups:
        raise JsonRESTError("ConflictException", f"Schedule group {name} already exists.")
    return moto_create_schedule_group(self, name, tags or [])


def delete_schedule_group(self: EventBridgeSchedulerBackend, name: str | None) -> None:
    # moto answers 500 if there is no such group.
    self.get_schedule_group(name)
    if name in (None, "default"):
        raise ValidationException("The default schedule group cannot be deleted.")
    moto_delete_schedule_group(self, name)


def check(backend: EventBridgeSchedulerBackend, asked: dict[str, Any]) -> None:
    for problem in problems_of(backend, asked):
        raise ValidationException(problem)


def problems_of(backend: EventBridgeSchedulerBackend, asked: dict[str, Any]) -> Iterator[str]:
    if NAME.fullmatch(asked["name"]) is None:
        yield "Name must satisfy regular expression pattern [0-9a-zA-Z-_.]+"
    yield from problems_of_time(asked)
    window = asked["flexible_time_window"] or {}
    if window.get("Mode") not in ("OFF", "FLEXIBLE"):
        yield "FlexibleTimeWindow.Mode must be OFF or FLEXIBLE"
    if asked["action_after_completion"] not in (None, "NONE", "DELETE"):
        yield "ActionAfterCompletion must be NONE or DELETE"
    yield from problems_of_target(backend, asked["target"] or {})


def problems_of_time(asked: dict[str, Any]) -> Iterator[str]:
    expression, zone = asked["schedule_expression"] or "", asked["schedule_expression_timezone"]
    once = ONCE.fullmatch(expression)
    if once is None:
        if RECURRING.fullmatch(expression) is None:
            yield f"Invalid Schedule Expression {expression}."
        return
    try:
        time = datetime.fromisoformat(once[1])
    except ValueError:
        yield f"Invalid Schedule Expression {expression}."
        return
    # Only UTC is checked here. AWS documents nothing about a time in the past: the emulator rejects
    # a schedule that never runs, so that no caller relies on it.
    if zone in (None, "UTC") and time.replace(tzinfo=timezone.utc) <= datetime.now(timezone.utc):
        yield f"Invalid Schedule Expression {expression}: the time has passed."


def problems_of_target(
    backend: EventBridgeSchedulerBackend, target: dict[str, Any]
) -> Iterator[str]:
    arn = target.get("Arn", "")
    universal = UNIVERSAL.fullmatch(arn)
    if ":aws-sdk:" in arn and (universal is None or universal[2].startswith(READING)):
        yield f"{arn} is not a valid or supported universal target."
    if universal is not None:
        try:
            json.loads(target.get("Input") or "")
        except ValueError:
            yield "Input of a universal target must be a well-formed JSON."
    queue = (target.get("DeadLetterConfig") or {}).get("Arn")
    if queue is not None and QUEUE.fullmatch(queue) is None:
        yield f"DeadLetterConfig.Arn must be the ARN of a standard queue, got {queue}"
    for name, (least, most) in RETRIES.items():
        if not least <= (target.get("RetryPolicy") or {}).get(name, most) <= most:
            yield f"RetryPolicy.{name} must be between {least} and {most}"
    yield from problems_of_role(backend, target.get("RoleArn", ""))


def problems_of_role(backend: EventBridgeSchedulerBackend, arn: str) -> Iterator[str]:
    # AWS tries the role before it takes the schedule.
    named = ROLE.fullmatch(arn)
    roles = iam_backends[backend.account_id][backend.partition].roles.values()
    role = next((one for one in roles if named is not None and one.arn == arn), None)
    trust = "" if role is None else json.dumps(role.assume_role_policy_document)
    if "scheduler.amazonaws.com" not in trust:
        yield (
            "The execution role you provide must allow AWS EventBridge Scheduler to assume "
            "the role."
        )
