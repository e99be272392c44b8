"""What an execution of the pipeline deploys: exactly the version of its event, or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from deployment.api import Aws, DeploymentError
from deployment.endpoint import Version, describe, served_version
from deployment.environment import Environment
from deployment.executions import EXPIRE_STAGING, Execution
from deployment.registry import ModelVersion, metrics_of, model_version

_NO_VERSION = {"", "none"}


@dataclass(frozen=True)
class Decision:
    """Version to deploy, with what deployment.json says of it; or why there is nothing to do."""

    version: ModelVersion | None
    handover: dict[str, Any]

    @property
    def nothing(self) -> str:
        """Why there is nothing to do; empty if there is."""
        return self.handover.get("nothingToDo", "")


@dataclass(frozen=True)
class Question:
    """What a decision is about."""

    arn: str
    trigger: str
    ahead: list[Execution]
    # By stage: tag of an endpoint config that has the settings of the config files now.
    settings: dict[str, str]


def decide(aws: Aws, environment: Environment, question: Question) -> Decision:
    """Decides what staging deploys; raises DeploymentError if the version cannot be deployed."""
    arn = question.arn
    if arn in _NO_VERSION and question.trigger == "CreatePipeline":
        return _nothing("this execution came with the pipeline itself, not with a model version")
    if arn == EXPIRE_STAGING:
        return _nothing("this execution only schedules the deletion of staging")
    version = existing_version(aws, environment, arn)
    # An execution that began before the decision may be about another decision on the version.
    same = [it for it in question.ahead if it.model_package_arn == arn]
    for execution in same:
        if execution.started >= version.decided:
            return _nothing(f"execution {execution.id}, in progress, deploys the same: {version}")
    prod = _served_on(aws, environment, environment.prod_endpoint_name)
    if version.approval == "Rejected":
        return _rollback(aws, environment, version, prod, question)
    must_be_deployable(version)
    if not question.ahead:
        served = _serving_already(aws, environment, prod, arn, question.settings)
        if served:
            text = f"{served} version {version.number} already"
            return _nothing(f"{text}, with the same settings")
    return Decision(version, {**_handover(aws, version, prod), "reason": "approved"})


def existing_version(aws: Aws, environment: Environment, arn: str) -> ModelVersion:
    """A version of this project; raises DeploymentError if there is none."""
    prefix = environment.versions_prefix
    if not arn.startswith(prefix) or not re.fullmatch(r"[1-9]\d*", arn.removeprefix(prefix)):
        raise DeploymentError(
            f"MODEL_PACKAGE_ARN must be a model version of this project (e.g. {prefix}1), "
            f'got "{arn}". Next: start the pipeline with this variable'
        )
    version = model_version(aws, arn)
    if version is None:
        raise DeploymentError(f"the model version {arn} does not exist. Next: approve another one")
    return version


def must_be_deployable(version: ModelVersion) -> None:
    """Raises DeploymentError unless the version is approved and complete."""
    if version.approval != "Approved" or version.status != "Completed":
        raise DeploymentError(
            f"a version must be Approved and Completed, {version} and {version.status}. "
            "Next: approve the version"
        )


def _rollback(
    aws: Aws,
    environment: Environment,
    rejected: ModelVersion,
    served: Version | None,
    question: Question,
) -> Decision:
    is_served = served is not None and served.model_package_arn == rejected.arn
    is_coming = any(it.model_package_arn == rejected.arn for it in question.ahead)
    if not is_served and not is_coming:
        return _nothing(f"{rejected}, and production does not serve it")
    earlier = served.earlier_versions if served else []
    # An earlier execution may still deploy the rejected version over what production serves now.
    if served and not is_served:
        earlier = [served.number, *earlier]
    for number in earlier:
        version = model_version(aws, f"{environment.versions_prefix}{number}")
        if number == rejected.number or version is None or version.approval != "Approved":
            continue
        must_be_deployable(version)
        handover = _handover(aws, version, served)
        rejection = {"reason": "rejected", "rejectedModelPackageArn": rejected.arn}
        return Decision(version, {**handover, **rejection})
    served_before = ", ".join(str(number) for number in earlier) or "none"
    raise DeploymentError(
        f"{rejected} and production serves it, but none of its earlier versions ({served_before}) "
        "is approved. Production goes on serving it. Next: approve another version"
    )


def _serving_already(
    aws: Aws, environment: Environment, prod: Version | None, arn: str, settings: dict[str, str]
) -> str:
    """Which endpoints serve the version with these settings; empty if one must be deployed."""

    def is_same(served: Version | None, stage: str) -> bool:
        return served is not None and (served.model_package_arn, served.settings) == (
            arn,
            settings[stage],
        )

    if not is_same(prod, "prod"):
        return ""
    staging = describe(aws, environment.endpoint_name)
    if staging is None or staging.status == "Deleting":
        # Its time is over: there is nothing to compare with.
        return "production serves"
    is_served = is_same(served_version(aws, environment, staging), "staging")
    return "staging and production serve" if is_served else ""


def _served_on(aws: Aws, environment: Environment, endpoint_name: str) -> Version | None:
    return served_version(aws, environment, describe(aws, endpoint_name))


def _nothing(reason: str) -> Decision:
    return Decision(None, {"nothingToDo": reason})


def _handover(aws: Aws, version: ModelVersion, served: Version | None) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "modelPackageArn": version.arn,
        "modelVersion": version.number,
        "metrics": metrics_of(aws, version),
    }
    if version.sample_location:
        facts["sampleLocation"] = version.sample_location
    if version.comparison:
        facts["comparison"] = version.comparison
    if served:
        current = model_version(aws, served.model_package_arn)
        facts["running"] = {
            "modelPackageArn": served.model_package_arn,
            "modelVersion": served.number,
            "metrics": metrics_of(aws, current) if current else {},
        }
    return facts
