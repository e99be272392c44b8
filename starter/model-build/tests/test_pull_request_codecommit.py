"""Comment on a pull request in CodeCommit: calls to AWS, validated with botocore's API models."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber
from test_pull_request import changed

from pipelines.pull_request import codecommit
from pipelines.pull_request.comment import MARKER

BUILD = "arn:aws:codebuild:us-east-1:123456789012:build/mlops-churn--dev--compare:1a2b"
HEAD, BASE = "a" * 40, "b" * 40
PLACE = {
    "pullRequestId": "7",
    "repositoryName": "churn",
    "beforeCommitId": BASE,
    "afterCommitId": HEAD,
    "content": ANY,
}


class Session:
    """Session with stubbed clients."""

    def __init__(self) -> None:
        self._clients = {
            name: boto3.client(name, region_name="us-east-1")
            for name in ("codebuild", "codecommit", "s3")
        }
        self.stubs = {name: Stubber(client) for name, client in self._clients.items()}

    def client(self, name: str) -> Any:
        return self._clients[name]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """AWS after a successful comparison of pull request 7."""
    session = Session()
    monkeypatch.setattr(codecommit.boto3, "Session", lambda region_name: session)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("COMPARE_BUILD", BUILD)
    monkeypatch.setenv("COMPARE_STATUS", "SUCCEEDED")
    monkeypatch.setenv("REPOSITORY_NAME", "churn")
    build = {
        "sourceVersion": HEAD,
        "environment": {
            "type": "LINUX_CONTAINER",
            "image": "image",
            "computeType": "BUILD_GENERAL1_SMALL",
            "environmentVariables": [
                {"name": "BASE_COMMIT", "value": BASE},
                {"name": "PULL_REQUEST_ID", "value": "7"},
            ],
        },
        "artifacts": {"location": "arn:aws:s3:::artifacts/pull-requests/1a2b/findings"},
        "logs": {"deepLink": "https://example.com/log"},
    }
    session.stubs["codebuild"].add_response(
        "batch_get_builds", {"builds": [build]}, {"ids": ["mlops-churn--dev--compare:1a2b"]}
    )
    for stub in session.stubs.values():
        stub.activate()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


def stub_pull_request(aws: Session, commit: str = HEAD) -> None:
    target = {"repositoryName": "churn", "sourceCommit": commit}
    aws.stubs["codecommit"].add_response(
        "get_pull_request",
        {"pullRequest": {"pullRequestTargets": [target]}},
        {"pullRequestId": "7"},
    )


def stub_comments(aws: Session, *texts: str) -> None:
    found = [
        {
            "commentId": str(number),
            "content": text,
            "creationDate": datetime(2026, 1, 1 + number, tzinfo=timezone.utc),
            "deleted": text == "deleted",
        }
        for number, text in enumerate(texts)
    ]
    aws.stubs["codecommit"].add_response(
        "get_comments_for_pull_request",
        {"commentsForPullRequestData": [{"comments": found}]},
        {"pullRequestId": "7", "repositoryName": "churn"},
    )


def stub_findings(aws: Session) -> None:
    content = changed()
    aws.stubs["s3"].add_response(
        "get_object",
        {"Body": StreamingBody(io.BytesIO(content), len(content))},
        {"Bucket": "artifacts", "Key": "pull-requests/1a2b/findings/comparison.json"},
    )


@pytest.fixture
def posted(aws: Session) -> Callable[[str, dict[str, Any]], list[str]]:
    """Expects a call; returns the list that gets the text of the comment."""

    def expect(method: str, parameters: dict[str, Any]) -> list[str]:
        texts: list[str] = []

        class Text:
            def __eq__(self, other: object) -> bool:
                texts.append(str(other))
                return True

            __hash__ = None  # type: ignore[assignment]

        aws.stubs["codecommit"].add_response(method, {}, {**parameters, "content": Text()})
        return texts

    return expect


def test_creates_the_comment_on_the_pull_request_of_the_build(
    aws: Session, posted: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    stub_pull_request(aws)
    stub_findings(aws)
    stub_comments(aws, "A question", "deleted")
    texts = posted("post_comment_for_pull_request", PLACE)
    assert codecommit.main() == 0
    assert texts[0].startswith(f"{MARKER}\n\n## Model comparison: worse\n")
    assert f"**Head**: `{HEAD}`" in texts[0]
    assert "[log](https://example.com/log)" in texts[0]
    assert capsys.readouterr().out == "Comment on pull request 7: created.\n"


def test_edits_its_newest_comment_after_a_push(
    aws: Session, posted: Callable[..., list[str]]
) -> None:
    stub_pull_request(aws)
    stub_findings(aws)
    stub_comments(aws, f"{MARKER}\nold", f"{MARKER}\nnew", "A question")
    texts = posted("update_comment", {"commentId": "1"})
    assert codecommit.main() == 0
    assert "## Model comparison: worse" in texts[0]


def test_creates_a_comment_if_the_marked_one_has_another_author(
    aws: Session, posted: Callable[..., list[str]]
) -> None:
    stub_pull_request(aws)
    stub_findings(aws)
    stub_comments(aws, f"{MARKER}\ncopy")
    aws.stubs["codecommit"].add_client_error("update_comment", "CommentNotCreatedByCallerException")
    posted("post_comment_for_pull_request", PLACE)
    assert codecommit.main() == 0


def test_comments_that_a_comparison_failed_and_reads_no_findings(
    aws: Session, posted: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPARE_STATUS", "FAILED")
    stub_pull_request(aws)
    stub_comments(aws)
    texts = posted("post_comment_for_pull_request", PLACE)
    assert codecommit.main() == 0
    assert "## Model comparison: failed" in texts[0]


def test_comparison_of_an_older_commit_is_not_commented(
    aws: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    stub_pull_request(aws, commit="c" * 40)
    assert codecommit.main() == 0
    expected = f"No comment: pull request 7 has a newer commit than {HEAD}.\n"
    assert capsys.readouterr().out == expected


def test_error_of_aws_is_exit_status_1(aws: Session, capsys: pytest.CaptureFixture[str]) -> None:
    aws.stubs["codecommit"].add_client_error("get_pull_request", "AccessDeniedException")
    assert codecommit.main() == 1
    assert "AccessDeniedException" in capsys.readouterr().err


TRIAL = {
    "commit": HEAD,
    "execution": "arn:aws:sagemaker:us-east-1:123456789012:pipeline/trial/execution/abc",
    "instance_minutes": {"used": 4.5, "limit": 180},
    "metrics": {"auc": 0.99},
    "champion": None,
}


@pytest.fixture
def trial(aws: Session, monkeypatch: pytest.MonkeyPatch) -> Stubber:
    """Project with trials."""
    monkeypatch.setenv("TRIAL_RESULTS", "artifacts/trial/results")
    stub_pull_request(aws)
    stub_findings(aws)
    return aws.stubs["s3"]


def stub_result(s3: Stubber, result: dict[str, Any]) -> None:
    content = json.dumps(result).encode()
    s3.add_response(
        "get_object",
        {"Body": StreamingBody(io.BytesIO(content), len(content))},
        {"Bucket": "artifacts", "Key": f"trial/results/{HEAD}.json"},
    )


def test_the_comment_has_the_result_of_a_trial_of_the_commit(
    aws: Session, trial: Stubber, posted: Callable[..., list[str]]
) -> None:
    stub_result(trial, TRIAL)
    stub_comments(aws)
    texts = posted("post_comment_for_pull_request", PLACE)
    assert codecommit.main() == 0
    assert "## Model comparison: worse" in texts[0]
    assert texts[0].index("### Trial on SageMaker") > texts[0].index("### Changed scripts")


def test_a_comment_that_is_too_long_has_only_the_trial(
    aws: Session,
    trial: Stubber,
    posted: Callable[..., list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(codecommit, "LIMIT", 1000)
    stub_result(trial, TRIAL)
    stub_comments(aws)
    texts = posted("post_comment_for_pull_request", PLACE)
    assert codecommit.main() == 0
    assert texts[0].startswith(f"{MARKER}\n\n[//]: # (model-trial {HEAD})")
    assert "## Model comparison" not in texts[0]


@pytest.mark.parametrize("code", ["AccessDenied", "NoSuchKey"])
def test_the_comment_of_a_commit_without_a_trial_has_only_the_comparison(
    code: str, aws: Session, trial: Stubber, posted: Callable[..., list[str]]
) -> None:
    trial.add_client_error("get_object", code)
    stub_comments(aws)
    texts = posted("post_comment_for_pull_request", PLACE)
    assert codecommit.main() == 0
    assert "Trial" not in texts[0]


def test_another_error_of_the_result_is_exit_status_1(
    trial: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    trial.add_client_error("get_object", "SlowDown")
    assert codecommit.main() == 1
    assert "SlowDown" in capsys.readouterr().err
