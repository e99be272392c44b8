"""Builds of stage Queue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import account
import emulated
import executions
from account import Version
from build import Build
from endpoints import Endpoints
from scenarios import Scenario, deploy, new_version, staging

_TEXT = """\
Version 3 of churn (dev) is {decided}, and the deployment of version 2 is pending approval.
What: the deployments run one after the other, so that of version 3 waits until version 2 is \
approved or rejected, or its approval times out.
Next: read the test results of version 2 in the approval, then approve or reject it.
Link: https://console/pipeline"""


def _queue(variable: str, *, is_only: bool = False) -> Build:
    execution = executions.start_execution(variable, is_only=is_only)
    return Build("queue", executions.variables_of("queue", execution))


def _pending(version: int, *, is_rejected: bool = False) -> Callable[[Endpoints], Build]:
    """Version 2 is pending approval, and a version comes after it."""

    def prepare(_endpoints: Endpoints) -> Build:
        for number in (1, 2, 3):
            new_version(number)
        executions.wait_for_approval(executions.start_execution(Version(2).arn))
        if is_rejected:
            account.reject(Version(version))
        return _queue(Version(version).arn)

    return prepare


def _alone(_endpoints: Endpoints) -> Build:
    for number in (1, 2, 3):
        new_version(number)
    return _queue(Version(3).arn, is_only=True)


def _expire(_endpoints: Endpoints) -> Build:
    _deployed_and_due()
    return _queue("expire-staging", is_only=True)


def _expire_twice(_endpoints: Endpoints) -> Build:
    _deployed_and_due()
    executions.start_execution("expire-staging")
    return _queue("expire-staging")


def _expire_during_deployment(_endpoints: Endpoints) -> Build:
    _deployed_and_due()
    executions.start_execution(Version(1).arn)
    return _queue("expire-staging")


def _expire_nothing(_endpoints: Endpoints) -> Build:
    _deployed_and_due()
    del emulated.backend("sagemaker").endpoints[account.ENDPOINTS["staging"]]
    return _queue("expire-staging", is_only=True)


def _expire_without_schedule(_endpoints: Endpoints) -> Build:
    # As that of another program, which no deployment has accepted.
    _deployed_and_due()
    emulated.backend("scheduler").schedule_groups[account.SCHEDULE.split("/")[0]].schedules.clear()
    return _queue("expire-staging", is_only=True)


def _deployed_and_due() -> None:
    deploy(staging(new_version(1)))
    group, name = account.SCHEDULE.split("/")
    schedule = emulated.backend("scheduler").schedule_groups[group].schedules[name]
    schedule.schedule_expression = "at(2000-01-01T00:00:00)"


def _notified(*messages: str) -> Callable[[dict[str, Any]], str]:
    def problem(state: dict[str, Any]) -> str:
        got = state["notifications"]
        return "" if got == list(messages) else f"must notify {messages}, got {got}"

    return problem


def _expired(
    *, is_due: bool | None, last: tuple[str, ...] = ("Stopped",)
) -> Callable[[dict[str, Any]], str]:
    def problem(state: dict[str, Any]) -> str:
        schedule = state["schedules"].get("delete-endpoint", {}).get("is due")
        ends = tuple(state["executions"][-len(last) :])
        wanted, got = (is_due, last), (schedule, ends)
        return "" if got == wanted else f"due and last executions must be {wanted}, got {got}"

    return problem


SCENARIOS = [
    Scenario(
        "queue: a version waits for an approval",
        _pending(3),
        problem=_notified(_TEXT.format(decided="approved")),
    ),
    Scenario(
        "queue: a rejected version waits for an approval",
        _pending(3, is_rejected=True),
        problem=_notified(_TEXT.format(decided="rejected")),
    ),
    Scenario("queue: the same version waits", _pending(2), problem=_notified()),
    Scenario("queue: no version waits", _alone, problem=_notified()),
    Scenario("queue: staging is to be deleted", _expire, problem=_expired(is_due=False)),
    Scenario(
        "queue: staging is to be deleted, twice",
        _expire_twice,
        problem=_expired(is_due=False, last=("InProgress", "Stopped")),
    ),
    Scenario(
        "queue: another execution needs staging",
        _expire_during_deployment,
        problem=_expired(is_due=True, last=("InProgress", "Stopped")),
    ),
    Scenario("queue: staging does not exist", _expire_nothing, problem=_expired(is_due=None)),
    Scenario(
        "queue: staging has no schedule", _expire_without_schedule, problem=_expired(is_due=None)
    ),
]
