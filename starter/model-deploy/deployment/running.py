"""What an endpoint serves, as AWS knows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deployment.api import Aws, unless_missing

_SERVING = {"InService", "RollingBack", "SystemUpdating", "UpdateRollbackFailed", "Updating"}


@dataclass(frozen=True)
class ServedVersion:
    """Model version of an endpoint config, from its tags."""

    model_package_arn: str
    number: int
    earlier_versions: list[int]
    settings: str

    def tags(self) -> dict[str, str]:
        """Tags of the model and of the endpoint config."""
        earlier = " ".join(str(number) for number in self.earlier_versions)
        return {
            **({"EarlierVersions": earlier} if earlier else {}),
            "ModelPackageArn": self.model_package_arn,
            "ModelVersion": str(self.number),
            "Settings": self.settings,
        }


@dataclass(frozen=True)
class Running:
    """An endpoint, and the version that it serves."""

    name: str
    status: str
    config_name: str
    reason: str
    modified: datetime
    instances: int
    tags: dict[str, str]
    served: ServedVersion | None

    @property
    def version(self) -> ServedVersion | None:
        """Version that answers invocations; None if none does, or it has not our tags."""
        return self.served if self.status in _SERVING else None


def running_on(aws: Aws, endpoint_name: str) -> Running | None:
    """Describes an endpoint; None if it does not exist.

    The tags of the endpoint config have the version: those of the endpoint would be wrong after a
    rollback.
    """
    found = unless_missing(aws.sagemaker.describe_endpoint, EndpointName=endpoint_name)
    if found is None:
        return None
    config_name = found["EndpointConfigName"]
    variants = found.get("ProductionVariants") or [{}]
    # SageMaker writes names in ARNs in lower case.
    config_arn = re.sub(
        ":endpoint/.*", f":endpoint-config/{config_name.lower()}", found["EndpointArn"]
    )
    instances = variants[0].get("DesiredInstanceCount") or variants[0].get("CurrentInstanceCount")
    return Running(
        name=endpoint_name,
        status=found["EndpointStatus"],
        config_name=config_name,
        reason=found.get("FailureReason") or "AWS gives no reason",
        modified=found["LastModifiedTime"],
        instances=instances or 0,
        tags=tags_of(aws, found["EndpointArn"]) or {},
        served=_served_version(tags_of(aws, config_arn) or {}),
    )


def tags_of(aws: Aws, arn: str) -> dict[str, str] | None:
    """Tags of a SageMaker resource; None if it does not exist."""
    tags: dict[str, str] = {}
    more: dict[str, Any] = {}
    while True:
        page = unless_missing(aws.sagemaker.list_tags, ResourceArn=arn, **more)
        if page is None:
            return None
        tags |= {tag["Key"]: tag["Value"] for tag in page["Tags"]}
        if not page.get("NextToken"):
            return tags
        more = {"NextToken": page["NextToken"]}


def _served_version(tags: dict[str, str]) -> ServedVersion | None:
    arn, number = tags.get("ModelPackageArn"), tags.get("ModelVersion", "")
    if arn is None or not number.isdecimal():
        return None
    earlier = [int(it) for it in re.findall(r"\d+", tags.get("EarlierVersions", ""))]
    return ServedVersion(arn, int(number), earlier, tags.get("Settings", ""))
