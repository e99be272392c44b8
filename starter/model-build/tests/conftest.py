"""Test environment: the variables of a build, and no network access."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

if TYPE_CHECKING:
    from pipelines.local.execution import LocalExecution

# The SDK reads the region at import.
os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
os.environ.pop("AWS_PROFILE", None)

COMMIT = "4f2a9c1b7d3e8a6f5c0b9d8e7f6a5b4c3d2e1f0a"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE = "arn:aws:iam::123456789012:role/mlops-churn--dev--execution-use1"
BUILD = {
    "ARTIFACT_BUCKET": "mlops-churn--dev--1a2b3c4d",
    "ARTIFACT_BUCKET_KMS_ID": KEY,
    "AWS_REGION": "us-east-1",
    "CODEBUILD_RESOLVED_SOURCE_VERSION": COMMIT,
    "CODEPIPELINE_EXECUTION_ID": "11111111-2222-3333-4444-555555555555",
    "MODEL_PACKAGE_GROUP_NAME": "mlops-churn--dev--models",
    "SAGEMAKER_PIPELINE_NAME": "mlops-churn--dev--training",
    "SAGEMAKER_PIPELINE_ROLE_ARN": ROLE,
    "SAGEMAKER_PROJECT_ID": "dev",
    "SAGEMAKER_PROJECT_NAME": "churn",
}
RUN = {
    "GitCommit": COMMIT,
    "CodePipelineExecutionId": BUILD["CODEPIPELINE_EXECUTION_ID"],
}


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def reject(_self: object, request: Any) -> None:
        raise AssertionError(f"unexpected call to AWS: {request.url}")

    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", reject)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def sagemaker() -> Iterator[Stubber]:
    """Stubbed client; a test fails if an expected call is missing."""
    with Stubber(boto3.client("sagemaker", region_name="us-east-1")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def s3() -> Iterator[Stubber]:
    """Stubbed client; a test fails if an expected call is missing."""
    with Stubber(boto3.client("s3", region_name="us-east-1")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture(scope="session")
def define() -> Callable[..., dict[str, Any]]:
    """Definition of the training pipeline for a build with additional variables."""
    from pipelines.settings import read_settings
    from pipelines.training.pipeline import get_pipeline

    def definition(**variables: str) -> dict[str, Any]:
        settings = read_settings({**BUILD, **variables})
        return json.loads(get_pipeline(**asdict(settings)).definition())

    return definition


@pytest.fixture(scope="session")
def execution(
    define: Callable[..., dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> LocalExecution:
    """Local execution of the pipeline on the sample data."""
    from pipelines.local.execution import LocalExecution
    from pipelines.settings import read_settings
    from pipelines.training.pipeline import get_inputs

    inputs = get_inputs(**asdict(read_settings(BUILD)))
    return LocalExecution(tmp_path_factory.mktemp("execution"), inputs).run(define(), RUN)
