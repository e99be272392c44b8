"""What the stack and the model build have created in the account before a deployment."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import emulated
from pipeline import declaration

STEM = "mlops-churn--dev"
BUCKET = f"{STEM}--1a2b3c4d"
GROUP = f"{STEM}--models"
PIPELINE = f"{STEM}--modeldeploy"
ENDPOINTS = {"staging": f"{STEM}--staging", "prod": f"{STEM}--prod"}
KEY = f"arn:aws:kms:{emulated.REGION}:{emulated.ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
IMAGE = f"{emulated.ACCOUNT}.dkr.ecr.{emulated.REGION}.amazonaws.com/churn:1"
DIGEST = f"sha256:{'ab' * 32}"
SAMPLE_ROWS = ["1", "2"]
PROJECT_TAGS = {"sagemaker:project-id": "dev", "sagemaker:project-name": "churn"}
_QUEUE = f"arn:aws:sqs:{emulated.REGION}:{emulated.ACCOUNT}:{STEM}--undelivered-events"
SCHEDULE = f"{STEM}--staging/delete-endpoint"
TOPIC = f"arn:aws:sns:{emulated.REGION}:{emulated.ACCOUNT}:{STEM}--notifications"
_ROLE = f"arn:aws:iam::{emulated.ACCOUNT}:role/{STEM}--"


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
    service = {"Service": "codepipeline.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [statement]}
    role = client("iam").create_role(
        RoleName=f"{STEM}--pipeline", AssumeRolePolicyDocument=json.dumps(trust)
    )
    client("codepipeline").create_pipeline(
        pipeline=declaration(PIPELINE, BUCKET, role["Role"]["Arn"])
    )
    end_executions()


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
    answers = "".join(f"{answer_of(version.number, row)}\n" for row in SAMPLE_ROWS)
    for name, text in {
        "request": "".join(f"{row}\n" for row in SAMPLE_ROWS),
        "expected": f"probability\n{answers}",
    }.items():
        s3.put_object(Bucket=BUCKET, Key=f"{version.folder}/sample/{name}.csv", Body=text)
    create_training_job(version)


def create_training_job(version: Version) -> None:
    """The job whose output is the archive."""
    client("sagemaker").create_training_job(
        TrainingJobName=version.job,
        AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        OutputDataConfig={"S3OutputPath": f"s3://{BUCKET}/{version.folder}/Train"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        RoleArn=f"{_ROLE}execution",
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


def start_execution(variable: str, *, is_only: bool = True) -> str:
    """Starts the deployment pipeline; `is_only`: when no other execution is in progress."""
    if is_only:
        end_executions()
    answer = client("codepipeline").start_pipeline_execution(
        name=PIPELINE, variables=[{"name": "MODEL_PACKAGE_ARN", "value": variable}]
    )
    return answer["pipelineExecutionId"]


def wait_for_approval(execution_id: str) -> None:
    """The execution waits for its approval."""
    execution = emulated.backend("codepipeline").pipelines[PIPELINE].executions[execution_id]
    now = emulated.now()
    action = {"stageName": "DeployStaging", "actionName": "ApproveDeployment"}
    times = {"startTime": now, "lastStatusChange": now}
    execution.actions.append({**action, **times, "status": "InProgress"})


def expire_staging() -> None:
    """EventBridge Scheduler has deleted the staging endpoint, and its schedule."""
    del emulated.backend("sagemaker").endpoints[ENDPOINTS["staging"]]
    group, name = SCHEDULE.split("/")
    emulated.backend("scheduler").schedule_groups[group].schedules.pop(name, None)


def end_executions() -> None:
    """Every execution succeeds."""
    for execution in emulated.backend("codepipeline").pipelines[PIPELINE].executions.values():
        execution.status = "Succeeded"


def variables_of(stage: str, execution_id: str, kind: str = "instances") -> dict[str, str]:
    """Environment variables of a stage's deployment build."""
    return {
        "APPROVAL_TIMEOUT_MINUTES": "10080",
        "ARTIFACT_BUCKET": BUCKET,
        "ARTIFACT_BUCKET_KMS_ID": KEY,
        "AWS_REGION": emulated.REGION,
        "CODEBUILD_INITIATOR": f"codepipeline/{PIPELINE}",
        "CODEPIPELINE_EXECUTION_ID": execution_id,
        "DEAD_LETTER_QUEUE_ARN": _QUEUE,
        "ENDPOINT_NAME": ENDPOINTS.get(stage, ENDPOINTS["staging"]),
        "MAXIMUM_ERRORS": "0",
        "MAXIMUM_LATENCY_MILLISECONDS": "1000",
        "MODEL_EXECUTION_ROLE_ARN": f"{_ROLE}serve-{stage}-use1",
        "NOTIFICATION_TOPIC_ARN": TOPIC,
        "PIPELINE_URL": "https://console/pipeline",
        "PROD_ENDPOINT_NAME": ENDPOINTS["prod"],
        "SAGEMAKER_PROJECT_ID": PROJECT_TAGS["sagemaker:project-id"],
        "SAGEMAKER_PROJECT_NAME": PROJECT_TAGS["sagemaker:project-name"],
        "SOURCE_MODEL_PACKAGE_GROUP_NAME": GROUP,
        "STAGE_NAME": stage,
        "STAGING_ENDPOINT_NAME": ENDPOINTS["staging"],
        "STAGING_HOURS": "24",
        "STAGING_SCHEDULE": SCHEDULE,
        "STAGING_SCHEDULE_ROLE_ARN": f"{_ROLE}expire-staging-use1",
        "STAGING_KIND": kind,
    }


def answer_of(version: int, row: str) -> str:
    """Answer of a model version to a row of the sample set."""
    return f"{int(row) / 10 + version / 1000:.6g}"


def _content(version: Version) -> bytes:
    return f"archive of version {version.number}".encode()


def _report(version: Version) -> str:
    return f"{version.folder}/Evaluate/report/evaluation.json"
