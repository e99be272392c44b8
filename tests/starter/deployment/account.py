"""What the stack and the model build have created in the account before a deployment."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import emulated
from pipeline import declaration
from samples import sample_files

STEM = "mlops-churn--dev"
BUCKET = f"{STEM}--1a2b3c4d"
GROUP = f"{STEM}--models"
PIPELINE = f"{STEM}--modeldeploy"
ENDPOINTS = {"staging": f"{STEM}--staging", "prod": f"{STEM}--prod"}
KEY = f"arn:aws:kms:{emulated.REGION}:{emulated.ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
IMAGE = f"{emulated.ACCOUNT}.dkr.ecr.{emulated.REGION}.amazonaws.com/churn:1"
DIGEST = f"sha256:{'ab' * 32}"
PROJECT_TAGS = {"sagemaker:project-id": "dev", "sagemaker:project-name": "churn"}
SCHEDULE = f"{STEM}--staging/delete-endpoint"
TOPIC = f"arn:aws:sns:{emulated.REGION}:{emulated.ACCOUNT}:{STEM}--notifications"
ROLE_PREFIX = f"arn:aws:iam::{emulated.ACCOUNT}:role/{STEM}--"


def client(service: str) -> Any:
    """A client of this process, apart from those of the driver."""
    import boto3

    return boto3.client(service)


def create() -> None:
    """Bucket, model package group and pipeline."""
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    client("sagemaker").create_model_package_group(ModelPackageGroupName=GROUP)
    client("scheduler").create_schedule_group(Name=SCHEDULE.split("/")[0])
    client("sns").create_topic(Name=TOPIC.split(":")[-1])
    for endpoint in ENDPOINTS.values():
        client("cloudwatch").put_metric_alarm(
            AlarmName=f"{endpoint}-canary-verdict",
            MetricName="CanaryVerdict",
            Namespace=f"ModelDeploy/{endpoint}",
            Statistic="Maximum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=0,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="breaching",
        )
    _create_role("expire-staging-use1", "scheduler")
    role_arn = _create_role("pipeline", "codepipeline")
    client("codepipeline").create_pipeline(pipeline=declaration(PIPELINE, BUCKET, role_arn))
    end_executions()


def _create_role(name: str, service: str) -> str:
    """Role that a service may assume; returns its ARN."""
    principal = {"Service": f"{service}.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [statement]}
    role = client("iam").create_role(
        RoleName=f"{STEM}--{name}", AssumeRolePolicyDocument=json.dumps(trust)
    )
    return role["Role"]["Arn"]


@dataclass
class Version:
    """A model version to register. The defaults are those of the starter's training."""

    number: int
    content: bytes = b""
    # Members of the container, over those of the starter; None removes one.
    container: dict[str, Any] = field(default_factory=dict)
    containers: list[dict[str, Any]] | None = None
    has_sample: bool = True

    @property
    def job(self) -> str:
        """Name of the training job."""
        return f"pipelines-execution{self.number}-Train-a1b2c3d4e5"

    @property
    def folder(self) -> str:
        """Folder of the execution's results."""
        return f"{STEM}--training/executions/execution{self.number}"

    @property
    def archive_key(self) -> str:
        """Where SageMaker uploads the archive of the training job."""
        return f"{self.folder}/Train/{self.job}/output/model.tar.gz"

    @property
    def archive(self) -> str:
        """S3 URI of the archive."""
        return f"s3://{BUCKET}/{self.archive_key}"

    @property
    def sample(self) -> str:
        """S3 URI of the sample set."""
        return f"s3://{BUCKET}/{self.folder}/sample"

    @property
    def arn(self) -> str:
        """ARN of the version."""
        place = f"{emulated.REGION}:{emulated.ACCOUNT}"
        return f"arn:aws:sagemaker:{place}:model-package/{GROUP}/{self.number}"


def train(version: Version) -> None:
    """Training job, archive and evaluation report of a version."""
    s3 = client("s3")
    s3.put_object(Bucket=BUCKET, Key=version.archive_key, Body=version.content or _content(version))
    report = {"binary_classification_metrics": {"accuracy": {"value": 0.9 + version.number / 100}}}
    s3.put_object(Bucket=BUCKET, Key=_report(version), Body=json.dumps(report))
    for name, text in sample_files(version.number).items():
        s3.put_object(Bucket=BUCKET, Key=f"{version.folder}/sample/{name}", Body=text)
    create_training_job(version)


def create_training_job(version: Version) -> None:
    """The job whose output is the archive."""
    client("sagemaker").create_training_job(
        TrainingJobName=version.job,
        AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        OutputDataConfig={"S3OutputPath": f"s3://{BUCKET}/{version.folder}/Train"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        RoleArn=f"{ROLE_PREFIX}execution",
        StoppingCondition={"MaxRuntimeInSeconds": 60},
    )
    # The emulator's gap leaves the job in progress until it is simulated.
    from moto.sagemaker.models import sagemaker_backends

    job = sagemaker_backends[emulated.ACCOUNT][emulated.REGION].training_jobs[version.job]
    job.training_job_status = "Completed"


def register(version: Version) -> None:
    """Registers a version and approves it."""
    sagemaker = client("sagemaker")
    default = {
        "Image": IMAGE,
        "ImageDigest": DIGEST,
        "ModelDataUrl": version.archive,
        "Environment": {"SAGEMAKER_PROGRAM": "inference.py"},
    }
    container = {name: value for name, value in {**default, **version.container}.items() if value}
    sagemaker.create_model_package(
        ModelPackageGroupName=GROUP,
        ModelApprovalStatus="Approved",
        InferenceSpecification={
            "Containers": [container] if version.containers is None else version.containers,
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
        ModelMetrics={
            "ModelQuality": {
                "Statistics": {
                    "ContentType": "application/json",
                    "S3Uri": f"s3://{BUCKET}/{_report(version)}",
                }
            }
        },
        CustomerMetadataProperties={
            "GitCommit": "a" * 40,
            **({"SampleLocation": version.sample} if version.has_sample else {}),
        },
    )


def reject(version: Version) -> None:
    """Rejects a version that was approved."""
    client("sagemaker").update_model_package(
        ModelPackageArn=version.arn, ModelApprovalStatus="Rejected"
    )


def end_executions() -> None:
    """Every execution succeeds."""
    for execution in emulated.backend("codepipeline").pipelines[PIPELINE].executions.values():
        execution.status = "Succeeded"


def _content(version: Version) -> bytes:
    return f"archive of version {version.number}".encode()


def _report(version: Version) -> str:
    return f"{version.folder}/Evaluate/report/evaluation.json"
