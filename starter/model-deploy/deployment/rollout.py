"""Deploys a plan to the endpoint of one stage, from any state that AWS reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from deployment.api import Aws, change, say, tag_list, unless_missing
from deployment.canary import Canary
from deployment.cleanup import delete_superseded
from deployment.endpoint import (
    Endpoint,
    Version,
    delete_endpoint,
    served_version,
    wait_until_stable,
)
from deployment.environment import Environment
from deployment.life_cycle import PRODUCTION, record_served
from deployment.metrics import put_metric
from deployment.plan import Plan
from deployment.scaling import put_scaling, remove_scaling
from deployment.stage_config import StageConfig
from deployment.switch import create, update


@dataclass(frozen=True)
class Rollout:
    """What a deployment to one stage makes, from what the endpoint runs."""

    number: int
    # From the endpoint, the version that it serves, and its InitialInstanceCount.
    make_plan: Callable[[Endpoint | None, Version | None, int], Plan]
    # Of an update to an endpoint config; None without a canary. Changes nothing.
    make_canary: Callable[[str], Canary | None]


def roll_out(aws: Aws, environment: Environment, config: StageConfig, rollout: Rollout) -> str:
    """Deploys; returns changed, unchanged, or rolled back."""
    running = wait_until_stable(aws, environment)
    variant = _variant_of(aws, running)
    before = served_version(aws, environment, running)
    plan = rollout.make_plan(running, before, variant.get("InitialInstanceCount", 0))
    if running and ("ServerlessConfig" in variant) != plan.is_serverless:
        say("SageMaker cannot change an endpoint between instances and serverless: it is replaced")
        remove_scaling(aws, environment)
        delete_endpoint(aws, running.name)
        running = None
    is_update = running is not None and running.config_name != plan.name
    canary = rollout.make_canary(plan.name) if is_update and not plan.is_serverless else None
    # An endpoint serves on without its endpoint config, but SageMaker refuses to update it.
    _create_model_and_config(aws, environment, plan)
    end = "unchanged"
    if running is None:
        # Of an endpoint that was deleted.
        remove_scaling(aws, environment)
        end = create(aws, environment, plan)
    elif is_update:
        if canary:
            canary.prepare()
        if variant.get("InstanceType") not in (None, plan.instance_type):
            # SageMaker refuses another instance type for a scaled endpoint.
            remove_scaling(aws, environment)
        end = update(aws, environment, config.shift, plan, running, canary)
    put_scaling(aws, environment, None if plan.is_serverless else config.autoscaling)
    if end == "rolled back":
        return end
    put_metric(aws, environment, "ModelVersion", rollout.number)
    if environment.endpoint_name == environment.prod_endpoint_name:
        prefix = environment.versions_prefix
        record_served(aws, PRODUCTION, environment.endpoint_name, prefix, rollout.number)
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
