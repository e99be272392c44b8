"""The endpoint of a stage: what it serves, and the waits until a change is over."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from deployment.api import Aws, DeploymentError, change, say, tags_of, unless_missing
from deployment.environment import Environment

CHANGING = {"Creating", "Deleting", "RollingBack", "SystemUpdating", "Updating"}
_SERVING = {"InService", "RollingBack", "SystemUpdating", "UpdateRollbackFailed", "Updating"}
# Short at first, so that fast changes end soon.
POLL_SECONDS = [1, 2, 4, 8, 15]


@dataclass(frozen=True)
class Version:
    """Model version that an endpoint serves, from the tags of its endpoint config."""

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
            # Until the deployment is complete: then the tag has the hash of the settings.
            "Settings": "incomplete",
        }


@dataclass(frozen=True)
class Endpoint:
    """An endpoint, as SageMaker describes it."""

    name: str
    arn: str
    status: str
    config_name: str
    reason: str
    modified: datetime
    instances: int
    # Endpoint config of an update in progress, and how far its instances are.
    pending_config_name: str
    variant_status: str
    variant_status_since: datetime | None


def describe(aws: Aws, name: str) -> Endpoint | None:
    """Describes an endpoint; None if it does not exist."""
    found = unless_missing(aws.sagemaker.describe_endpoint, EndpointName=name)
    if found is None:
        return None
    variant = (found.get("ProductionVariants") or [{}])[0]
    pending = found.get("PendingDeploymentSummary", {})
    new = (pending.get("ProductionVariants") or [{}])[0]
    statuses = new.get("VariantStatus") or [{}]
    return Endpoint(
        name=name,
        arn=found["EndpointArn"],
        status=found["EndpointStatus"],
        config_name=found["EndpointConfigName"],
        reason=found.get("FailureReason") or "AWS gives no reason",
        modified=found["LastModifiedTime"],
        instances=variant.get("DesiredInstanceCount") or variant.get("CurrentInstanceCount") or 0,
        pending_config_name=pending.get("EndpointConfigName", ""),
        variant_status=statuses[-1].get("Status", ""),
        variant_status_since=statuses[-1].get("StartTime"),
    )


def served_version(aws: Aws, environment: Environment, endpoint: Endpoint | None) -> Version | None:
    """The version that answers invocations; None if none does, or another program deployed it.

    The endpoint config tells it: the tags of the endpoint would be wrong after a rollback.
    """
    if endpoint is None or endpoint.status not in _SERVING:
        return None
    tags = tags_of(aws, environment.config_arn(endpoint.config_name))
    arn, number = tags.get("ModelPackageArn"), tags.get("ModelVersion", "")
    if arn is None or not number.isdecimal():
        return None
    earlier = [int(it) for it in re.findall(r"\d+", tags.get("EarlierVersions", ""))]
    return Version(arn, int(number), earlier, tags.get("Settings", ""))


def wait_until_stable(aws: Aws, environment: Environment) -> Endpoint | None:
    """The endpoint when no change is in progress; None if there is none.

    Raises DeploymentError if it is not of this project, or cannot be updated.
    """
    name = environment.endpoint_name
    if must_be_own(aws, environment) is None:
        return None
    endpoint = wait(aws, name, lambda it: it is None or it.status not in CHANGING)
    if endpoint is None or endpoint.status == "InService":
        return endpoint
    if endpoint.status != "Failed":
        raise DeploymentError(
            f"the endpoint {name} must be InService, is {endpoint.status}: {endpoint.reason}. "
            "Next: delete the endpoint, then deploy again"
        )
    say(f"{name} is Failed ({endpoint.reason}): it is deleted and created again")
    delete_endpoint(aws, name)
    return None


def delete_endpoint(aws: Aws, name: str) -> None:
    """Deletes an endpoint, and waits until it is gone."""
    change(
        f"DeleteEndpoint {name}",
        lambda: aws.sagemaker.delete_endpoint(EndpointName=name),
        lambda: (it := describe(aws, name)) is None or it.status == "Deleting",
    )
    wait(aws, name, lambda it: it is None)


def wait(
    aws: Aws,
    name: str,
    is_over: Callable[[Endpoint | None], bool],
    between: Callable[[Endpoint | None], None] | None = None,
) -> Endpoint | None:
    """Describes the endpoint until the change is over, and logs its status.

    Between two reads it waits, or does what `between` does.
    """
    began, polls = time.monotonic(), 0
    while True:
        endpoint = describe(aws, name)
        is_last = is_over(endpoint)
        if polls or not is_last:
            status = endpoint.status if endpoint else "does not exist"
            say(f"{name}: {status} ({time.monotonic() - began:.0f} s)")
        if is_last:
            return endpoint
        if between:
            between(endpoint)
        else:
            time.sleep(POLL_SECONDS[min(polls, len(POLL_SECONDS) - 1)])
        polls += 1


def must_be_own(aws: Aws, environment: Environment) -> Endpoint | None:
    """Describes the endpoint; raises DeploymentError if it is not of this project."""
    endpoint = describe(aws, environment.endpoint_name)
    if endpoint is None:
        return None
    expected, tags = environment.project_tags, tags_of(aws, endpoint.arn)
    # A deletion in progress can end between the two calls.
    if expected.items() <= tags.items() or describe(aws, endpoint.name) is None:
        return endpoint
    got = ", ".join(f"{key}={tags[key]}" for key in expected if key in tags) or "none of them"
    raise DeploymentError(
        f"the endpoint {endpoint.name} must have the tags "
        f"{', '.join(f'{key}={value}' for key, value in expected.items())}, got {got}: another "
        "program deployed it, and it is left unchanged. Next: delete it, or rename the project"
    )
