"""AWS in memory, as far as the unit tests of the deployment need it."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from dataclasses import fields
from datetime import datetime, timezone
from functools import cache
from types import SimpleNamespace
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from botocore.response import StreamingBody

from deployment.api import Aws
from deployment.environment import Environment

BUCKET = "mlops-churn--dev--1a2b3c4d"
GROUP = "mlops-churn--dev--models"
PREFIX = f"arn:aws:sagemaker:us-east-1:123456789012:model-package/{GROUP}/"
ARCHIVE = (
    f"s3://{BUCKET}/mlops-churn--dev--training/executions/a/pipelines-a-Train/output/model.tar.gz"
)
REPORT = f"s3://{BUCKET}/mlops-churn--dev--training/executions/a/Evaluate/evaluation.json"
IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn"
DIGEST = f"sha256:{'a' * 64}"
REGISTERED = datetime(2026, 11, 1, 12, tzinfo=timezone.utc)
BEFORE = datetime(2026, 11, 1, 11, tzinfo=timezone.utc)
AFTER = datetime(2026, 11, 1, 13, tzinfo=timezone.utc)
CONTAINER = {"Image": f"{IMAGE}:1.4-2", "ImageDigest": DIGEST, "ModelDataUrl": ARCHIVE}

ENVIRONMENT = Environment(
    approval_timeout_minutes=10080,
    artifact_bucket=BUCKET,
    dlq_arn="arn:aws:sqs:us-east-1:123456789012:mlops-churn--dev--undelivered-events",
    endpoint_name="mlops-churn--dev--staging",
    key_arn="arn:aws:kms:us-east-1:123456789012:key/1234",
    maximum_errors=0,
    maximum_latency_milliseconds=500,
    model_package_group=GROUP,
    prod_endpoint_name="mlops-churn--dev--prod",
    project_id="dev",
    project_name="churn",
    region="us-east-1",
    role_arn="arn:aws:iam::123456789012:role/serve",
    staging_endpoint_name="mlops-churn--dev--staging",
    staging_hours=24,
    staging_schedule="mlops-churn--dev--staging/delete-endpoint",
    staging_schedule_role_arn="arn:aws:iam::123456789012:role/expire",
    staging_kind="instances",
    execution_id="own",
    initiator="codepipeline/deploy",
    security_group_ids=None,
    subnet_ids=None,
)


def error(code: str, message: str = "", operation: str = "Operation") -> ClientError:
    """An error as AWS answers it."""
    answer: Any = {"Error": {"Code": code, "Message": message}}
    return ClientError({**answer, "ResponseMetadata": {"HTTPStatusCode": 400}}, operation)


@cache
def _sagemaker_client() -> Any:
    # Takes a while to create.
    return boto3.client("sagemaker", region_name="us-east-1")


class FakeS3:
    """Objects with all their versions, newest first."""

    def __init__(self) -> None:
        self.versions: dict[str, list[dict[str, Any]]] = {}
        self.uploads: list[dict[str, Any]] = []

    def add(self, uri: str, content: bytes, written: datetime = BEFORE, **more: Any) -> None:
        """Adds a version."""
        versions = self.versions.setdefault(uri.removeprefix(f"s3://{BUCKET}/"), [])
        version = {
            "content": content,
            "ETag": '"0"',
            "LastModified": written,
            "Size": len(content),
            "VersionId": f"v{len(versions) + 1}",
        }
        versions.insert(0, {**version, **more})

    def list_object_versions(self, Bucket: str, Prefix: str) -> dict[str, Any]:  # noqa: N803
        """Versions below a prefix."""
        keys = sorted(key for key in self.versions if key.startswith(Prefix))
        return {"Versions": [{**it, "Key": key} for key in keys for it in self.versions[key]]}

    def get_object(self, Bucket: str, Key: str, VersionId: str = "") -> dict[str, Any]:  # noqa: N803
        """Content of one version."""
        for version in self.versions.get(Key, []):
            if VersionId in ("", version["VersionId"]):
                content = version["content"]
                return {"Body": StreamingBody(io.BytesIO(content), len(content))}
        raise error("NoSuchKey")

    def head_object(self, Bucket: str, Key: str, ChecksumMode: str) -> dict[str, Any]:  # noqa: N803
        """Checksum of the current version."""
        if Key not in self.versions:
            raise error("404")
        version = self.versions[Key][0]
        digest = hashlib.sha256(version["content"]).digest()
        checksum = base64.b64encode(digest).decode()
        return {"ChecksumSHA256": checksum, "VersionId": version["VersionId"]}

    def put_object(self, **request: Any) -> None:
        """Creates an object; refuses to overwrite one."""
        self.uploads.append(request)
        if request["Key"] in self.versions:
            raise error("PreconditionFailed")
        self.add(request["Key"], request["Body"].read(), AFTER)


class FakeSageMaker:
    """Model packages through a real client, all else as the test sets it."""

    def __init__(self) -> None:
        self.packages: dict[int, dict[str, Any]] = {}
        self.endpoints: dict[str, dict[str, Any]] = {}
        self.tags: dict[str, dict[str, str]] = {}
        self.jobs: dict[str, str] = {}
        self.job_status = "Completed"
        self.update_error = ""
        self.updates = 0
        client = _sagemaker_client()
        client.meta.events.unregister("before-send.sagemaker", unique_id="fake")
        client.meta.events.register("before-send.sagemaker", self._answer, unique_id="fake")
        self.meta = client.meta
        self.describe_model_package = client.describe_model_package

    def add_version(
        self, number: int, approval: str = "Approved", containers: Any = None, **more: Any
    ) -> str:
        """Registers a version; returns its ARN."""
        arn = f"{PREFIX}{number}"
        self.packages[number] = {
            "ModelPackageArn": arn,
            "ModelPackageName": arn,
            "ModelPackageVersion": number,
            "ModelPackageStatus": "Completed",
            "ModelApprovalStatus": approval,
            "CreationTime": REGISTERED.timestamp(),
            "InferenceSpecification": {"Containers": containers or [CONTAINER]},
            "ModelMetrics": {"ModelQuality": {"Statistics": {"S3Uri": REPORT}}},
            **more,
        }
        return arn

    def serve(self, endpoint: str, number: int, earlier: str = "", settings: str = "") -> None:
        """Lets an endpoint serve a version."""
        arn = f"arn:aws:sagemaker:us-east-1:123456789012:endpoint/{endpoint}"
        self.endpoints[endpoint] = {
            "EndpointArn": arn,
            "EndpointConfigName": f"{endpoint}-{number}-0a1b2c3d",
            "EndpointStatus": "InService",
            "LastModifiedTime": REGISTERED,
        }
        self.tags[f"{arn.replace(':endpoint/', ':endpoint-config/')}-{number}-0a1b2c3d"] = {
            "ModelPackageArn": f"{PREFIX}{number}",
            "ModelVersion": str(number),
            "EarlierVersions": earlier,
            "Settings": settings,
        }

    def describe_endpoint(self, EndpointName: str) -> dict[str, Any]:  # noqa: N803
        """The endpoint."""
        if EndpointName not in self.endpoints:
            raise error("ValidationException", f'Could not find endpoint "{EndpointName}".')
        return self.endpoints[EndpointName]

    def get_paginator(self, name: str) -> Any:
        """Pages of the tags of a resource, or of the endpoint configs."""

        def tags(ResourceArn: str) -> list[Any]:  # noqa: N803
            tags = self.tags.get(ResourceArn, {})
            return [{"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}]

        def configs(NameContains: str) -> list[Any]:  # noqa: N803
            names = [arn.rpartition("/")[2] for arn in self.tags]
            found = [it for it in names if NameContains in it]
            configs = [{"EndpointConfigName": it, "CreationTime": BEFORE} for it in found]
            return [{"EndpointConfigs": configs}]

        pages = {"list_tags": tags, "list_endpoint_configs": configs}
        return SimpleNamespace(paginate=pages[name])

    def update_model_package(self, ModelPackageArn: str, ModelLifeCycle: dict[str, str]) -> None:  # noqa: N803
        """Life-cycle stage of a version; SageMaker changes the time of the last change too."""
        if self.update_error:
            raise error(self.update_error)
        package = self.packages[int(ModelPackageArn.rpartition("/")[2])]
        package.update(ModelLifeCycle=ModelLifeCycle, LastModifiedTime=AFTER.timestamp())
        self.updates += 1

    def describe_training_job(self, TrainingJobName: str) -> dict[str, Any]:  # noqa: N803
        """Output of a training job."""
        if TrainingJobName not in self.jobs:
            raise error("ResourceNotFound")
        artifacts = {"S3ModelArtifacts": self.jobs[TrainingJobName]}
        return {"ModelArtifacts": artifacts, "TrainingJobStatus": self.job_status}

    def _answer(self, request: Any, **_: Any) -> AWSResponse:
        name = json.loads(request.body)["ModelPackageName"]
        package = self.packages.get(int(name.rpartition("/")[2]))
        missing = {
            "__type": "ValidationException",
            "message": f"ModelPackage {name} does not exist",
        }
        raw = SimpleNamespace(stream=lambda: iter([json.dumps(package or missing).encode()]))
        return AWSResponse(request.url, 200 if package else 400, {}, raw)


def fake_aws(**clients: Any) -> Aws:
    """Clients; those that are not given accept no call."""
    return Aws(**{it.name: clients.get(it.name, SimpleNamespace()) for it in fields(Aws)})
