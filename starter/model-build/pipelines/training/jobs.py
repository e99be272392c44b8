"""Steps of the pipeline: same role, image, code, KMS key, network and tags for every job."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sagemaker.core.helper.pipeline_variable import PipelineVariable
from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.functions import Join
from sagemaker.core.workflow.properties import Properties, PropertyFile
from sagemaker.mlops.workflow.steps import StepTypeEnum

from pipelines.settings import Settings
from pipelines.training.request_step import RequestStep

VOLUME_GB = 10
MAX_RUNTIME_SECONDS = 3600

# SageMaker's scikit-learn image installs the handler with pip before it serves, and endpoints have
# no network. With build isolation, pip 25.3 or newer would download setuptools, which the image
# already has. This variable is inverted: 0 turns the isolation off.
# https://github.com/aws/sagemaker-containers/blob/master/src/sagemaker_containers/_modules.py
# https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-no-build-isolation
SERVING_ENVIRONMENT = {
    "PIP_NO_BUILD_ISOLATION": "0",
    # train.py copies the handler into the model archive.
    "SAGEMAKER_PROGRAM": "inference.py",
    "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
}

Value = str | PipelineVariable


@dataclass(frozen=True)
class Jobs:
    """Creates steps that use only the bucket, the KMS key and the role of the project."""

    settings: Settings
    image: str
    code: str

    def processing(
        self,
        name: str,
        script: str,
        reads: Mapping[str, Value],
        writes: Sequence[str],
        property_files: Sequence[PropertyFile] = (),
        options: Mapping[str, Value] | None = None,
    ) -> RequestStep:
        """Processing step; the script gets each folder and each option as `--<name> VALUE`."""
        inputs = {folder: f"/opt/ml/processing/input/{folder}" for folder in (*reads, "code")}
        outputs = {folder: f"/opt/ml/processing/output/{folder}" for folder in writes}
        arguments = {**inputs, **outputs, **(options or {})}
        del arguments["code"]
        request = {
            "RoleArn": self.settings.role,
            "AppSpecification": {
                "ImageUri": self.image,
                "ContainerEntrypoint": ["python3", f"{inputs['code']}/{script}"],
                "ContainerArguments": [
                    argument
                    for name, value in arguments.items()
                    for argument in (f"--{name}", value)
                ],
            },
            "ProcessingInputs": [
                {
                    "InputName": folder,
                    "S3Input": {
                        "S3Uri": uri,
                        "LocalPath": inputs[folder],
                        "S3DataType": "S3Prefix",
                        "S3InputMode": "File",
                    },
                }
                for folder, uri in {**reads, "code": self.code}.items()
            ],
            "ProcessingOutputConfig": {
                "KmsKeyId": self.settings.bucket_kms_id,
                "Outputs": [
                    {
                        "OutputName": folder,
                        "S3Output": {
                            "S3Uri": self._results_uri(name, folder),
                            "LocalPath": path,
                            "S3UploadMode": "EndOfJob",
                        },
                    }
                    for folder, path in outputs.items()
                ],
            },
            "ProcessingResources": {
                "ClusterConfig": self._instance_config(self.settings.processing_instance_type)
            },
            "StoppingCondition": {"MaxRuntimeInSeconds": MAX_RUNTIME_SECONDS},
            "NetworkConfig": self._network_config(),
            "Tags": self.settings.tags,
        }
        return RequestStep(name, StepTypeEnum.PROCESSING, request, property_files)

    def training(
        self, name: str, script: str, reads: Mapping[str, Value], hyperparameters: Mapping[str, str]
    ) -> RequestStep:
        """Training step; `reads` are the channels, the content of the model folder is the model."""
        request = {
            "RoleArn": self.settings.role,
            "AlgorithmSpecification": {
                "TrainingImage": self.image,
                "TrainingInputMode": "File",
                "ContainerEntrypoint": ["python3", f"/opt/ml/input/data/code/{script}"],
            },
            "HyperParameters": dict(hyperparameters),
            "InputDataConfig": [
                {
                    "ChannelName": channel,
                    "DataSource": {
                        "S3DataSource": {
                            "S3DataType": "S3Prefix",
                            "S3Uri": uri,
                            "S3DataDistributionType": "FullyReplicated",
                        }
                    },
                }
                for channel, uri in {**reads, "code": self.code}.items()
            ],
            "OutputDataConfig": {
                "S3OutputPath": self._results_uri(name),
                "KmsKeyId": self.settings.bucket_kms_id,
            },
            "ResourceConfig": self._instance_config(self.settings.training_instance_type),
            "StoppingCondition": {"MaxRuntimeInSeconds": MAX_RUNTIME_SECONDS},
            **self._network_config(),
            "Tags": self.settings.tags,
        }
        return RequestStep(name, StepTypeEnum.TRAINING, request)

    def registration(
        self, name: str, model: Value, report: Value, metadata: Mapping[str, Value], card: Value
    ) -> RequestStep:
        """RegisterModel step; the new model version is pending manual approval."""
        request = {
            "ModelPackageGroupName": self.settings.model_package_group_name,
            "ModelApprovalStatus": "PendingManualApproval",
            "ModelMetrics": {
                "ModelQuality": {"Statistics": {"ContentType": "application/json", "S3Uri": report}}
            },
            "InferenceSpecification": {
                "Containers": [
                    {
                        "Image": self.image,
                        "ModelDataUrl": model,
                        "Environment": SERVING_ENVIRONMENT,
                    }
                ],
                "SupportedContentTypes": ["text/csv"],
                "SupportedResponseMIMETypes": ["text/csv", "application/json"],
            },
            "CustomerMetadataProperties": dict(metadata),
            # People review it with the version.
            "ModelCard": {"ModelCardContent": card, "ModelCardStatus": "PendingReview"},
        }
        return RequestStep(name, StepTypeEnum.REGISTER_MODEL, request)

    def output(self, step: RequestStep, folder: str) -> Properties:
        """S3 URI of an output folder of a processing step."""
        return step.properties.ProcessingOutputConfig.Outputs[folder].S3Output.S3Uri

    def _results_uri(self, *path: str) -> Join:
        bucket = f"s3://{self.settings.default_bucket}/{self.settings.pipeline_name}/executions"
        return Join("/", [bucket, ExecutionVariables.PIPELINE_EXECUTION_ID, *path])

    def _instance_config(self, instance_type: str) -> dict[str, Any]:
        config = {
            "InstanceType": instance_type,
            "InstanceCount": 1,
            "VolumeSizeInGB": VOLUME_GB,
        }
        if not has_local_storage(instance_type):
            config["VolumeKmsKeyId"] = self.settings.bucket_kms_id
        return config

    def _network_config(self) -> dict[str, Any]:
        network: dict[str, Any] = {
            "EnableNetworkIsolation": self.settings.enable_network_isolation,
            "EnableInterContainerTrafficEncryption": self.settings.encrypt_inter_container_traffic,
        }
        if self.settings.subnet_ids:
            network["VpcConfig"] = {
                "Subnets": self.settings.subnet_ids,
                "SecurityGroupIds": self.settings.security_group_ids,
            }
        return network


def has_local_storage(instance_type: str) -> bool:
    """Whether the disks are part of the host, which encrypts them: SageMaker refuses a key.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html
    """
    family = instance_type.split(".")[1]
    pattern = r"[a-z]+\d+[a-z]*d[a-z]*|(g[5-9]|p[4-9]|trn\d).*"
    return re.fullmatch(pattern, family) is not None
