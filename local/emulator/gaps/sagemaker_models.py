"""SageMaker: models and endpoint configurations whose every field is kept, under names that are not taken."""

from typing import Any

import botocore.session
from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.sagemaker.exceptions import ValidationError
from moto.sagemaker.models import FakeEndpointConfig, SageMakerModelBackend
from moto.sagemaker.responses import SageMakerResponse

moto_create_model = SageMakerResponse.create_model
moto_create_endpoint_config = SageMakerResponse.create_endpoint_config

# What moto drops of the requests.
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
    FakeEndpointConfig.validate_instance_type = validate_instance_type


def create_model(self: SageMakerResponse) -> ActionResult:
    # AWS refuses a name that is taken and a version that may not be deployed; moto takes both.
    models = self.sagemaker_backend._models
    name = self._get_param("ModelName")
    if name in models:
        raise ValidationError(f'Cannot create already existing model "{models[name].arn}".')
    containers = [*(self._get_param("Containers") or []), self._get_param("PrimaryContainer") or {}]
    for container in containers:
        check_package(self.sagemaker_backend, container.get("ModelPackageName"))
    answer = moto_create_model(self)
    keep(self, models[name], MODEL_FIELDS)
    return answer


def check_package(backend: SageMakerModelBackend, named: str | None) -> None:
    # "For versioned models, the value of this parameter must be set to Approved to deploy the model":
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
    # AWS refuses a name that is taken; moto overwrites the configuration.
    configs = self.sagemaker_backend.endpoint_configs
    name = self._get_param("EndpointConfigName")
    if name in configs:
        arn = configs[name].endpoint_config_arn
        raise ValidationError(f'Cannot create already existing endpoint configuration "{arn}".')
    answer = moto_create_endpoint_config(self)
    config = configs[name]
    keep(self, config, CONFIG_FIELDS)
    # AWS gives a variant this weight, and no capture unless it is asked for; moto neither.
    for variant in config.production_variants:
        variant.setdefault("InitialVariantWeight", 1.0)
    config.data_capture_config = self._get_param("DataCaptureConfig")
    return answer


def validate_instance_type(self: FakeEndpointConfig, instance_type: str) -> None:
    # AWS's own list; moto's is of 2020.
    model = botocore.session.get_session().get_service_model("sagemaker")
    known = model.shape_for("ProductionVariantInstanceType").enum
    if instance_type not in known:
        raise ValidationError(
            f"Value '{instance_type}' at 'instanceType' failed to satisfy constraint: "
            f"Member must satisfy enum value set: {known}"
        )


def keep(response: SageMakerResponse, resource: Any, fields: tuple[str, ...]) -> None:
    for field in fields:
        value = response._get_param(field)
        if value is not None:
            setattr(resource, camelcase_to_underscores(field), value)
