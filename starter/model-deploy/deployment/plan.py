"""Model and endpoint config of one deployment."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from typing import Any

from deployment.api import tag_list
from deployment.endpoint import Endpoint, Version
from deployment.environment import Environment
from deployment.handover import Served
from deployment.stage_config import StageConfig

VARIANT = "AllTraffic"
# A tag has 256 characters.
_MAX_EARLIER = 20


@dataclass(frozen=True)
class Plan:
    """Requests of one deployment. Model and endpoint config have the same name."""

    name: str
    settings: str
    is_serverless: bool
    instance_type: str | None
    model: dict[str, Any]
    config: dict[str, Any]


def settings_hash(stage: str, config: StageConfig, environment: Environment, endpoint: str) -> str:
    """Hash of all that shapes an endpoint, except for the model version; no thresholds."""
    shape = {name: value for name, value in asdict(config).items() if name != "test"}
    return _hash(
        {
            "bucket": environment.artifact_bucket,
            "config": shape,
            "endpoint": endpoint,
            "key": environment.key_arn,
            "serverless": environment.is_serverless(stage),
            "vpc": environment.vpc_config,
        }
    )


def plan_for(
    stage: str,
    config: StageConfig,
    environment: Environment,
    version: tuple[str, int],
    served: Served,
    running: Endpoint | None,
    before: Version | None,
    initial_instances: int,
) -> Plan:
    """Plan of one version, from the endpoint, its version and its InitialInstanceCount."""
    settings = settings_hash(stage, config, environment, environment.endpoint_name)
    served_version = Version(*version, _earlier(version[1], before), settings)
    serverless = environment.is_serverless(stage)

    def plan(instances: int) -> Plan:
        model = _model(environment, served, serverless)
        variant = _variant(config, instances, serverless)
        shape = _config(environment, config, serverless)
        return _plan(environment, served_version, model, variant, shape)

    # An update must keep the instances that the autoscaling added. Scaling alone must not create a
    # new endpoint config.
    scaling = config.autoscaling
    if scaling and running:
        current = plan(initial_instances)
        if current.name == running.config_name:
            return current
        scaled = min(scaling["maximum"], running.instances)
        return plan(max(config.instance_count, scaled))
    return plan(config.instance_count)


def _plan(
    environment: Environment,
    version: Version,
    model: dict[str, Any],
    variant: dict[str, Any],
    shape: dict[str, Any],
) -> Plan:
    arn = version.model_package_arn
    hashed = _hash({"arn": arn, "config": shape, "model": model, "variant": variant})
    name = f"{environment.endpoint_name}-{version.number}-{hashed}"
    tags = tag_list({**environment.project_tags, **version.tags()})
    return Plan(
        name,
        version.settings,
        "ServerlessConfig" in variant,
        variant.get("InstanceType"),
        {"ModelName": name, **model, "Tags": tags},
        {
            "EndpointConfigName": name,
            **shape,
            "ProductionVariants": [{**variant, "ModelName": name}],
            "Tags": tags,
        },
    )


def _earlier(number: int, before: Version | None) -> list[int]:
    """Versions that the endpoint served before, newest first, each once."""
    if before is None:
        return []
    versions = dict.fromkeys([before.number, *before.earlier_versions])
    return [it for it in versions if it != number][:_MAX_EARLIER]


def _model(environment: Environment, served: Served, serverless: bool) -> dict[str, Any]:
    vpc = environment.vpc_config
    container = {"Image": served.image, "ModelDataUrl": served.archive.uri}
    if served.environment:
        container["Environment"] = served.environment
    return {
        # AWS does not support isolation of serverless endpoints.
        "EnableNetworkIsolation": not serverless,
        "ExecutionRoleArn": environment.role_arn,
        "PrimaryContainer": container,
        **({"VpcConfig": vpc} if vpc else {}),
    }


def _variant(config: StageConfig, instances: int, serverless: bool) -> dict[str, Any]:
    variant: dict[str, Any] = {"VariantName": VARIANT, "InitialVariantWeight": 1}
    if serverless:
        memory, concurrency = config.serverless["memory"], config.serverless["concurrency"]
        size = {"MemorySizeInMB": memory * 1024, "MaxConcurrency": concurrency}
        return {**variant, "ServerlessConfig": size}
    return {**variant, "InstanceType": config.instance_type, "InitialInstanceCount": instances}


def _config(environment: Environment, config: StageConfig, serverless: bool) -> dict[str, Any]:
    if serverless:
        return {}
    request: dict[str, Any] = {}
    if not _has_local_storage(config.instance_type):
        request["KmsKeyId"] = environment.key_arn
    if config.sampling_percentage is not None:
        folder = f"{environment.model_package_group}/captured/{environment.endpoint_name}"
        request["DataCaptureConfig"] = {
            "EnableCapture": True,
            "InitialSamplingPercentage": config.sampling_percentage,
            "DestinationS3Uri": f"s3://{environment.artifact_bucket}/{folder}",
            "KmsKeyId": environment.key_arn,
            "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
            # Other content types are captured as base64.
            "CaptureContentTypeHeader": {
                "CsvContentTypes": ["text/csv"],
                "JsonContentTypes": ["application/json"],
            },
        }
    return request


def _has_local_storage(instance_type: str) -> bool:
    """Whether the disks are part of the host, which encrypts them: SageMaker refuses a key.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
    """
    family = instance_type.split(".")[1]
    pattern = r"[a-z]+\d+[a-z]*d[a-z]*|(dl1|g[5-9]|gr\d|i\d|p[4-9]|trn\d).*"
    return re.fullmatch(pattern, family) is not None


def _hash(value: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:8]
