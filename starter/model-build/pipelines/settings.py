"""Settings of the build, read only from environment variables."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


class SettingsError(Exception):
    """All missing and invalid variables, each with its rule, an example and its value."""


@dataclass(frozen=True)
class Settings:
    """Settings of the pipeline; the field names are those of AWS's project templates."""

    region: str
    project_name: str
    project_id: str
    pipeline_name: str
    pipeline_description: str
    model_package_group_name: str
    role: str
    default_bucket: str
    bucket_kms_id: str
    data_uri: str
    processing_instance_type: str
    training_instance_type: str
    subnet_ids: list[str]
    security_group_ids: list[str]
    enable_network_isolation: bool
    encrypt_inter_container_traffic: bool

    @property
    def tags(self) -> list[dict[str, str]]:
        """Tags that assign a resource to the SageMaker project."""
        return [
            {"Key": "sagemaker:project-id", "Value": self.project_id},
            {"Key": "sagemaker:project-name", "Value": self.project_name},
        ]


@dataclass(frozen=True)
class Run:
    """Build that starts the pipeline; `wait_for_training`: wait until the training ends.

    `prod_endpoint_name`: endpoint of the champion; empty without a deployment.
    """

    commit: str
    codepipeline_execution_id: str
    prod_endpoint_name: str
    wait_for_training: bool


@dataclass(frozen=True)
class Trial:
    """Trial of a commit: role of its SageMaker pipeline, and its limit."""

    commit: str
    max_instance_minutes: int
    pipeline_role: str


@dataclass(frozen=True)
class Variable:
    """Environment variable; required unless it has a default."""

    name: str
    rule: str
    example: str
    parse: Callable[[str], Any]
    default: Any = None


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Reads the settings of the pipeline; the error lists all problems at once."""
    values, problems = _read(_SETTINGS, environment)
    _raise_problems(problems + _network_problems(values))
    return Settings(**values)


def read_run(environment: Mapping[str, str]) -> tuple[Settings, Run]:
    """Reads the settings and the build; the error lists all problems at once."""
    values, problems = _read(_SETTINGS, environment)
    run, run_problems = _read(_RUN, environment)
    _raise_problems(problems + _network_problems(values) + run_problems)
    return Settings(**values), Run(**run)


def read_trial(environment: Mapping[str, str]) -> tuple[Settings, Trial]:
    """Reads the settings and the trial; the error lists all problems at once."""
    values, problems = _read(_SETTINGS, environment)
    trial, trial_problems = _read(_TRIAL, environment)
    _raise_problems(problems + _network_problems(values) + trial_problems)
    return Settings(**values), Trial(**trial)


def trial_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Environment with the variables in TRIAL_SETTINGS, the output trialSettings of the stack."""
    text = environment.get("TRIAL_SETTINGS", "{}")
    try:
        return {**environment, **json.loads(text)}
    except (TypeError, ValueError) as error:
        raise SettingsError(
            "TRIAL_SETTINGS must be the output trialSettings of the infrastructure: JSON"
        ) from error


def _read(
    variables: Mapping[str, Variable], environment: Mapping[str, str]
) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    problems: list[str] = []
    for field, variable in variables.items():
        text = environment.get(variable.name, "")
        values[field] = variable.default
        if text == "" and variable.default is not None:
            continue
        try:
            values[field] = variable.parse(text)
        except ValueError:
            got = f'got "{text}"' if text else "but is not set"
            problems.append(f"{variable.name} {variable.rule} (e.g. {variable.example}), {got}")
    return values, problems


def _network_problems(values: Mapping[str, Any]) -> list[str]:
    if bool(values["subnet_ids"]) == bool(values["security_group_ids"]):
        return []
    return ["SUBNET_IDS and SECURITY_GROUP_IDS must be set together, but only one of them has IDs"]


def _raise_problems(problems: list[str]) -> None:
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise SettingsError("\n- ".join([f"{count} in the environment variables:", *problems]))


