"""Settings of the test: environment variables, the stage's config file and deployment.json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from deployment.settings import (
    ENDPOINT_NAME,
    REGION,
    Setting,
    SettingsError,
    count,
    integer,
    json_file,
    mapping,
    matching,
    number,
    read,
    read_group,
    text,
)
from deployment.stage_config import TEST

TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Thresholds:
    """Thresholds of the test; None: not tested."""

    minimum_agreement: float
    tolerance: float
    minimum_accuracy: float | None
    maximum_latency_milliseconds: float | None


@dataclass(frozen=True)
class ProductionVersion:
    """Model version in production during the test."""

    model_package_arn: str
    model_version: int
    metrics: dict[str, float]


@dataclass(frozen=True)
class Deployment:
    """Content of deployment.json, which the deployment of the endpoint writes."""

    model_package_arn: str
    model_version: int
    reason: str
    rejected_model_package_arn: str | None
    metrics: dict[str, float]
    # With the champion of its training, on the same rows.
    comparison: str | None
    sample_location: str | None
    running: ProductionVersion | None
    # In UTC.
    staging_until: str | None


@dataclass(frozen=True)
class Settings:
    """Endpoint, thresholds, deployment, and path of the report."""

    region: str
    endpoint_name: str
    approval_timeout_minutes: int
    staging_hours: int
    results: Path
    thresholds: Thresholds
    deployment: Deployment


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Reads the settings of the test; the error lists all problems at once."""
    values, problems = read(VARIABLES, environment)
    thresholds: dict[str, Any] = {}
    if "config" in values:
        thresholds, found = _thresholds(values.pop("config"))
        problems += found
    deployment: dict[str, Any] = {}
    if "folder" in values:
        deployment, found = _deployment(values.pop("folder"))
        problems += found
    if problems:
        raise SettingsError("the settings of the test", problems)
    return Settings(
        **values, thresholds=Thresholds(**thresholds), deployment=Deployment(**deployment)
    )


def _thresholds(file: Path) -> tuple[dict[str, Any], list[str]]:
    config, problems = json_file(file)
    values, found = read_group("test", TEST, config, f"{file}: ")
    return values or read(TEST, {})[0], problems + found


def _deployment(folder: Path) -> tuple[dict[str, Any], list[str]]:
    content, problems = json_file(folder / "deployment.json")
    if problems:
        return {}, problems
    values, problems = read(DEPLOYMENT, content, "deployment.json: ")
    if isinstance(values.get("running"), dict):
        running, found = read(RUNNING, values["running"], "deployment.json: running.")
        problems += found
        if not found:
            values["running"] = ProductionVersion(**running)
    return values, problems


def _metrics(value: Any) -> dict[str, float]:
    if not isinstance(value, dict):
        raise ValueError(value)
    parse = number(float("-inf"))
    return {name: parse(metric) for name, metric in value.items()}


def _time(value: Any) -> str:
    datetime.strptime(matching(r"\S+")(value), TIME)
    return value


def _path(value: Any) -> Path:
    return Path(matching(r".+")(value))


_PACKAGE_ARN = (
    "must be the ARN of a model package",
    "arn:aws:sagemaker:us-east-1:123456789012:model-package/mlops-churn--dev--models/2",
    matching(r"arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:\d{12}:model-package/[^/]+/\d+"),
)
_VERSION = ("must be the number of a model version", "2", integer(1))
_METRICS = ("must map metric names to numbers", '{"Accuracy": 0.97}', _metrics, True, {})

VARIABLES = {
    "region": text("AWS_REGION", "an AWS Region", "us-east-1", REGION),
    "endpoint_name": text(
        "ENDPOINT_NAME", "the name of an endpoint", "mlops-churn--dev--staging", ENDPOINT_NAME
    ),
    # 0: no approval; staging is kept.
    "approval_timeout_minutes": count(
        "APPROVAL_TIMEOUT_MINUTES", 86_400, "minutes", 10_080, is_optional=True
    ),
    "staging_hours": count("STAGING_HOURS", 720, "hours", 24, is_optional=True),
    "config": Setting(
        "BUILD_CONFIG", "must be the path of the stage's config file", "staging-config.json", _path
    ),
    "results": Setting(
        "EXPORT_TEST_RESULTS", "must be the path of the report", "test-results.json", _path
    ),
    "folder": Setting(
        "CODEBUILD_SRC_DIR_Deployment",
        "must be the folder of deployment.json",
        "/codebuild/output/src2/src/Deployment",
        _path,
    ),
}

DEPLOYMENT = {
    "model_package_arn": Setting("modelPackageArn", *_PACKAGE_ARN),
    "model_version": Setting("modelVersion", *_VERSION),
    "reason": Setting(
        "reason", "must be approved or rejected", "approved", matching("approved|rejected")
    ),
    "rejected_model_package_arn": Setting("rejectedModelPackageArn", *_PACKAGE_ARN, True),
    "metrics": Setting("metrics", *_METRICS),
    "comparison": Setting(
        "comparison", "must be a text", "no difference beyond noise", matching(r"(?s).+"), True
    ),
    "sample_location": Setting(
        "sampleLocation",
        "must be the S3 URI of a folder",
        "s3://mlops-churn--dev--1a2b3c4d/mlops-churn--dev--training"
        "/executions/abc123/Evaluate/sample",
        matching(r"s3://[a-z0-9.-]+/.+"),
        True,
    ),
    "running": Setting(
        "running",
        "must be the production version",
        '{"modelPackageArn": "...", "modelVersion": 1}',
        mapping,
        True,
    ),
    "staging_until": Setting(
        "stagingUntil", "must be a time in UTC", "2026-12-06T16:00:00Z", _time, True
    ),
}

RUNNING = {
    "model_package_arn": Setting("modelPackageArn", *_PACKAGE_ARN),
    "model_version": Setting("modelVersion", *_VERSION),
    "metrics": Setting("metrics", *_METRICS),
}
