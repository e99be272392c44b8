"""Champion of a training: the model version that a new one must not be worse than."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from pipelines.settings import Run, Settings

# Statuses of an endpoint that answers with its endpoint config.
_SERVING = {"InService", "RollingBack", "SystemUpdating", "UpdateRollbackFailed", "Updating"}


@dataclass(frozen=True)
class Champion:
    """Model version in production, or the newest approved one; its number and its archive."""

    version: str
    archive: str
    origin: str


def champion_parameters(sagemaker: Any, settings: Settings, run: Run) -> dict[str, str]:
    """Parameters of the execution for Evaluate; none without a champion."""
    champion = _served(sagemaker, run) or _newest_approved(sagemaker, settings)
    if champion is None:
        print("No champion: no model version is approved yet. Only the minimum decides.")
        return {}
    print(f"Champion: version {champion.version}, {champion.origin}.")
    parameters = {"ChampionVersion": champion.version}
    # Jobs read only this bucket. Without an archive, Evaluate finds the champion not comparable.
    if champion.archive.startswith(f"s3://{settings.default_bucket}/"):
        parameters["ChampionLocation"] = champion.archive
    return parameters


def _served(sagemaker: Any, run: Run) -> Champion | None:
    """Version that the production endpoint serves, by the tags of its endpoint config."""
    name = run.prod_endpoint_name
    endpoint = _endpoint(sagemaker, name) if name else None
    if endpoint is None or endpoint["EndpointStatus"] not in _SERVING:
        return None
    config = endpoint["EndpointConfigName"]
    # SageMaker writes names in ARNs in lower case.
    prefix = endpoint["EndpointArn"].rpartition(":")[0]
    tags = sagemaker.list_tags(ResourceArn=f"{prefix}:endpoint-config/{config.lower()}")["Tags"]
    version = next((tag["Value"] for tag in tags if tag["Key"] == "ModelVersion"), None)
    if version is None:
        return None
    # A deployment gives its model the name of its endpoint config.
    model = sagemaker.describe_model(ModelName=config)
    archive = model["PrimaryContainer"]["ModelDataUrl"]
    return Champion(version, archive, f"which {name} serves")


def _endpoint(sagemaker: Any, name: str) -> dict[str, Any] | None:
    try:
        return sagemaker.describe_endpoint(EndpointName=name)
    except ClientError as error:
        # SageMaker has no error code for a missing endpoint.
        if "Could not find" in error.response["Error"]["Message"]:
            return None
        raise


def _newest_approved(sagemaker: Any, settings: Settings) -> Champion | None:
    found = sagemaker.list_model_packages(
        ModelPackageGroupName=settings.model_package_group_name,
        ModelApprovalStatus="Approved",
        SortBy="CreationTime",
        SortOrder="Descending",
        MaxResults=1,
    )["ModelPackageSummaryList"]
    if not found:
        return None
    version = sagemaker.describe_model_package(ModelPackageName=found[0]["ModelPackageArn"])
    [container, *_] = version["InferenceSpecification"]["Containers"]
    number = str(version["ModelPackageVersion"])
    return Champion(number, container.get("ModelDataUrl", ""), "the newest approved version")
