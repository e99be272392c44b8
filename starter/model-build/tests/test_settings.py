"""Settings from environment variables: values, defaults, and one error with all problems."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from conftest import BUILD, COMMIT, KEY, ROLE

from pipelines.settings import VARIABLES, Run, SettingsError, read_run, read_settings

ROOT = Path(__file__).parents[1]
COMMANDS = ["pipelines.run_pipeline", "pipelines.get_pipeline_definition"]


def test_reads_the_variables_of_a_build() -> None:
    settings, run = read_run(BUILD)
    assert asdict(settings) == {
        "region": "us-east-1",
        "project_name": "churn",
        "project_id": "dev",
        "pipeline_name": "mlops-churn--dev--training",
        "pipeline_description": "Trains, evaluates and registers a model.",
        "model_package_group_name": "mlops-churn--dev--models",
        "role": ROLE,
        "default_bucket": "mlops-churn--dev--1a2b3c4d",
        "bucket_kms_id": KEY,
        "data_uri": "",
        "processing_instance_type": "ml.t3.medium",
        "training_instance_type": "ml.m5.large",
        "subnet_ids": [],
        "security_group_ids": [],
        "enable_network_isolation": False,
        "encrypt_inter_container_traffic": False,
    }
    assert run == Run(
        COMMIT,
        "11111111-2222-3333-4444-555555555555",
        prod_endpoint_name="",
        wait_for_training=False,
    )


def test_reads_optional_variables() -> None:
    settings, run = read_run(
        {
            **BUILD,
            "DATA_S3_URI": "s3://churn-data/2026-11/",
            "ENABLE_NETWORK_ISOLATION": "True",
            "ENCRYPT_INTER_CONTAINER_TRAFFIC": "true",
            "PROCESSING_INSTANCE_TYPE": "ml.m5.xlarge",
            "SAGEMAKER_PIPELINE_DESCRIPTION": "Churn",
            "SECURITY_GROUP_IDS": '["sg-1"]',
            "SUBNET_IDS": '["subnet-1", "subnet-2"]',
            "TRAINING_INSTANCE_TYPE": "ml.c5.xlarge",
            "WAIT_FOR_TRAINING": "true",
        }
    )
    assert settings.data_uri == "s3://churn-data/2026-11/"
    assert settings.enable_network_isolation
    assert settings.encrypt_inter_container_traffic
    assert settings.processing_instance_type == "ml.m5.xlarge"
    assert settings.pipeline_description == "Churn"
    assert settings.security_group_ids == ["sg-1"]
    assert settings.subnet_ids == ["subnet-1", "subnet-2"]
    assert settings.training_instance_type == "ml.c5.xlarge"
    assert run.wait_for_training


def test_definition_needs_no_commit() -> None:
    without_commit = {
        name: value for name, value in BUILD.items() if not name.startswith(("CODEB", "CODEP"))
    }
    assert read_settings(without_commit) == read_settings(BUILD)
    with pytest.raises(SettingsError, match="CODEBUILD_RESOLVED_SOURCE_VERSION"):
        read_run(without_commit)


def test_one_error_lists_all_problems() -> None:
    environment = {
        **BUILD,
        "ARTIFACT_BUCKET": "",
        "ARTIFACT_BUCKET_KMS_ID": "alias/churn",
        "SUBNET_IDS": "subnet-1",
        "WAIT_FOR_TRAINING": "yes",
    }
    del environment["SAGEMAKER_PIPELINE_ROLE_ARN"]
    with pytest.raises(SettingsError) as error:
        read_run(environment)
    assert str(error.value).splitlines() == [
        "5 problems in the environment variables:",
        "- SAGEMAKER_PIPELINE_ROLE_ARN must be the ARN of an IAM role "
        f"(e.g. {ROLE}), but is not set",
        "- ARTIFACT_BUCKET must be the name of an S3 bucket "
        "(e.g. mlops-churn--dev--1a2b3c4d), but is not set",
        f"- ARTIFACT_BUCKET_KMS_ID must be the ARN of a KMS key, not of an alias (e.g. {KEY}), "
        'got "alias/churn"',
        '- SUBNET_IDS must be a JSON list of subnet IDs (e.g. ["subnet-0a1b2c3d"]), got "subnet-1"',
        '- WAIT_FOR_TRAINING must be true or false (e.g. true), got "yes"',
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_REGION", "Virginia"),
        ("CODEBUILD_RESOLVED_SOURCE_VERSION", "main"),
        ("CODEPIPELINE_EXECUTION_ID", "#{codepipeline.PipelineExecutionId}"),
        ("DATA_S3_URI", "churn-data/2026-11"),
        ("DATA_S3_URI", "s3://churn-data/" + "a" * 241),
        ("DATA_S3_URI", "s3://churn-data/(new)"),
        ("ENABLE_NETWORK_ISOLATION", "1"),
        ("MODEL_PACKAGE_GROUP_NAME", "churn_models"),
        ("SAGEMAKER_PIPELINE_NAME", "churn-"),
        ("SAGEMAKER_PIPELINE_ROLE_ARN", "mlops-churn--dev--execution-use1"),
        ("SAGEMAKER_PROJECT_ID", "d" * 33),
        ("SECURITY_GROUP_IDS", '"sg-1"'),
        ("SUBNET_IDS", '["sg-1"]'),
        ("TRAINING_INSTANCE_TYPE", "m5.large"),
    ],
)
def test_error_names_the_invalid_variable_and_its_value(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"\n- {name} .* \(e\.g\. .*\), got \"") as error:
        read_run({**BUILD, name: value})
    assert str(error.value).endswith(f'got "{value}"')


def test_every_example_is_valid() -> None:
    for variable in VARIABLES:
        variable.parse(variable.example)


def test_rejects_subnets_without_security_groups() -> None:
    with pytest.raises(SettingsError, match=r"SUBNET_IDS and SECURITY_GROUP_IDS .* together"):
        read_settings({**BUILD, "SUBNET_IDS": '["subnet-1"]'})


@pytest.mark.parametrize("module", COMMANDS)
def test_command_without_variables_lists_them_and_exits_with_2(module: str) -> None:
    result = _call(module)
    assert result.returncode == 2
    assert result.stdout == ""
    assert "ARTIFACT_BUCKET must be" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("module", COMMANDS)
def test_command_prints_help(module: str) -> None:
    result = _call(module, "--help")
    assert result.returncode == 0
    assert "--module-name" in result.stdout


def test_readme_lists_every_variable() -> None:
    rows = re.findall(r"^\| `([A-Z0-9_]+)`", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert rows == sorted(variable.name for variable in VARIABLES)


def _call(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - command of this project
        [
            sys.executable,
            "-c",
            f"import sys, {module} as command; sys.exit(command.main())",
            *arguments,
        ],
        cwd=ROOT,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
