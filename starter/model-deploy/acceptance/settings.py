"""Settings of the test: environment variables, the stage's config file and deployment.json."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class SettingsError(Exception):
    """All missing and invalid settings, each with its rule, an example and its value."""

    def __init__(self, problems: list[str]) -> None:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__("\n- ".join([f"{count} in the settings of the test:", *problems]))
        self.problems = problems


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
    sample_location: str | None
    running: ProductionVersion | None


@dataclass(frozen=True)
class Settings:
    """Endpoint, thresholds, deployment, and path of the report."""

    region: str
    endpoint_name: str
    results: Path
    thresholds: Thresholds
    deployment: Deployment


@dataclass(frozen=True)
class Setting:
    """Environment variable or key of a file."""

    name: str
    rule: str
    example: str
    parse: Callable[[Any], Any]
    is_optional: bool = False
    default: Any = None


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Reads the settings of the test; the error lists all problems at once."""
    values, problems = _read(VARIABLES, environment)
    thresholds: dict[str, Any] = {}
    if "config" in values:
        thresholds, found = _thresholds(values.pop("config"))
        problems += found
    deployment: dict[str, Any] = {}
    if "folder" in values:
        deployment, found = _deployment(values.pop("folder"))
        problems += found
    if problems:
        raise SettingsError(problems)
    return Settings(
        **values, thresholds=Thresholds(**thresholds), deployment=Deployment(**deployment)
    )


def _thresholds(file: Path) -> tuple[dict[str, Any], list[str]]:
    config, problems = _json(file)
    group = config.get("test", {})
    if not isinstance(group, dict):
        rule = "must be an object of thresholds"
        return {}, [f'{file}: test {rule} (e.g. {{"minimumAgreement": 1}}), got {_as_json(group)}']
    values, found = _read(THRESHOLDS, group, f"{file}: test.")
    names = [setting.name for setting in THRESHOLDS.values()]
    for name in group.keys() - set(names):
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]}?" if near else f"thresholds are {', '.join(sorted(names))}"
        found.append(f"{file}: test.{name} is not a threshold; {hint}")
    return values, problems + found


def _deployment(folder: Path) -> tuple[dict[str, Any], list[str]]:
    content, problems = _json(folder / "deployment.json")
    if problems:
        return {}, problems
    values, problems = _read(DEPLOYMENT, content, "deployment.json: ")
    if isinstance(values.get("running"), dict):
        running, found = _read(RUNNING, values["running"], "deployment.json: running.")
        problems += found
        if not found:
            values["running"] = ProductionVersion(**running)
    return values, problems


def _json(file: Path) -> tuple[dict[str, Any], list[str]]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        return {}, [f"{file} cannot be read: {error.strerror}"]
    except ValueError as error:
        return {}, [f"{file} must be JSON: {error}"]
    if not isinstance(content, dict):
        return {}, [f"{file} must be a JSON object, got {_as_json(content)}"]
    return content, []


def _read(
    settings: Mapping[str, Setting], source: Mapping[str, Any], prefix: str = ""
) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    problems: list[str] = []
    for field, setting in settings.items():
        value = source.get(setting.name)
        is_missing = value is None or value == ""
        if is_missing and setting.is_optional:
            values[field] = setting.default
            continue
        try:
            values[field] = setting.parse(value)
        except ValueError:
            got = "but is not set" if is_missing else f"got {_as_json(value)}"
            rule = f"{setting.name} {setting.rule} (e.g. {setting.example})"
            problems.append(f"{prefix}{rule}, {got}")
    return values, problems


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _matching(pattern: str) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
            raise ValueError(value)
        return value

    return parse


def _number(minimum: float, maximum: float = float("inf")) -> Callable[[Any], float]:
    def parse(value: Any) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        # Python's JSON parser accepts NaN; every comparison with NaN is false.
        if not is_number or not minimum <= value <= maximum or value == float("inf"):
            raise ValueError(value)
        return value

    return parse


def _positive_integer(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(value)
    return value


def _metrics(value: Any) -> dict[str, float]:
    if not isinstance(value, dict):
        raise ValueError(value)
    number = _number(float("-inf"))
    return {name: number(metric) for name, metric in value.items()}


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(value)
    return value


def _path(value: Any) -> Path:
    return Path(_matching(r".+")(value))


_SHARE_RULE = "must be a number from 0 to 1"
_PACKAGE_ARN = (
    "must be the ARN of a model package",
    "arn:aws:sagemaker:us-east-1:123456789012:model-package/mlops-churn--dev--models/2",
    _matching(r"arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:\d{12}:model-package/[^/]+/\d+"),
)
_VERSION = ("must be the number of a model version", "2", _positive_integer)
_METRICS = ("must map metric names to numbers", '{"Accuracy": 0.97}', _metrics, True, {})

VARIABLES = {
    "region": Setting(
        "AWS_REGION", "must be an AWS Region", "us-east-1", _matching(r"[a-z]{2,}(-[a-z]+)+-\d")
    ),
    "endpoint_name": Setting(
        "ENDPOINT_NAME",
        "must be 1 to 63 letters, digits and hyphens",
        "mlops-churn--dev--staging",
        _matching(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"),
    ),
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

THRESHOLDS = {
    "minimum_agreement": Setting("minimumAgreement", _SHARE_RULE, "1", _number(0, 1), True, 1),
    "tolerance": Setting(
        "tolerance", "must be a number of at least 0", "0.000001", _number(0), True, 0.000001
    ),
    "minimum_accuracy": Setting("minimumAccuracy", _SHARE_RULE, "0.9", _number(0, 1), True),
    "maximum_latency_milliseconds": Setting(
        "maximumLatencyMilliseconds", "must be a number of at least 1", "500", _number(1), True
    ),
}

DEPLOYMENT = {
    "model_package_arn": Setting("modelPackageArn", *_PACKAGE_ARN),
    "model_version": Setting("modelVersion", *_VERSION),
    "reason": Setting(
        "reason", "must be approved or rejected", "approved", _matching("approved|rejected")
    ),
    "rejected_model_package_arn": Setting("rejectedModelPackageArn", *_PACKAGE_ARN, True),
    "metrics": Setting("metrics", *_METRICS),
    "sample_location": Setting(
        "sampleLocation",
        "must be the S3 URI of a folder",
        "s3://mlops-churn--dev--1a2b3c4d/mlops-churn--dev--training"
        "/executions/abc123/Evaluate/sample",
        _matching(r"s3://[a-z0-9.-]+/.+"),
        True,
    ),
    "running": Setting(
        "running",
        "must be the production version",
        '{"modelPackageArn": "...", "modelVersion": 1}',
        _object,
        True,
    ),
}

RUNNING = {
    "model_package_arn": Setting("modelPackageArn", *_PACKAGE_ARN),
    "model_version": Setting("modelVersion", *_VERSION),
    "metrics": Setting("metrics", *_METRICS),
}
