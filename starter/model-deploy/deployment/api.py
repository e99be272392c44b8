"""AWS clients, and AWS's answers when there is nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from deployment import MINIMUM_BOTO3
from deployment.members import MEMBERS


class DeploymentError(Exception):
    """Why a version cannot be deployed, and what to do."""


@dataclass(frozen=True)
class Aws:
    """Clients of the services that the driver calls."""

    cloudwatch: Any
    codepipeline: Any
    ecr: Any
    runtime: Any
    s3: Any
    sagemaker: Any
    scaling: Any
    scheduler: Any
    sns: Any


def create_clients(region: str) -> Aws:
    """Creates the clients; the SDK retries throttled and failed calls."""
    session = boto3.Session(region_name=region)

    def client(service: str, attempts: int = 8, timeout: int = 60) -> Any:
        retries = {"mode": "standard", "total_max_attempts": attempts}
        config = Config(connect_timeout=min(timeout, 10), read_timeout=timeout, retries=retries)
        return session.client(service, config=config)

    services = ["codepipeline", "ecr", "s3", "sagemaker", "scheduler", "sns"]
    aws = Aws(
        **{service: client(service) for service in services},
        # Short: during an update, CloudWatch must get a verdict every minute.
        cloudwatch=client("cloudwatch", 3, 8),
        runtime=client("sagemaker-runtime", 1, 15),
        scaling=client("application-autoscaling"),
    )
    missing = missing_members(aws)
    if missing:
        raise DeploymentError(
            f"boto3 {boto3.__version__} does not know {', '.join(missing)}. "
            f"Next: use a build image with boto3 {MINIMUM_BOTO3} or newer"
        )
    return aws


def missing_members(aws: Aws) -> list[str]:
    """Operations and members of MEMBERS that this boto3 does not have."""
    missing: list[str] = []
    for field, operations in MEMBERS.items():
        model = getattr(aws, field).meta.service_model
        for operation, members in operations.items():
            if operation not in model.operation_names:
                missing.append(operation)
                continue
            shape = model.operation_model(operation).input_shape
            missing += [
                f"{operation}.{member}" for member in members.split() if not _has(shape, member)
            ]
    return missing


def _has(shape: Any, member: str) -> bool:
    for name in member.split("."):
        while shape.type_name == "list":
            shape = shape.member
        if shape.type_name != "structure" or name not in shape.members:
            return False
        shape = shape.members[name]
    return True


def is_missing(error: ClientError) -> bool:
    """Whether AWS says that the resource does not exist."""
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    # SageMaker has no error code for a missing resource.
    text = r"could not find|does not exist|not found"
    return code in _MISSING or (
        code == "ValidationException" and re.search(text, message, re.IGNORECASE) is not None
    )


_MISSING = {
    "404",
    "ImageNotFoundException",
    "NoSuchKey",
    "NotFound",
    "ObjectNotFoundException",
    "RepositoryNotFoundException",
    "ResourceNotFound",
    "ResourceNotFoundException",
}


def is_transient(error: ClientError) -> bool:
    """Whether the same call may succeed later: throttling, or an error of the service."""
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return status >= 500 or status == 429 or "Throttl" in error.response["Error"]["Code"]


def unless_missing(call: Callable[..., Any], **request: Any) -> Any:
    """The answer of a call; None if the resource does not exist."""
    try:
        return call(**request)
    except ClientError as error:
        if is_missing(error):
            return None
        raise


def say(line: str) -> None:
    """One line of the build log."""
    print(line, flush=True)


def change(title: str, call: Callable[[], Any], is_done: Callable[[], bool]) -> bool:
    """Makes one change; returns whether this call made it.

    A response can get lost after the effect, and the retry of the SDK then fails. So after an
    error, AWS is asked whether the change took effect.
    """
    try:
        call()
    except (BotoCoreError, ClientError):
        if not is_done():
            raise
        say(f"{title}: already done")
        return False
    say(f"{title}: done")
    return True


def tags_of(aws: Aws, arn: str) -> dict[str, str]:
    """Tags of a SageMaker resource; empty if it does not exist."""
    pages = aws.sagemaker.get_paginator("list_tags").paginate(ResourceArn=arn)
    found = unless_missing(lambda: [tag for page in pages for tag in page["Tags"]])
    return {tag["Key"]: tag["Value"] for tag in found or []}


def tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    """Tags as the API takes them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
