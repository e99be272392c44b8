"""Life-cycle stage of model versions in the registry: what the endpoints serve."""

from __future__ import annotations

from datetime import datetime

from botocore.exceptions import ClientError

from deployment.api import Aws, is_transient, say
from deployment.cleanup import created_by_name
from deployment.registry import ModelVersion, model_version

ARCHIVED, PRODUCTION, STAGING = "Archived", "Production", "Staging"
# Statuses of a stage.
DEPLOYED, REJECTED, REPLACED = "Deployed", "Rejected", "Replaced"


def record_served(
    aws: Aws, stage: str, endpoint_name: str, versions_prefix: str, number: int
) -> None:
    """Records that the endpoint serves this version, and archives those that it served before."""
    # The name of an endpoint config has the version, also of an endpoint that was deleted since.
    names = created_by_name(aws, "EndpointConfig", endpoint_name)
    for it in sorted({number, *(int(name.split("-")[-2]) for name in names)}):
        version = model_version(aws, f"{versions_prefix}{it}")
        if version is None:
            continue
        # Staging tests new settings of a version that production goes on serving.
        if it == number and version.stage != PRODUCTION:
            _record(aws, version, stage, DEPLOYED)
        elif it != number and version.stage == stage:
            status = REJECTED if version.approval == REJECTED else REPLACED
            _record(aws, version, ARCHIVED, status)


def record_decision(aws: Aws, version: ModelVersion) -> None:
    """Records a rejection, or its end; an endpoint may serve the version until the rollback."""
    if version.approval == REJECTED:
        _record(aws, version, version.stage or ARCHIVED, REJECTED)
    elif version.stage in (PRODUCTION, STAGING) and version.stage_status == REJECTED:
        _record(aws, version, version.stage, DEPLOYED)


def _record(aws: Aws, version: ModelVersion, stage: str, status: str) -> None:
    if (version.stage, version.stage_status) == (stage, status):
        return
    life_cycle = {
        "Stage": stage,
        "StageStatus": status,
        "StageDescription": decision_text(version.approval, version.decided),
    }
    try:
        aws.sagemaker.update_model_package(ModelPackageArn=version.arn, ModelLifeCycle=life_cycle)
    except ClientError as error:
        if is_transient(error):
            raise
        # A label must not fail a deployment that serves.
        say(f"The registry does not show version {version.number} as {stage}: {error}")
        return
    say(f"Registry: version {version.number} is {stage} ({status})")


def decision_text(approval: str, decided: datetime) -> str:
    """Decision on a version, for `decided_at`."""
    return f"{approval} since {decided.isoformat()}"
