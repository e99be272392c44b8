"""An environment like a test build's, fakes of AWS, and no way to the network."""

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

GROUP = "arn:aws:sagemaker:us-east-1:123456789012:model-package/churn-dev"
BUCKET = "sagemaker-churn-dev-1a2b3c4d"
SAMPLE = f"s3://{BUCKET}/churn-dev/executions/abc123/Evaluate/sample"
ENDPOINT = "churn-dev-staging"
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
# Four patients, one of whom the model is wrong about.
REQUESTS = ["1.5,2", "3,4", "5,6", "7,8"]
EXPECTED = [0.9, 0.2, 0.8, 0.6]
LABELS = [1, 0, 1, 0]


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: object, request: Any) -> None:
        raise AssertionError(f"no call to AWS is expected here: {request.url}")

    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", refuse)
    monkeypatch.setattr(endpoint, "PAUSE_SECONDS", 0)
    # The build that runs these tests has settings of its own.
    for variable in VARIABLES.values():
        monkeypatch.delenv(variable.name, raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """Writes the files of a build, and gives its environment."""

    def environment(
        deployment: Any = DEPLOYMENT, config: Any = CONFIG, **variables: str
    ) -> dict[str, str]:
        (tmp_path / "deployment.json").write_text(_text(deployment))
        (tmp_path / "staging-config.json").write_text(_text(config))
        return {
            "AWS_REGION": "us-east-1",
            "BUILD_CONFIG": str(tmp_path / "staging-config.json"),
            "CODEBUILD_SRC_DIR_Deployment": str(tmp_path),
            "ENDPOINT_NAME": ENDPOINT,
            "EXPORT_TEST_RESULTS": str(tmp_path / "test-results.json"),
            **variables,
        }

    return environment


class Cloud:
    """AWS with a sample set and an endpoint; every call is checked against AWS's own API models."""

    def __init__(self) -> None:
        self.s3 = Stubber(boto3.client("s3", region_name="us-east-1"))
        self.sagemaker = Stubber(boto3.client("sagemaker", region_name="us-east-1"))
        self.runtime = Stubber(boto3.client("sagemaker-runtime", region_name="us-east-1"))
        self.stubs = [self.s3, self.sagemaker, self.runtime]

    def clients(self, region: str) -> tuple[Any, Any, Any]:
        """In the place of the command's own."""
        assert region == "us-east-1"
        return self.s3.client, self.sagemaker.client, self.runtime.client

    def has_sample(self, requests: str | None = None, expected: str | None = None) -> None:
        """Expects both files to be read."""
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

    def has_endpoint(
        self, status: str = "InService", config: str = f"{ENDPOINT}-2-0a1b2c3d", **more: str
    ) -> None:
        """Expects the endpoint to be looked at."""
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

    def answers(self, row: str, text: str, content_type: str = "text/csv") -> None:
        """Expects a row to be asked."""
        answer = {"Body": _stream(text.encode()), "ContentType": content_type}
        self.runtime.add_response("invoke_endpoint", answer, _request(row))

    def answers_all(self, probabilities: list[float] = EXPECTED) -> None:
        """Expects the first row once more than the others."""
        for row, probability in zip(
            [REQUESTS[0], *REQUESTS], [probabilities[0], *probabilities], strict=True
        ):
            self.answers(row, f"{probability}\n")

    def fails(self, row: str, code: str, message: str = "", **more: Any) -> None:
        """Expects a row to be asked, and refuses to answer."""
        self.runtime.add_client_error(
            "invoke_endpoint", code, message, modeled_fields=more, expected_params=_request(row)
        )


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A cloud in which all that is expected must happen, and nothing else."""
    it = Cloud()
    monkeypatch.setattr(command, "clients", it.clients)
    for stub in it.stubs:
        stub.activate()
    yield it
    for stub in it.stubs:
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


def _text(content: Any) -> str:
    return content if isinstance(content, str) else json.dumps(content)
