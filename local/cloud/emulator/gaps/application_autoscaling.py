"""moto 5.2.5 lacks, of Application Auto Scaling:

- ListTagsForResource
- TagResource
- UntagResource
- RegisterScalableTarget: checks of the SageMaker variant and of MinCapacity and MaxCapacity; Tags
- DeregisterScalableTarget: deletes the scaling policies; ObjectNotFoundException
- PutScalingPolicy: ObjectNotFoundException without a target; keeps ARN and creation time on update
- PutScalingPolicy: alarms of a target tracking policy of a SageMaker variant
- DeleteScalingPolicy: ObjectNotFoundException
"""

import json
from typing import Any

from moto.applicationautoscaling.exceptions import AWSValidationException
from moto.applicationautoscaling.models import (
    ApplicationAutoscalingBackend,
    FakeApplicationAutoscalingPolicy,
    FakeScalableTarget,
)
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.exceptions import JsonRESTError
from moto.moto_api._internal import mock_random
from moto.sagemaker.models import sagemaker_backends

moto_register_scalable_target = ApplicationAutoScalingResponse.register_scalable_target
moto_deregister_scalable_target = ApplicationAutoscalingBackend.deregister_scalable_target
moto_put_scaling_policy = ApplicationAutoscalingBackend.put_scaling_policy
moto_delete_scaling_policy = ApplicationAutoscalingBackend.delete_scaling_policy
moto_create_alarms = FakeApplicationAutoscalingPolicy.create_alarms


def close() -> None:
    ApplicationAutoScalingResponse.register_scalable_target = register_scalable_target
    ApplicationAutoscalingBackend.deregister_scalable_target = deregister_scalable_target
    ApplicationAutoscalingBackend.put_scaling_policy = put_scaling_policy
    ApplicationAutoscalingBackend.delete_scaling_policy = delete_scaling_policy
    FakeApplicationAutoscalingPolicy.create_alarms = create_alarms
    ApplicationAutoScalingResponse.list_tags_for_resource = list_tags_for_resource
    ApplicationAutoScalingResponse.tag_resource = tag_resource
    ApplicationAutoScalingResponse.untag_resource = untag_resource


def register_scalable_target(self: ApplicationAutoScalingResponse) -> str:
    # AWS checks the resource and the limits, and stores the tags; moto does not.
    backend = self.applicationautoscaling_backend
    dimension, resource = self._get_param("ScalableDimension"), self._get_param("ResourceId")
    if self._get_param("ServiceNamespace") == "sagemaker":
        check_variant(backend, resource)
    known = backend.targets.get(dimension, {}).get(resource)
    if known is not None and self._get_param("Tags"):
        raise AWSValidationException("Tags can only be given to a new scalable target.")
    least = limit(self, "MinCapacity", known and known.min_capacity)
    most = limit(self, "MaxCapacity", known and known.max_capacity)
    if least > most:
        raise AWSValidationException("MinCapacity must be less than or equal to MaxCapacity.")
    answer = moto_register_scalable_target(self)
    if known is None:
        backend.targets[dimension][resource].tags = dict(self._get_param("Tags") or {})
    return answer


def limit(response: ApplicationAutoScalingResponse, name: str, known: int | None) -> int:
    given = response._get_int_param(name)
    value = known if given is None else given
    if value is None:
        raise AWSValidationException(f"{name} is required for a new scalable target.")
    return value


def check_variant(backend: ApplicationAutoscalingBackend, resource: str) -> None:
    parts = resource.split("/")
    endpoints = sagemaker_backends[backend.account_id][backend.region_name].endpoints
    endpoint = endpoints.get(parts[1]) if len(parts) == 4 else None
    variants = [one["VariantName"] for one in (endpoint and endpoint.production_variants) or []]
    if not variants or parts[3] not in variants:
        raise AWSValidationException(f"SageMaker endpoint variant not found: {resource}")


