"""Test environment: the variables of a test build, stubbed AWS clients, no network access."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from acceptance import command, endpoint
from acceptance.settings import VARIABLES

GROUP = "arn:aws:sagemaker:us-east-1:123456789012:model-package/mlops-churn--dev--models"
BUCKET = "mlops-churn--dev--1a2b3c4d"
SAMPLE = f"s3://{BUCKET}/mlops-churn--dev--training/executions/abc123/Evaluate/sample"
ENDPOINT = "mlops-churn--dev--staging"
DEPLOYMENT = {
    "modelPackageArn": f"{GROUP}/2",
    "modelVersion": 2,
    "reason": "approved",
    "metrics": {"Accuracy": 0.97, "roc_auc": 0.991},
    "sampleLocation": SAMPLE,
    "running": {
        "modelPackageArn": f"{GROUP}/1",
        "modelVersion": 1,
        "metrics": {"Accuracy": 0.965},
    },
}
CONFIG = {
    "instanceType": "ml.m5.large",
    "instanceCount": 1,
    "test": {
        "minimumAgreement": 1,
        "tolerance": 0.000001,
        "minimumAccuracy": 0.75,
        "maximumLatencyMilliseconds": 500,
    },
}
# Four patients; the model is wrong about one of them.
REQUESTS = ["1.5,2", "3,4", "5,6", "7,8"]
EXPECTED = [0.9, 0.2, 0.8, 0.6]
LABELS = [1, 0, 1, 0]


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def reject(_self: object, request: Any) -> None:
        raise AssertionError(f"unexpected call to AWS: {request.url}")

    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", reject)
    monkeypatch.setattr(endpoint, "RETRY_SECONDS", 0)
    # The build that runs these tests sets the same variables.
    for variable in VARIABLES.values():
        monkeypatch.delenv(variable.name, raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """Writes the input files of a build and returns its environment."""

    def environment(
        deployment: Any = DEPLOYMENT, config: Any = CONFIG, **variables: str
    ) -> dict[str, str]:
        (tmp_path / "deployment.json").write_text(_as_text(deployment))
        (tmp_path / "staging-config.json").write_text(_as_text(config))
        return {
            "AWS_REGION": "us-east-1",
            "BUILD_CONFIG": str(tmp_path / "staging-config.json"),
            "CODEBUILD_SRC_DIR_Deployment": str(tmp_path),
            "ENDPOINT_NAME": ENDPOINT,
            "EXPORT_TEST_RESULTS": str(tmp_path / "test-results.json"),
            **variables,
        }

    return environment


class StubbedAws:
    """Stubs of S3, SageMaker and the endpoint; botocore validates every call with its API model."""

    def __init__(self) -> None:
        self.s3 = Stubber(boto3.client("s3", region_name="us-east-1"))
        self.sagemaker = Stubber(boto3.client("sagemaker", region_name="us-east-1"))
        self.runtime = Stubber(boto3.client("sagemaker-runtime", region_name="us-east-1"))
        self.stubs = [self.s3, self.sagemaker, self.runtime]

    def create_clients(self, region: str) -> tuple[Any, Any, Any]:
        """Replacement of the function of the command."""
        assert region == "us-east-1"
        return self.s3.client, self.sagemaker.client, self.runtime.client

    def expect_sample(self, requests: str | None = None, expected: str | None = None) -> None:
        """Expects the reads of both files of the sample set."""
        rows = [f"{label},{answer}" for label, answer in zip(LABELS, EXPECTED, strict=True)]
        texts = {
            "request.csv": "\n".join([*REQUESTS, ""]) if requests is None else requests,
            "expected.csv": (
                "\n".join(["malignant,probability", *rows, ""]) if expected is None else expected
            ),
        }
        for name, text in texts.items():
            key = f"{SAMPLE.removeprefix(f's3://{BUCKET}/')}/{name}"
            answer = {"Body": _stream(text.encode())}
            self.s3.add_response("get_object", answer, {"Bucket": BUCKET, "Key": key})

    def expect_endpoint(
        self, status: str = "InService", config: str = f"{ENDPOINT}-2-0a1b2c3d", **more: str
    ) -> None:
        """Expects the call that describes the endpoint."""
        answer = {
            "EndpointName": ENDPOINT,
            "EndpointArn": f"arn:aws:sagemaker:us-east-1:123456789012:endpoint/{ENDPOINT}",
            "EndpointConfigName": config,
            "EndpointStatus": status,
            "CreationTime": 0,
            "LastModifiedTime": 0,
            **more,
        }
        self.sagemaker.add_response("describe_endpoint", answer, {"EndpointName": ENDPOINT})

    def expect_answer(self, row: str, text: str, content_type: str = "text/csv") -> None:
        """Expects an invocation with a row."""
        answer = {"Body": _stream(text.encode()), "ContentType": content_type}
        self.runtime.add_response("invoke_endpoint", answer, _request(row))

    def expect_all_answers(self, probabilities: list[float] = EXPECTED) -> None:
        """Expects the warm-up call with the first row, and one call per row."""
        for row, probability in zip(
            [REQUESTS[0], *REQUESTS], [probabilities[0], *probabilities], strict=True
        ):
            self.expect_answer(row, f"{probability}\n")

    def expect_error(self, row: str, code: str, message: str = "", **more: Any) -> None:
        """Expects an invocation with a row; the answer is an error."""
        self.runtime.add_client_error(
            "invoke_endpoint", code, message, modeled_fields=more, expected_params=_request(row)
        )


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Stubbed AWS clients; fails on a missing and on an unexpected call."""
    stubbed = StubbedAws()
    monkeypatch.setattr(command, "create_clients", stubbed.create_clients)
    # tests/test_life_cycle.py tests it.
    monkeypatch.setattr(command, "record_staging", lambda _settings: None)
    for stub in stubbed.stubs:
        stub.activate()
    yield stubbed
    for stub in stubbed.stubs:
        stub.assert_no_pending_responses()


def _request(row: str) -> dict[str, Any]:
    return {
        "EndpointName": ENDPOINT,
        "ContentType": "text/csv",
        "Accept": "text/csv",
        "Body": f"{row}\n".encode(),
    }


def _stream(content: bytes) -> StreamingBody:
    return StreamingBody(io.BytesIO(content), len(content))


def _as_text(content: Any) -> str:
    return content if isinstance(content, str) else json.dumps(content)
