"""Autoscaling of an endpoint."""

from __future__ import annotations

from deployment.api import Aws, change, say
from deployment.environment import Environment
from deployment.plan import VARIANT


def _target(environment: Environment) -> dict[str, str]:
    return {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{environment.endpoint_name}/variant/{VARIANT}",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }


def is_scaled(aws: Aws, environment: Environment) -> bool:
    """Whether the endpoint is registered for autoscaling."""
    target = _target(environment)
    resource = target.pop("ResourceId")
    answer = aws.scaling.describe_scalable_targets(ResourceIds=[resource], **target)
    return bool(answer["ScalableTargets"])


def remove_scaling(aws: Aws, environment: Environment) -> None:
    """Deregisters the endpoint, which deletes its scaling policies."""
    if not is_scaled(aws, environment):
        return
    change(
        f"DeregisterScalableTarget {environment.endpoint_name}",
        lambda: aws.scaling.deregister_scalable_target(**_target(environment)),
        lambda: not is_scaled(aws, environment),
    )


def put_scaling(aws: Aws, environment: Environment, scaling: dict[str, int] | None) -> None:
    """Registers the endpoint with these limits; without limits, deregisters it."""
    if scaling is None:
        remove_scaling(aws, environment)
        return
    target = _target(environment)
    aws.scaling.register_scalable_target(
        MinCapacity=scaling["minimum"], MaxCapacity=scaling["maximum"], **target
    )
    aws.scaling.put_scaling_policy(
        PolicyName=f"{environment.endpoint_name}-invocations",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": scaling["invocations_per_instance"],
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
            },
            # New instances at once; a removed one takes minutes to come back.
            "ScaleInCooldown": 300,
            "ScaleOutCooldown": 60,
        },
        **target,
    )
    limits = f"{scaling['minimum']} to {scaling['maximum']} instances"
    say(f"Autoscaling {environment.endpoint_name}: {limits}")
