"""Deploys a plan to the endpoint of one stage, from any state that AWS reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from deployment.api import Aws, DeploymentError, change, say, tag_list, unless_missing
from deployment.cleanup import delete_superseded
from deployment.endpoint import (
    CHANGING,
    Endpoint,
    Version,
    delete_endpoint,
    describe,
    served_version,
    wait,
    wait_until_stable,
)
from deployment.environment import Environment
from deployment.guardrails import alarms, traffic_shift
from deployment.plan import Plan
from deployment.scaling import put_scaling, remove_scaling
from deployment.stage_config import StageConfig

# Reads of a just updated endpoint may be of before the update.
_STALE_READS = 5

MakePlan = Callable[[Endpoint | None, Version | None, int], Plan]


def roll_out(aws: Aws, environment: Environment, config: StageConfig, make_plan: MakePlan) -> str:
    """Deploys; returns changed, unchanged, or rolled back."""
    running = wait_until_stable(aws, environment)
    variant = _variant_of(aws, running)
    before = served_version(aws, environment, running)
    plan = make_plan(running, before, variant.get("InitialInstanceCount", 0))
    if running and ("ServerlessConfig" in variant) != plan.is_serverless:
        say("SageMaker cannot change an endpoint between instances and serverless: it is replaced")
        remove_scaling(aws, environment)
        delete_endpoint(aws, running.name)
        running = None
    # An endpoint serves on without its endpoint config, but SageMaker refuses to update it.
    _create_model_and_config(aws, environment, plan)
    if not plan.is_serverless:
        _put_alarms(aws, environment, config)
    end = "unchanged"
    if running is None or running.config_name != plan.name:
        if variant.get("InstanceType") not in (None, plan.instance_type):
            # SageMaker refuses another instance type for a scaled endpoint.
            remove_scaling(aws, environment)
        end = _switch(aws, environment, config, plan, running)
    put_scaling(aws, environment, None if plan.is_serverless else config.autoscaling)
    if end == "rolled back":
        return end
    # Last: without this tag, a later execution does not take the deployment for complete.
    aws.sagemaker.add_tags(
        ResourceArn=environment.config_arn(plan.name), Tags=tag_list({"Settings": plan.settings})
    )
    delete_superseded(aws, environment.endpoint_name, plan.name)
    return end


def _variant_of(aws: Aws, running: Endpoint | None) -> dict[str, Any]:
    """Production variant of the running endpoint config; empty if there is none."""
    found = running and unless_missing(
        aws.sagemaker.describe_endpoint_config, EndpointConfigName=running.config_name
    )
    return found["ProductionVariants"][0] if found else {}


def _create_model_and_config(aws: Aws, environment: Environment, plan: Plan) -> None:
    # What exists under the name must be of an earlier run, with the same image and archive.
    def is_same_model() -> bool:
        found = unless_missing(aws.sagemaker.describe_model, ModelName=plan.name)
        container, wanted = (it.get("PrimaryContainer", {}) for it in (found or {}, plan.model))
        keys = ("Image", "ModelDataUrl", "Environment")
        return found is not None and all(container.get(it) == wanted.get(it) for it in keys)

    def is_same_config() -> bool:
        found = unless_missing(aws.sagemaker.describe_endpoint_config, EndpointConfigName=plan.name)
        return found is not None and found["ProductionVariants"][0]["ModelName"] == plan.name

    sagemaker = aws.sagemaker
    change(
        f"CreateModel {plan.name}",
        lambda: sagemaker.create_model(**plan.model),
        is_same_model,
    )
    is_new = change(
        f"CreateEndpointConfig {plan.name}",
        lambda: sagemaker.create_endpoint_config(**plan.config),
        is_same_config,
    )
    if not is_new:
        # Of an earlier deployment of the version: its earlier versions have changed.
        sagemaker.add_tags(ResourceArn=environment.config_arn(plan.name), Tags=plan.config["Tags"])


def _put_alarms(aws: Aws, environment: Environment, config: StageConfig) -> None:
    for alarm in alarms(environment, config):
        aws.cloudwatch.put_metric_alarm(**alarm)
        say(f"PutMetricAlarm {alarm['AlarmName']}: done")


def _switch(
    aws: Aws, environment: Environment, config: StageConfig, plan: Plan, before: Endpoint | None
) -> str:
    """Creates or updates the endpoint, and waits for the end."""
    request = {"EndpointName": environment.endpoint_name, "EndpointConfigName": plan.name}
    if before is None:
        tags = [tag for tag in plan.model["Tags"] if tag["Key"] in environment.project_tags]
        change(
            f"CreateEndpoint {environment.endpoint_name}",
            lambda: aws.sagemaker.create_endpoint(**request, Tags=tags),
            lambda: describe(aws, environment.endpoint_name) is not None,
        )
    else:
        if not plan.is_serverless:
            request["DeploymentConfig"] = traffic_shift(environment, config.shift)
        shift = config.shift
        steps = f"{shift.kind}, {shift.percent} %, {shift.minutes} min" if shift else "all at once"
        say(f"Traffic shift: {'all at once' if plan.is_serverless else steps}")
        change(
            f"UpdateEndpoint {environment.endpoint_name}",
            lambda: aws.sagemaker.update_endpoint(**request),
            lambda: _has_begun(describe(aws, environment.endpoint_name), plan),
        )
    return _end(_wait_for_end(aws, environment, plan, before), plan, before)


def _has_begun(endpoint: Endpoint | None, plan: Plan) -> bool:
    configs = (endpoint.config_name, endpoint.pending_config_name) if endpoint else ()
    return plan.name in configs


def _has_moved(endpoint: Endpoint, before: Endpoint, plan: Plan) -> bool:
    return endpoint.config_name == plan.name or endpoint.modified > before.modified


def _wait_for_end(
    aws: Aws, environment: Environment, plan: Plan, before: Endpoint | None
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

    return wait(aws, environment.endpoint_name, is_over)


def _end(after: Endpoint | None, plan: Plan, before: Endpoint | None) -> str:
    if after is None:
        raise DeploymentError("the endpoint was deleted during the deployment. Next: deploy again")
    if after.status == "InService" and after.config_name == plan.name:
        return "changed"
    if after.status == "InService" and before is not None:
        say(
            f"SageMaker rolled back {plan.name} ({after.reason}): {after.config_name} serves on. "
            f"See the alarms {after.name}-errors and {after.name}-latency"
        )
        return "rolled back"
    raise DeploymentError(
        f"the endpoint {after.name} is {after.status}: {after.reason}. Next: read the log group "
        f"/aws/sagemaker/Endpoints/{after.name}, then deploy again: a Failed endpoint is recreated"
    )
