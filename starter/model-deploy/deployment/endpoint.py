"""Waits for an endpoint, and brings it to a state that can be updated."""

from __future__ import annotations

import time
from collections.abc import Callable

from deployment.api import Aws, DeploymentError, change, say
from deployment.environment import Environment
from deployment.running import Running, running_on

CHANGING = {"Creating", "Deleting", "RollingBack", "SystemUpdating", "Updating"}
# Short at first, so that fast changes end soon.
POLL_SECONDS = [1, 2, 4, 8, 15]


def settled(aws: Aws, environment: Environment) -> Running | None:
    """The endpoint when no change is in progress; None if there is none.

    Raises DeploymentError if it is not of this project, or cannot be updated.
    """
    name = environment.endpoint_name
    running = running_on(aws, name)
    if running is None:
        return None
    _must_be_own(running, environment)
    running = wait(aws, name, lambda it: it is None or it.status not in CHANGING)
    if running is None or running.status == "InService":
        return running
    if running.status != "Failed":
        raise DeploymentError(
            f"the endpoint {name} must be InService, is {running.status}: {running.reason}. "
            "Next: delete the endpoint, then deploy again"
        )
    say(f"{name} is Failed ({running.reason}): it is deleted and created again")
    delete_endpoint(aws, name)
    return None


def delete_endpoint(aws: Aws, name: str) -> None:
    """Deletes an endpoint, and waits until it is gone."""
    change(
        f"DeleteEndpoint {name}",
        lambda: aws.sagemaker.delete_endpoint(EndpointName=name),
        lambda: _is_deleting(running_on(aws, name)),
    )
    wait(aws, name, lambda it: it is None)


def wait(aws: Aws, name: str, is_over: Callable[[Running | None], bool]) -> Running | None:
    """Describes the endpoint until the change is over, and logs its status."""
    began, polls, logged = time.monotonic(), 0, ""
    while True:
        running = running_on(aws, name)
        status = running.status if running else "deleted"
        if is_over(running):
            if logged:
                say(f"{name}: {status}")
            return running
        say(f"{name}: {status} ({time.monotonic() - began:.0f} s)")
        logged = status
        time.sleep(POLL_SECONDS[min(polls, len(POLL_SECONDS) - 1)])
        polls += 1


def _is_deleting(running: Running | None) -> bool:
    return running is None or running.status == "Deleting"


def _must_be_own(running: Running, environment: Environment) -> None:
    expected = environment.project_tags
    got = {key: value for key, value in running.tags.items() if key in expected}
    if got == expected:
        return
    tags = ", ".join(f"{key}={value}" for key, value in expected.items())
    raise DeploymentError(
        f"the endpoint {running.name} must have the tags {tags}, got {got or 'none'}: it was not "
        "deployed by this project and is left unchanged. Next: delete it, or give the project "
        "another name"
    )
