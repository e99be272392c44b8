"""Model versions in the SageMaker Model Registry."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError, ParamValidationError

from deployment.api import Aws, DeploymentError, is_transient, say, unless_missing

_MAX_REPORT_BYTES = 1_000_000
_MAX_METRICS = 20
# Metadata of a container that has no effect on the model that it runs.
_DESCRIPTIVE = {
    "ContainerHostname",
    "Framework",
    "FrameworkVersion",
    "ModelDataETag",
    "ModelInput",
    "NearestModelName",
}
_SOURCE = {"S3Uri", "S3DataType", "CompressionType", "ETag"}


@dataclass(frozen=True)
class Container:
    """Container of a model version: one image and one archive."""

    image: str
    digest: str | None
    archive: str
    environment: dict[str, str]


@dataclass(frozen=True)
class ModelVersion:
    """Model version, as far as a deployment needs it."""

    arn: str
    number: int
    approval: str
    status: str
    registered: datetime
    # Time of the approval or rejection.
    decided: datetime
    stage: str
    stage_status: str
    containers: list[dict[str, Any]]
    # Instance types of endpoints; empty: every type.
    instance_types: list[str]
    report: str | None
    sample_location: str | None
    # With the champion of its training, on the same rows.
    comparison: str | None

    def __str__(self) -> str:
        return f"version {self.number} is {self.approval}"


def model_version(aws: Aws, arn: str) -> ModelVersion | None:
    """Describes a model version; None if the registry does not have it."""
    bodies: list[bytes] = []

    def keep(response_dict: dict[str, Any] | None = None, **_: Any) -> None:
        bodies.append(response_dict["body"] if response_dict else b"")

    # boto3 drops what it does not know from an answer: the containers are read as AWS sent them.
    event = "response-received.sagemaker.DescribeModelPackage"
    aws.sagemaker.meta.events.register(event, keep)
    try:
        found = unless_missing(aws.sagemaker.describe_model_package, ModelPackageName=arn)
    finally:
        aws.sagemaker.meta.events.unregister(event, keep)
    if found is None:
        return None
    inference = json.loads(bodies[-1]).get("InferenceSpecification", {})
    quality = found.get("ModelMetrics", {}).get("ModelQuality", {})
    metadata = found.get("CustomerMetadataProperties", {})
    life_cycle = found.get("ModelLifeCycle", {})
    return ModelVersion(
        arn=arn,
        number=found["ModelPackageVersion"],
        approval=found.get("ModelApprovalStatus", "without approval status"),
        status=found["ModelPackageStatus"],
        registered=found["CreationTime"],
        decided=decided_at(found),
        stage=life_cycle.get("Stage", ""),
        stage_status=life_cycle.get("StageStatus", ""),
        containers=inference.get("Containers", []),
        instance_types=inference.get("SupportedRealtimeInferenceInstanceTypes") or [],
        report=quality.get("Statistics", {}).get("S3Uri"),
        sample_location=metadata.get("SampleLocation"),
        comparison=metadata.get("Comparison"),
    )


def decided_at(found: Mapping[str, Any]) -> datetime:
    """Time of the approval or rejection of a version, as DescribeModelPackage answers it.

    SageMaker has only the time of the last change. So the deployment, which changes the life-cycle
    stage, keeps the time of the decision in its description.
    """
    life_cycle = found.get("ModelLifeCycle", {})
    approval, _, since = life_cycle.get("StageDescription", "").partition(" since ")
    if approval and approval == found.get("ModelApprovalStatus"):
        try:
            decided = datetime.fromisoformat(since)
        except ValueError:
            decided = None
        # Users can edit the description.
        if decided and decided.tzinfo:
            return decided
    return found.get("LastModifiedTime") or found["CreationTime"]


def container_of(version: ModelVersion) -> Container:
    """The container of a version; raises DeploymentError if the driver cannot copy all of it."""

    def refuse(rule: str, got: str) -> DeploymentError:
        return DeploymentError(
            f"the model package of version {version.number} must have {rule}, got {got}. "
            "Next: register a version that has it"
        )

    if len(version.containers) != 1:
        raise refuse("one container (e.g. one image and its archive)", str(len(version.containers)))
    container = {name: value for name, value in version.containers[0].items() if value}
    sources = container.pop("ModelDataSource", {})
    source = sources.get("S3DataSource", {})
    uris = {uri for uri in (container.pop("ModelDataUrl", None), source.get("S3Uri")) if uri}
    unknown = container.keys() - _DESCRIPTIVE - {"Image", "ImageDigest", "Environment"}
    unknown |= {name for name, value in source.items() if value} - _SOURCE
    unknown |= sources.keys() - {"S3DataSource"}
    if unknown:
        raise refuse("no settings that the deployment does not copy", ", ".join(sorted(unknown)))
    kind = source.get("S3DataType", "S3Object"), source.get("CompressionType", "Gzip")
    if kind != ("S3Object", "Gzip"):
        raise refuse("one archive (e.g. S3Object, Gzip)", ", ".join(kind))
    uri = next(iter(uris), "no archive")
    if len(uris) != 1 or not uri.endswith(".tar.gz"):
        raise refuse("one archive (e.g. model.tar.gz)", ", ".join(sorted(uris)) or uri)
    if "Image" not in container:
        raise refuse("an image", "none")
    return Container(
        container["Image"], container.get("ImageDigest"), uri, container.get("Environment", {})
    )


def must_support(version: ModelVersion, instance_types: Mapping[str, str]) -> None:
    """Raises DeploymentError unless the version lists the instance types of these config files."""
    listed = version.instance_types
    wrong = {file: it for file, it in instance_types.items() if listed and it not in listed}
    if wrong:
        got = " and ".join(f"{it} in {file}" for file, it in wrong.items())
        raise DeploymentError(
            f"instanceType must be in SupportedRealtimeInferenceInstanceTypes of version "
            f"{version.number} ({', '.join(listed)}), got {got}. Next: change the file, or add the "
            "type to the list in the model build repository, or remove the list, and register a "
            "new version"
        )


def metrics_of(aws: Aws, version: ModelVersion) -> dict[str, float]:
    """Metrics in the evaluation report of a version; empty if there is none that can be read."""
    if version.report is None:
        return {}
    bucket, _, key = version.report.removeprefix("s3://").partition("/")
    try:
        body = aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read(_MAX_REPORT_BYTES)
        metrics = dict(_metrics(json.loads(body)))
    except (ClientError, ParamValidationError, RecursionError, ValueError) as error:
        if isinstance(error, ClientError) and is_transient(error):
            raise
        metrics, problem = {}, str(error)
    else:
        problem = "it has no metrics" if not metrics else ""
    if problem:
        say(f"Evaluation report of version {version.number}, {version.report}: {problem}")
    return dict(sorted(metrics.items())[:_MAX_METRICS])


def _metrics(report: Any) -> Iterator[tuple[str, float]]:
    """Each `"name": {"value": number}`, in the format of the registry's model quality report."""
    if not isinstance(report, dict):
        return
    for name, entry in report.items():
        value = entry.get("value") if isinstance(entry, dict) else None
        # JSON of Python has NaN, which equals nothing.
        if isinstance(value, int | float) and not isinstance(value, bool) and value == value:
            yield name, value
        else:
            yield from _metrics(entry)
