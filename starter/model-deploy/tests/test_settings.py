"""Settings from environment variables and two files; one error with all problems."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from conftest import CONFIG, DEPLOYMENT, ENDPOINT, GROUP, SAMPLE

from acceptance.settings import (
    DEPLOYMENT as DEPLOYMENT_KEYS,
)
from acceptance.settings import (
    VARIABLES,
    Deployment,
    ProductionVersion,
    Settings,
    Thresholds,
    read_settings,
)
from deployment import variables
from deployment.settings import SettingsError
from deployment.stage_config import GROUPS, INSTANCES, SERVERLESS
from deployment.stage_config import TEST as THRESHOLDS

ROOT = Path(__file__).parents[1]
Build = Callable[..., dict[str, str]]


def test_reads_the_settings_of_a_build(build: Build, tmp_path: Path) -> None:
    assert read_settings(build()) == Settings(
        region="us-east-1",
        endpoint_name=ENDPOINT,
        approval_timeout_minutes=0,
        staging_hours=0,
        results=tmp_path / "test-results.json",
        thresholds=Thresholds(1, 0.000001, 0.75, 500),
        deployment=Deployment(
            model_package_arn=f"{GROUP}/2",
            model_version=2,
            reason="approved",
            rejected_model_package_arn=None,
            metrics={"Accuracy": 0.97, "roc_auc": 0.991},
            comparison=None,
            sample_location=SAMPLE,
            running=ProductionVersion(f"{GROUP}/1", 1, {"Accuracy": 0.965}),
            staging_until=None,
        ),
    )


def test_reads_the_first_deployment_of_a_project(build: Build) -> None:
    first = {"modelPackageArn": f"{GROUP}/1", "modelVersion": 1, "reason": "approved"}
    deployment = read_settings(build(deployment={**first, "metrics": {}})).deployment
    assert deployment == Deployment(f"{GROUP}/1", 1, "approved", None, {}, None, None, None, None)


def test_default_thresholds_require_all_answers_to_match(build: Build) -> None:
    thresholds = read_settings(build(config={"instanceCount": 1})).thresholds
    assert thresholds == Thresholds(1, 0.000001, None, None)


def test_one_error_lists_all_problems(build: Build, tmp_path: Path) -> None:
    environment = build(
        deployment={**DEPLOYMENT, "modelVersion": "2", "running": {"modelVersion": 1}},
        config={"test": {"minimumAgreement": 100, "minimumAcuracy": 0.9, "speed": 1}},
        AWS_REGION="Virginia",
    )
    del environment["ENDPOINT_NAME"]
    with pytest.raises(SettingsError) as error:
        read_settings(environment)
    config = tmp_path / "staging-config.json"
    names = "maximumLatencyMilliseconds, minimumAccuracy, minimumAgreement, tolerance"
    head, *problems = str(error.value).splitlines()
    assert head == "7 problems in the settings of the test:"
    assert sorted(problems) == sorted(
        [
            '- AWS_REGION must be an AWS Region (e.g. us-east-1), got "Virginia"',
            "- ENDPOINT_NAME must be the name of an endpoint "
            "(e.g. mlops-churn--dev--staging), but is not set",
            f"- {config}: test.minimumAgreement must be a number from 0 to 1 (e.g. 1), got 100",
            f"- {config}: test.minimumAcuracy is not a setting; did you mean minimumAccuracy?",
            f"- {config}: test.speed is not a setting; settings are {names}",
            "- deployment.json: modelVersion must be the number of a model version (e.g. 2), "
            'got "2"',
            "- deployment.json: running.modelPackageArn must be the ARN of a model package "
            f"(e.g. {GROUP}/2), but is not set",
        ]
    )


def test_accepts_the_minimum_of_every_threshold(build: Build) -> None:
    minimum = {"minimumAgreement": 0, "tolerance": 0, "minimumAccuracy": 0}
    thresholds = read_settings(
        build(config={"test": {**minimum, "maximumLatencyMilliseconds": 1}})
    ).thresholds
    assert thresholds == Thresholds(0, 0, 0, 1)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("minimumAgreement", True),
        ("minimumAgreement", "1"),
        ("minimumAccuracy", -0.1),
        ("minimumAccuracy", float("nan")),
        ("maximumLatencyMilliseconds", 0),
        ("maximumLatencyMilliseconds", float("inf")),
        ("tolerance", -1),
    ],
)
def test_error_names_the_invalid_threshold_and_its_value(
    build: Build, key: str, value: Any
) -> None:
    with pytest.raises(SettingsError, match=rf"\n- .*: test\.{key} must be .*\(e\.g\. ") as error:
        read_settings(build(config={"test": {key: value}}))
    assert str(error.value).endswith(f", got {json.dumps(value)}")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("modelPackageArn", "mlops-churn--dev--models/2"),
        ("modelVersion", 0),
        ("reason", "Approved"),
        ("rejectedModelPackageArn", GROUP),
        ("metrics", {"Accuracy": "high"}),
        ("metrics", [0.97]),
        ("comparison", 0.97),
        ("sampleLocation", f"https://{SAMPLE}"),
        ("running", "version 1"),
    ],
)
def test_error_names_the_invalid_key_of_the_deployment_and_its_value(
    build: Build, key: str, value: Any
) -> None:
    with pytest.raises(SettingsError, match=rf"\n- deployment\.json: {key} must ") as error:
        read_settings(build(deployment={**DEPLOYMENT, key: value}))
    assert str(error.value).endswith(f", got {json.dumps(value)}")


@pytest.mark.parametrize("file", ["deployment", "config"])
@pytest.mark.parametrize(
    ("content", "problem"),
    [("{", "must be JSON: "), ("[]", r"must be a JSON object, got \[\]")],
)
def test_error_names_a_file_that_is_not_json(
    build: Build, file: str, content: str, problem: str
) -> None:
    with pytest.raises(SettingsError, match=rf"{file}\.json {problem}"):
        read_settings(build(**{file: content}))


def test_error_names_missing_files(build: Build, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    with pytest.raises(SettingsError) as error:
        read_settings(build(BUILD_CONFIG=missing, CODEBUILD_SRC_DIR_Deployment=missing))
    assert error.value.problems == [
        f"{missing} cannot be read: No such file or directory",
        f"{missing}/deployment.json cannot be read: No such file or directory",
    ]


def test_rejects_thresholds_that_are_not_an_object(build: Build) -> None:
    with pytest.raises(SettingsError, match=r'test must be an object .*, got "fast"'):
        read_settings(build(config={"test": "fast"}))


def test_every_example_is_valid() -> None:
    for variable in VARIABLES.values():
        variable.parse(variable.example)
    for threshold in THRESHOLDS.values():
        threshold.parse(json.loads(threshold.example))
    for name in ("comparison", "model_package_arn", "sample_location", "reason"):
        DEPLOYMENT_KEYS[name].parse(DEPLOYMENT_KEYS[name].example)


def test_every_field_has_a_setting() -> None:
    assert [it.name for it in fields(Thresholds)] == list(THRESHOLDS)
    assert [it.name for it in fields(Deployment)] == list(DEPLOYMENT_KEYS)


def test_readme_lists_every_variable_and_every_threshold() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([A-Z][A-Za-z_]+)` +\| [^|]+\|$", readme, re.MULTILINE)
    tables = [VARIABLES, variables.PIPELINE, variables.QUEUE, variables.RUN, variables.STAGE]
    settings = [it for table in tables for it in table.values()]
    assert listed == sorted({it.name for it in settings})
    thresholds = re.findall(r"^\| `test\.(\w+)`", readme, re.MULTILINE)
    assert thresholds == [it.name for it in THRESHOLDS.values()]


def test_readme_lists_every_key_of_the_config_files() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    keys = re.findall(r"^\| `([a-z]\w+(?:\.\w+)?)` +\|", readme, re.MULTILINE)
    groups = {**GROUPS, "serverless": SERVERLESS, "test": THRESHOLDS}
    expected = {it.name for it in INSTANCES.values()}
    for group, settings in groups.items():
        expected |= {f"{group}.{it.name}" for it in settings.values()}
    assert set(keys) - {*groups, "buildspec.yml"} == expected


def test_only_the_staging_config_has_thresholds() -> None:
    staging = json.loads((ROOT / "staging-config.json").read_text(encoding="utf-8"))
    prod = json.loads((ROOT / "prod-config.json").read_text(encoding="utf-8"))
    assert staging["test"].keys() == CONFIG["test"].keys()
    assert "test" not in prod


def test_staging_config_has_valid_thresholds(build: Build) -> None:
    read_settings(build(config=(ROOT / "staging-config.json").read_text(encoding="utf-8")))