def _matching(pattern: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if re.fullmatch(pattern, text) is None:
            raise ValueError(text)
        return text

    return parse


def _ids(prefix: str) -> Callable[[str], list[str]]:
    matching = _matching(rf"{prefix}-\w+")

    def parse(text: str) -> list[str]:
        ids = json.loads(text)
        if not isinstance(ids, list):
            raise ValueError(text)
        return [matching(str(item)) for item in ids]

    return parse


def _flag(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise ValueError(text)
    return text.lower() == "true"


_NAME_RULE = "must be 1 to 32 letters, digits and hyphens"
_INSTANCE = ("must be a SageMaker instance type", "ml.m5.large", _matching(r"ml\.[a-z0-9.-]+"))
_FLAG = ("must be true or false", "true", _flag, False)

_ROLE = _matching(r"arn:aws[a-z-]*:iam::\d{12}:role/.+")
_COMMIT = _matching(r"[0-9a-f]{40}|[0-9a-f]{64}")


def _minutes(text: str) -> int:
    return int(_matching(r"[1-9]\d{0,5}")(text))


_SETTINGS = {
    "region": Variable(
        "AWS_REGION", "must be an AWS Region", "us-east-1", _matching(r"[a-z]{2,}(-[a-z]+)+-\d")
    ),
    "project_name": Variable(
        "SAGEMAKER_PROJECT_NAME", _NAME_RULE, "churn", _matching(r"[a-zA-Z0-9-]{1,32}")
    ),
    "project_id": Variable(
        "SAGEMAKER_PROJECT_ID", _NAME_RULE, "dev", _matching(r"[a-zA-Z0-9-]{1,32}")
    ),
    "pipeline_name": Variable(
        "SAGEMAKER_PIPELINE_NAME",
        "must be 1 to 256 letters, digits and hyphens",
        "mlops-churn--dev--training",
        _matching(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}"),
    ),
    "pipeline_description": Variable(
        "SAGEMAKER_PIPELINE_DESCRIPTION",
        "must have 1 to 3072 characters",
        "Trains the churn model",
        _matching(r"(?s).{1,3072}"),
        "Trains, evaluates and registers a model.",
    ),
    "model_package_group_name": Variable(
        "MODEL_PACKAGE_GROUP_NAME",
        "must be 1 to 63 letters, digits and hyphens",
        "mlops-churn--dev--models",
        _matching(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"),
    ),
    "role": Variable(
        "SAGEMAKER_PIPELINE_ROLE_ARN",
        "must be the ARN of an IAM role",
        "arn:aws:iam::123456789012:role/mlops-churn--dev--execution-use1",
        _ROLE,
    ),
    "default_bucket": Variable(
        "ARTIFACT_BUCKET",
        "must be the name of an S3 bucket",
        "mlops-churn--dev--1a2b3c4d",
        _matching(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"),
    ),
    "bucket_kms_id": Variable(
        "ARTIFACT_BUCKET_KMS_ID",
        "must be the ARN of a KMS key, not of an alias",
        "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        _matching(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[a-zA-Z0-9-]+"),
    ),
    "data_uri": Variable(
        "DATA_S3_URI",
        # A value in the metadata of a model version has at most 256 of these characters.
        # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackage.html
        "must be the S3 URI of a folder: at most 256 letters, digits, spaces and any of _.:/=+@-",
        "s3://churn-data/2026-11/",
        _matching(r"(?=.{1,256}$)s3://[a-z0-9.-]+/[\w.:/=+@ -]+"),
        "",
    ),
    "processing_instance_type": Variable("PROCESSING_INSTANCE_TYPE", *_INSTANCE, "ml.t3.medium"),
    "training_instance_type": Variable("TRAINING_INSTANCE_TYPE", *_INSTANCE, "ml.m5.large"),
    "subnet_ids": Variable(
        "SUBNET_IDS", "must be a JSON list of subnet IDs", '["subnet-0a1b2c3d"]', _ids("subnet"), []
    ),
    "security_group_ids": Variable(
        "SECURITY_GROUP_IDS",
        "must be a JSON list of security group IDs",
        '["sg-0a1b2c3d"]',
        _ids("sg"),
        [],
    ),
    "enable_network_isolation": Variable("ENABLE_NETWORK_ISOLATION", *_FLAG),
    "encrypt_inter_container_traffic": Variable("ENCRYPT_INTER_CONTAINER_TRAFFIC", *_FLAG),
}

_RUN = {
    "commit": Variable(
        "CODEBUILD_RESOLVED_SOURCE_VERSION",
        "must be a full git commit ID",
        "4f2a9c1b7d3e8a6f5c0b9d8e7f6a5b4c3d2e1f0a",
        _COMMIT,
    ),
    "codepipeline_execution_id": Variable(
        "CODEPIPELINE_EXECUTION_ID",
        "must be the ID of a CodePipeline execution",
        "11111111-2222-3333-4444-555555555555",
        _matching(r"[a-zA-Z0-9-]{1,100}"),
    ),
    "prod_endpoint_name": Variable(
        "PROD_ENDPOINT_NAME",
        "must be the name of a SageMaker endpoint",
        "mlops-churn--dev--prod",
        _matching(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"),
        "",
    ),
    "wait_for_training": Variable("WAIT_FOR_TRAINING", *_FLAG),
}

_TRIAL = {
    "commit": Variable(
        "TRIAL_COMMIT",
        "must be a full git commit ID",
        "4f2a9c1b7d3e8a6f5c0b9d8e7f6a5b4c3d2e1f0a",
        _COMMIT,
    ),
    "max_instance_minutes": Variable(
        "TRIAL_MAX_INSTANCE_MINUTES", "must be a number of minutes", "180", _minutes
    ),
    "pipeline_role": Variable(
        "TRIAL_PIPELINE_ROLE_ARN",
        "must be the ARN of an IAM role",
        "arn:aws:iam::123456789012:role/mlops-churn--dev--trial-pipeline-use1",
        _ROLE,
    ),
}

# Every variable that the commands read.
VARIABLES = [*_SETTINGS.values(), *_RUN.values()]
