"""Models and endpoint configurations of Amazon SageMaker."""

from typing import Any

import botocore.session
from moto.core.responses import ActionResult
from moto.sagemaker.exceptions import ValidationError
from moto.sagemaker.models import FakeEndpointConfig, SageMakerModelBackend
from moto.sagemaker.responses import SageMakerResponse

from .requests import keep, page

moto_create_model = SageMakerResponse.create_model
moto_create_endpoint_config = SageMakerResponse.create_endpoint_config

# Fields of the requests that moto drops.
MODEL_FIELDS = ("EnableNetworkIsolation", "InferenceExecutionConfig")
CONFIG_FIELDS = (
    "EnableNetworkIsolation",
    "ExecutionRoleArn",
    "ExplainerConfig",
    "ShadowProductionVariants",
    "VpcConfig",
)


def close() -> None:
    SageMakerResponse.create_model = create_model
    SageMakerResponse.create_endpoint_config = create_endpoint_config
    SageMakerResponse.list_models = list_models
    SageMakerResponse.list_endpoint_configs = list_endpoint_configs
    FakeEndpointConfig.validate_instance_type = validate_instance_type
    FakeEndpointConfig.validate_serverless_config = validate_serverless_config


def create_model(self: SageMakerResponse) -> ActionResult:
    # AWS rejects an existing name, and a version that is not approved; moto takes both.
    models = self.sagemaker_backend._models
    name = self._get_param("ModelName")
    if name in models:
        raise ValidationError(f'Cannot create already existing model "{models[name].arn}".')
    containers = [*(self._get_param("Containers") or []), self._get_param("PrimaryContainer") or {}]
    for container in containers:
        check_package(self.sagemaker_backend, container.get("ModelPackageName"))
    answer = moto_create_model(self)
    keep(self, models[name], MODEL_FIELDS)
    # AWS omits a VPC config that is not set; moto returns an empty one.
    models[name].vpc_config = models[name].vpc_config or None
    return answer


def check_package(backend: SageMakerModelBackend, named: str | None) -> None:
    # "For versioned models, the value of this parameter must be set to Approved to deploy the
    # model":
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackage.html
    if named is None:
        return
    package = backend.model_packages.get(backend.model_package_name_mapping.get(named, named))
    if package is None:
        raise ValidationError(f"ModelPackage {named} does not exist.")
    if package.model_package_status != "Completed":
        raise ValidationError(f"ModelPackage {named} is {package.model_package_status}.")
    if package.model_package_group_name and package.model_approval_status != "Approved":
        raise ValidationError(f"ModelPackage {named} is {package.model_approval_status}.")


def create_endpoint_config(self: SageMakerResponse) -> ActionResult:
    # AWS rejects an existing name; moto overwrites the configuration.
    configs = self.sagemaker_backend.endpoint_configs
    name = self._get_param("EndpointConfigName")
    if name in configs:
        arn = configs[name].endpoint_config_arn
        raise ValidationError(f'Cannot create already existing endpoint configuration "{arn}".')
    for variant in self._get_param("ProductionVariants"):
        check_serverless(self, variant)
    answer = moto_create_endpoint_config(self)
    config = configs[name]
    keep(self, config, CONFIG_FIELDS)
    # AWS gives a variant this weight, and no capture unless it is asked for; moto neither.
    for variant in config.production_variants:
        variant.setdefault("InitialVariantWeight", 1.0)
    config.data_capture_config = self._get_param("DataCaptureConfig")
    return answer


def check_serverless(response: SageMakerResponse, variant: dict[str, Any]) -> None:
    # Serverless endpoints support no VPC, no network isolation, no volume and no data capture:
    # https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html#serverless-endpoints-how-it-works-exclusions
    if "ServerlessConfig" not in variant:
        return
    model = response.sagemaker_backend.describe_model(variant["ModelName"])
    not_supported = {
        "DataCaptureConfig": response._get_param("DataCaptureConfig"),
        "KmsKeyId": response._get_param("KmsKeyId"),
        "VpcConfig": model.vpc_config or response._get_param("VpcConfig"),
        "EnableNetworkIsolation": model.enable_network_isolation
        or response._get_param("EnableNetworkIsolation"),
        "InstanceType": variant.get("InstanceType"),
        "InitialInstanceCount": variant.get("InitialInstanceCount"),
        "several ProductionVariants": len(response._get_param("ProductionVariants")) > 1,
    }
    for what, value in not_supported.items():
        if value:
            raise ValidationError(f"{what} is not supported for serverless endpoints.")


def validate_serverless_config(self: FakeEndpointConfig, config: dict[str, Any]) -> None:
    # AWS also limits the concurrency; moto takes any.
    sizes = range(1024, 6145, 1024)
    if config["MemorySizeInMB"] not in sizes:
        raise ValidationError(f"MemorySizeInMB must be one of {list(sizes)}, got {config}")
    if not 1 <= config["MaxConcurrency"] <= 200:
        raise ValidationError(f"MaxConcurrency must be between 1 and 200, got {config}")


def list_models(self: SageMakerResponse) -> ActionResult:
    models = self.sagemaker_backend._models.values()
    return listed(self, "Models", [one.response_object for one in models], "ModelName")


def list_endpoint_configs(self: SageMakerResponse) -> ActionResult:
    configs = self.sagemaker_backend.endpoint_configs.values()
    return listed(self, "EndpointConfigs", [one.summary() for one in configs], "EndpointConfigName")


def listed(
    response: SageMakerResponse, key: str, found: list[dict[str, Any]], name: str
) -> ActionResult:
    # AWS answers ten at once, the newest first; moto answers all models, and configurations in the
    # order of their creation.
    part = response._get_param("NameContains") or ""
    wanted = [one for one in found if part in one[name]]
    by = name if response._get_param("SortBy") == "Name" else "CreationTime"
    is_descending = response._get_param("SortOrder", "Descending") == "Descending"
    return page(response, key, sorted(wanted, key=lambda one: one[by], reverse=is_descending), 10)


def validate_instance_type(self: FakeEndpointConfig, instance_type: str) -> None:
    # AWS's own list; moto's is of 2020.
    model = botocore.session.get_session().get_service_model("sagemaker")
    known = model.shape_for("ProductionVariantInstanceType").enum
    if instance_type not in known:
        raise ValidationError(
            f"Value '{instance_type}' at 'instanceType' failed to satisfy constraint: "
            f"Member must satisfy enum value set: {known}"
        )
