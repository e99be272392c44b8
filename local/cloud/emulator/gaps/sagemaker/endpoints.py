"""Endpoints of Amazon SageMaker, whose creations and updates take time."""

from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.sagemaker.exceptions import ValidationError
from moto.sagemaker.models import FakeEndpoint, FakeEndpointConfig, SageMakerModelBackend
from moto.sagemaker.responses import SageMakerResponse

from .. import cloudwatch

moto_create_endpoint = SageMakerResponse.create_endpoint
moto_delete_endpoint = SageMakerResponse.delete_endpoint

UNDER_WAY = ("Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting")


def close() -> None:
    SageMakerResponse.create_endpoint = create_endpoint
    SageMakerResponse.update_endpoint = update_endpoint
    SageMakerResponse.delete_endpoint = delete_endpoint


def create_endpoint(self: SageMakerResponse) -> ActionResult:
    # AWS rejects an existing name, and takes time; moto overwrites, and is InService at once.
    endpoints = self.sagemaker_backend.endpoints
    name = self._get_param("EndpointName")
    if name in endpoints:
        raise ValidationError(f'Cannot create already existing endpoint "{endpoints[name].arn}".')
    config = config_named(self.sagemaker_backend, self._get_param("EndpointConfigName"))
    check_deployment(self, config)
    # moto requires a data capture configuration, which is optional.
    captured = config.data_capture_config
    config.data_capture_config = captured or {}
    answer = moto_create_endpoint(self)
    config.data_capture_config = captured
    endpoint = endpoints[name]
    # No variant runs yet, and nothing is captured.
    endpoint.production_variants = endpoint.data_capture_config = None
    endpoint.stand_in = None
    begin(endpoint, "Creating", config, self._get_param("DeploymentConfig"))
    return answer


def update_endpoint(self: SageMakerResponse) -> ActionResult:
    # AWS shifts traffic to the new configuration; moto has no UpdateEndpoint.
    backend = self.sagemaker_backend
    endpoint = endpoint_named(backend, self._get_param("EndpointName"))
    config = config_named(backend, self._get_param("EndpointConfigName"))
    if endpoint.endpoint_status != "InService":
        # "DeleteEndpoint is the only operation that can be performed on a failed endpoint":
        # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
        kind = "in-progress" if endpoint.endpoint_status in UNDER_WAY else "failed"
        raise ValidationError(f'Cannot update {kind} endpoint "{endpoint.arn}".')
    # AWS cannot shift traffic from a configuration that is deleted.
    config_named(backend, endpoint.endpoint_config_name)
    check_kind(endpoint, config)
    check_deployment(self, config)
    kept = endpoint.last_deployment_config if self._get_param("RetainDeploymentConfig") else None
    # On AWS, an earlier update to the same configuration was minutes ago. In simulated time it can
    # have been in the same minute of the wall clock, to which a query rounds.
    region = cloudwatch_backends[backend.account_id][backend.region_name]
    cloudwatch.forget(region, "EndpointConfigName", config.endpoint_config_name)
    begin(endpoint, "Updating", config, self._get_param("DeploymentConfig") or kept)
    return ActionResult({"EndpointArn": endpoint.arn})


def delete_endpoint(self: SageMakerResponse) -> EmptyResult:
    # AWS deletes no endpoint during a change; moto does.
    endpoint = endpoint_named(self.sagemaker_backend, self._get_param("EndpointName"))
    if endpoint.endpoint_status in UNDER_WAY:
        raise ValidationError(f'Cannot update in-progress endpoint "{endpoint.arn}".')
    return moto_delete_endpoint(self)


def check_kind(endpoint: FakeEndpoint, config: FakeEndpointConfig) -> None:
    # AWS updates no endpoint with instances to a serverless one. From serverless to
    # instances it does so once; the emulator refuses both.
    # https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-update.html
    was_serverless = any("CurrentServerlessConfig" in one for one in endpoint.production_variants)
    if was_serverless != is_serverless(config):
        raise ValidationError(
            f"Cannot update endpoint {endpoint.endpoint_name} between instances and serverless."
        )


def is_serverless(config: FakeEndpointConfig) -> bool:
    return any("ServerlessConfig" in one for one in config.production_variants)


def check_deployment(response: SageMakerResponse, config: FakeEndpointConfig) -> None:
    # AWS checks how traffic shifts; moto takes any deployment:
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficRoutingConfig.html
    deployment = response._get_param("DeploymentConfig")
    if deployment and is_serverless(config):
        raise ValidationError("DeploymentConfig is not supported for serverless endpoints.")
    policy = (deployment or {}).get("BlueGreenUpdatePolicy")
    if policy is None:
        return
    limits = {
        "TerminationWaitInSeconds": (0, 3600),
        "MaximumExecutionTimeoutInSeconds": (600, 28800),
    }
    for name, (least, most) in limits.items():
        if not least <= policy.get(name, least) <= most:
            raise ValidationError(f"{name} must be between {least} and {most}, got {policy[name]}")
    check_routing(policy["TrafficRoutingConfiguration"], config)


SIZES = {"ALL_AT_ONCE": None, "CANARY": "CanarySize", "LINEAR": "LinearStepSize"}


def check_routing(routing: dict[str, Any], config: FakeEndpointConfig) -> None:
    wanted = SIZES[routing["Type"]]
    given = [name for name in SIZES.values() if name in routing]
    if given != [name for name in (wanted,) if name]:
        raise ValidationError(f"{routing['Type']} takes {wanted or 'no size'}, got {given}")
    if not 0 <= routing["WaitIntervalInSeconds"] <= 3600:
        raise ValidationError("WaitIntervalInSeconds must be between 0 and 3600")
    if wanted is None:
        return
    size = routing[wanted]
    smallest = min(one.get("InitialInstanceCount", 1) for one in config.production_variants)
    whole = 100 if size["Type"] == "CAPACITY_PERCENT" else smallest
    percent = 100 * size["Value"] / whole
    least = 10 if wanted == "LinearStepSize" else 0
    if not least <= percent <= 50:
        raise ValidationError(f"{wanted} must be {least}-50% of the capacity, got {size}")


def begin(
    endpoint: FakeEndpoint, status: str, config: FakeEndpointConfig, deployment: dict[str, Any]
) -> None:
    endpoint.endpoint_status = status
    endpoint.failure_reason = None
    endpoint.last_deployment_config = deployment
    endpoint.last_modified_time = utcnow()
    endpoint.pending_deployment_summary = {
        "EndpointConfigName": config.endpoint_config_name,
        "ProductionVariants": endpoint._process_production_variants(config.production_variants),
        "StartTime": endpoint.last_modified_time,
    }
    show_variant(endpoint, "Creating")


def show_variant(endpoint: FakeEndpoint, status: str) -> None:
    # AWS answers the status of each variant of a pending deployment; moto has none.
    shown = [{"Status": status, "StartTime": utcnow()}]
    for variant in endpoint.pending_deployment_summary["ProductionVariants"]:
        variant["VariantStatus"] = shown


def endpoint_named(backend: SageMakerModelBackend, name: str) -> FakeEndpoint:
    backend.describe_endpoint(name)
    return backend.endpoints[name]


def config_named(backend: SageMakerModelBackend, name: str) -> FakeEndpointConfig:
    backend.describe_endpoint_config(name)
    return backend.endpoint_configs[name]
