"""The steps' requests, all with the same role, image, code, key, network and tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sagemaker.core.helper.pipeline_variable import PipelineVariable
from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.functions import Join
from sagemaker.core.workflow.properties import Properties, PropertyFile
from sagemaker.mlops.workflow.steps import Step, StepTypeEnum

from pipelines.settings import Settings

VOLUME_GB = 10
LONGEST_RUN_SECONDS = 3600

Place = str | PipelineVariable


class RequestStep(Step):
    """A step given as the request that SageMaker will make, with nothing in between.

    The SDK's own trainer and model builder look things up in IAM, which a build may not do, and
    wrap the scripts in shell drivers.
    """

    def __init__(
        self,
        name: str,
        step_type: StepTypeEnum,
        request: dict[str, Any],
        property_files: Sequence[PropertyFile] = (),
    ) -> None:
        """Keeps the request as it is."""
        super().__init__(name, step_type=step_type)
        self.property_files = property_files
        self._request = request
        self._properties = Properties(step_name=name, step=self, shape_name=_RESPONSES[step_type])

    @property
    def arguments(self) -> dict[str, Any]:
        """The request."""
        return self._request

    @property
    def properties(self) -> Properties:
        """What the finished step answers, for other steps to refer to."""
        return self._properties

    def to_request(self) -> dict[str, Any]:
        """The step as it stands in the definition."""
        request = super().to_request()
        if self.property_files:
            request["PropertyFiles"] = [file.expr for file in self.property_files]
        return request


_RESPONSES = {
    StepTypeEnum.PROCESSING: "DescribeProcessingJobResponse",
    StepTypeEnum.TRAINING: "DescribeTrainingJobResponse",
    StepTypeEnum.REGISTER_MODEL: "DescribeModelPackageOutput",
}


@dataclass(frozen=True)
class Jobs:
    """Makes steps that stay inside the project: its bucket, its key, its role."""

    settings: Settings
    image: str
    code: str

    def processing(
        self,
        name: str,
        script: str,
        reads: Mapping[str, Place],
        writes: Sequence[str],
        property_files: Sequence[PropertyFile] = (),
    ) -> RequestStep:
        """Runs a script; `--<folder>` tells it where each folder is that it reads or writes."""
        inputs = {folder: f"/opt/ml/processing/input/{folder}" for folder in (*reads, "code")}
        outputs = {folder: f"/opt/ml/processing/output/{folder}" for folder in writes}
        arguments = {**inputs, **outputs}
        del arguments["code"]
        request = {
            "RoleArn": self.settings.role,
            "AppSpecification": {
                "ImageUri": self.image,
                "ContainerEntrypoint": ["python3", f"{inputs['code']}/{script}"],
                "ContainerArguments": [
                    word for folder, path in arguments.items() for word in (f"--{folder}", path)
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
                            "S3Uri": self._results(name, folder),
                            "LocalPath": path,
                            "S3UploadMode": "EndOfJob",
                        },
                    }
                    for folder, path in outputs.items()
                ],
            },
            "ProcessingResources": {
                "ClusterConfig": self._instances(self.settings.processing_instance_type)
            },
            "StoppingCondition": {"MaxRuntimeInSeconds": LONGEST_RUN_SECONDS},
            "NetworkConfig": self._network(),
            "Tags": self.settings.tags,
        }
        return RequestStep(name, StepTypeEnum.PROCESSING, request, property_files)

    def training(
        self, name: str, script: str, reads: Mapping[str, Place], hyperparameters: Mapping[str, str]
    ) -> RequestStep:
        """Runs a script on channels; whatever it leaves in the model folder becomes the model."""
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
                "S3OutputPath": self._results(name),
                "KmsKeyId": self.settings.bucket_kms_id,
            },
            "ResourceConfig": self._instances(self.settings.training_instance_type),
            "StoppingCondition": {"MaxRuntimeInSeconds": LONGEST_RUN_SECONDS},
            **self._network(),
            "Tags": self.settings.tags,
        }
        return RequestStep(name, StepTypeEnum.TRAINING, request)

    def registration(
        self, name: str, model: Place, report: Place, metadata: Mapping[str, Place]
    ) -> RequestStep:
        """Puts the model into the registry, as a version that waits for a person's approval."""
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
                        # train.py puts the handler next to the model.
                        "Environment": {
                            "SAGEMAKER_PROGRAM": "inference.py",
                            "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
                        },
                    }
                ],
                "SupportedContentTypes": ["text/csv"],
                "SupportedResponseMIMETypes": ["text/csv", "application/json"],
                "SupportedRealtimeInferenceInstanceTypes": ["ml.t2.medium", "ml.m5.large"],
                "SupportedTransformInstanceTypes": ["ml.m5.large"],
            },
            "CustomerMetadataProperties": dict(metadata),
        }
        return RequestStep(name, StepTypeEnum.REGISTER_MODEL, request)

    def output(self, step: RequestStep, folder: str) -> Properties:
        """S3 URI of what a processing step wrote to one of its folders."""
        return step.properties.ProcessingOutputConfig.Outputs[folder].S3Output.S3Uri

    def _results(self, *path: str) -> Join:
        bucket = f"s3://{self.settings.default_bucket}/{self.settings.pipeline_name}/executions"
        return Join("/", [bucket, ExecutionVariables.PIPELINE_EXECUTION_ID, *path])

    def _instances(self, instance_type: str) -> dict[str, Any]:
        return {
            "InstanceType": instance_type,
            "InstanceCount": 1,
            "VolumeSizeInGB": VOLUME_GB,
            "VolumeKmsKeyId": self.settings.bucket_kms_id,
        }

    def _network(self) -> dict[str, Any]:
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