def deregister_scalable_target(
    self: ApplicationAutoscalingBackend, namespace: str, r_id: str, dimension: str
) -> None:
    # AWS deletes the target's policies too, and answers ObjectNotFound; moto does neither.
    target_of(self, namespace, r_id, dimension)
    for policy in list(self.policies.values()):
        if (policy.resource_id, policy.scalable_dimension) == (r_id, dimension):
            delete_scaling_policy(self, policy.policy_name, namespace, r_id, dimension)
    moto_deregister_scalable_target(self, namespace, r_id, dimension)


def put_scaling_policy(
    self: ApplicationAutoscalingBackend, **kwargs: Any
) -> FakeApplicationAutoscalingPolicy:
    # AWS requires a registered target, and updates a policy; moto replaces the policy.
    where = (kwargs["service_namespace"], kwargs["resource_id"], kwargs["scalable_dimension"])
    target_of(self, *where)
    known = self.policies.get(
        FakeApplicationAutoscalingPolicy.formulate_key(*where, kwargs["policy_name"])
    )
    policy = moto_put_scaling_policy(self, **kwargs)
    if known is not None:
        known.delete_alarms(self.account_id, self.region_name)
        policy.policy_arn, policy.creation_time = known.policy_arn, known.creation_time
    return policy


def delete_scaling_policy(
    self: ApplicationAutoscalingBackend,
    policy_name: str,
    service_namespace: str,
    resource_id: str,
    scalable_dimension: str,
) -> None:
    # AWS answers ObjectNotFoundException; moto ValidationException.
    try:
        moto_delete_scaling_policy(
            self, policy_name, service_namespace, resource_id, scalable_dimension
        )
    except AWSValidationException as error:
        raise JsonRESTError("ObjectNotFoundException", error.message) from error


def target_of(
    backend: ApplicationAutoscalingBackend, namespace: str, resource: str, dimension: str
) -> FakeScalableTarget:
    target = backend.targets.get(dimension, {}).get(resource)
    if target is None:
        raise JsonRESTError(
            "ObjectNotFoundException",
            f"No scalable target found for service namespace: {namespace}, "
            f"resource ID: {resource}, scalable dimension: {dimension}",
        )
    return target


def create_alarms(self: FakeApplicationAutoscalingPolicy) -> None:
    # AWS creates two alarms for target tracking of a SageMaker variant; moto none.
    moto_create_alarms(self)
    if self.service_namespace != "sagemaker" or self.policy_type != "TargetTrackingScaling":
        return
    _, endpoint, _, variant = self.resource_id.split("/")
    cloudwatch = cloudwatch_backends[self.account_id][self.region_name]
    directions = (("High", "GreaterThanThreshold", 3), ("Low", "LessThanThreshold", 15))
    description = f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {self.policy_arn}"
    for end, comparison, periods in directions:
        alarm = cloudwatch.put_metric_alarm(
            name=f"TargetTracking-{self.resource_id}-Alarm{end}-{mock_random.uuid4()}",
            namespace="AWS/SageMaker",
            metric_name="InvocationsPerInstance",
            metric_data_queries=[],
            comparison_operator=comparison,
            evaluation_periods=periods,
            period=60,
            threshold=float(self._policy_body["TargetValue"]),
            statistic="Sum",
            description=description,
            dimensions=[
                {"Name": "EndpointName", "Value": endpoint},
                {"Name": "VariantName", "Value": variant},
            ],
            alarm_actions=[self.policy_arn],
        )
        self.alarms.append(alarm)


def list_tags_for_resource(self: ApplicationAutoScalingResponse) -> str:
    # AWS tags scalable targets; moto has none of the three operations for tags.
    return json.dumps({"Tags": tags_of(self)})


def tag_resource(self: ApplicationAutoScalingResponse) -> str:
    tags_of(self).update(self._get_param("Tags"))
    return "{}"


def untag_resource(self: ApplicationAutoScalingResponse) -> str:
    tags = tags_of(self)
    for key in self._get_param("TagKeys"):
        tags.pop(key, None)
    return "{}"


def tags_of(response: ApplicationAutoScalingResponse) -> dict[str, str]:
    arn = response._get_param("ResourceARN")
    for targets in response.applicationautoscaling_backend.targets.values():
        for target in targets.values():
            if target.arn == arn:
                return target.tags
    raise JsonRESTError("ResourceNotFoundException", f"Resource not found: {arn}")
