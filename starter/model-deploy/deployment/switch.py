"""Creation or update of an endpoint, and the wait for its end."""

from __future__ import annotations

from typing import Any

from deployment.api import Aws, DeploymentError, change, say
from deployment.canary import Canary
from deployment.endpoint import CHANGING, Endpoint, describe, wait
from deployment.environment import Environment
from deployment.guardrails import traffic_shift
from deployment.plan import Plan
from deployment.stage_config import Shift

# Reads of a just updated endpoint may be of before the update.
_STALE_READS = 5


def create(aws: Aws, environment: Environment, plan: Plan) -> str:
    """Creates the endpoint; returns changed."""
    tags = [tag for tag in plan.model["Tags"] if tag["Key"] in environment.project_tags]
    change(
        f"CreateEndpoint {environment.endpoint_name}",
        lambda: aws.sagemaker.create_endpoint(**_request(environment, plan), Tags=tags),
        lambda: describe(aws, environment.endpoint_name) is not None,
    )
    return _end(_wait_for_end(aws, environment, plan, None, None), plan, None, None)


def update(
    aws: Aws,
    environment: Environment,
    shift: Shift | None,
    plan: Plan,
    before: Endpoint,
    canary: Canary | None,
) -> str:
    """Updates the endpoint; returns changed, or rolled back."""
    request = _request(environment, plan)
    if not plan.is_serverless:
        alarm = environment.verdict_alarm if canary else None
        request["DeploymentConfig"] = traffic_shift(shift, alarm)
    steps = f"{shift.kind}, {shift.percent} %, {shift.minutes} min" if shift else "all at once"
    say(f"Traffic shift: {'all at once' if plan.is_serverless else steps}")
    change(
        f"UpdateEndpoint {environment.endpoint_name}",
        lambda: aws.sagemaker.update_endpoint(**request),
        lambda: _has_begun(describe(aws, environment.endpoint_name), plan),
    )
    return _end(_wait_for_end(aws, environment, plan, before, canary), plan, before, canary)


def _request(environment: Environment, plan: Plan) -> dict[str, Any]:
    return {"EndpointName": environment.endpoint_name, "EndpointConfigName": plan.name}


def _has_begun(endpoint: Endpoint | None, plan: Plan) -> bool:
    configs = (endpoint.config_name, endpoint.pending_config_name) if endpoint else ()
    return plan.name in configs


def _has_moved(endpoint: Endpoint, before: Endpoint, plan: Plan) -> bool:
    return endpoint.config_name == plan.name or endpoint.modified > before.modified


def _wait_for_end(
    aws: Aws,
    environment: Environment,
    plan: Plan,
    before: Endpoint | None,
    canary: Canary | None,
) -> Endpoint | None:
    stale = 0

    def is_over(endpoint: Endpoint | None) -> bool:
        nonlocal stale
        if endpoint is not None:
            if endpoint.status in CHANGING:
                return False
            if before is None or endpoint.status != "InService":
                return True
            if _has_moved(endpoint, before, plan):
                return True
        stale += 1
        return stale > _STALE_READS

    return wait(aws, environment.endpoint_name, is_over, canary.watch if canary else None)


def _end(after: Endpoint | None, plan: Plan, before: Endpoint | None, canary: Canary | None) -> str:
    if after is None:
        raise DeploymentError("the endpoint was deleted during the deployment. Next: deploy again")
    if after.status == "InService" and after.config_name == plan.name:
        if canary and not canary.is_passed:
            reason = canary.reason or "inconclusive: the update ended before there was a verdict"
            raise DeploymentError(
                f"{plan.name} serves all traffic of {after.name} in spite of its canary: {reason}. "
                "Next: reject the version, which deploys the previous one again"
            )
        return "changed"
    if after.status == "InService" and before is not None:
        reason = (canary.reason if canary else "") or after.reason
        say(f"SageMaker rolled back {plan.name}: {reason}. {after.config_name} serves on.")
        return "rolled back"
    raise DeploymentError(
        f"the endpoint {after.name} is {after.status}: {after.reason}. Next: read the log group "
        f"/aws/sagemaker/Endpoints/{after.name}, then deploy again: a Failed endpoint is recreated"
    )
