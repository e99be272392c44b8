"""What the build does to AWS: every call of it, in order, checked against AWS's own API models."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber
from conftest import BUILD, COMMIT, KEY, ROLE

from pipelines import execution, run_pipeline
from pipelines.settings import VARIABLES, Run, Settings, read_run

ARN = "arn:aws:sagemaker:us-east-1:123456789012:pipeline/churn-dev"
EXECUTION = f"{ARN}/execution/abc123def456"
TAGS = [
    {"Key": "sagemaker:project-id", "Value": "dev"},
    {"Key": "sagemaker:project-name", "Value": "churn"},
]


@pytest.fixture
def sagemaker() -> Iterator[Stubber]:
    with Stubber(boto3.client("sagemaker", region_name="us-east-1")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def s3() -> Iterator[Stubber]:
    with Stubber(boto3.client("s3", region_name="us-east-1")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def command(sagemaker: Stubber, s3: Stubber, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs the command on the stubs, in the environment of a build with these further variables."""

    def clients(region: str) -> tuple[Any, Any]:
        assert region == "us-east-1"
        return s3.client, sagemaker.client

    def run(**variables: str) -> int:
        # The build that runs these tests has settings of its own.
        for variable in VARIABLES:
            monkeypatch.delenv(variable.name, raising=False)
        for name, value in {**BUILD, **variables}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.argv", ["run-pipeline"])
        monkeypatch.setattr(run_pipeline, "clients", clients)
        monkeypatch.setattr(execution, "POLL_SECONDS", 0)
        return run_pipeline.main()

    return run


def test_the_first_build_creates_the_pipeline_and_starts_it(
    command: Callable[..., int],
    define: Callable[..., dict[str, Any]],
    sagemaker: Stubber,
    s3: Stubber,
    capsys: pytest.CaptureFixture[str],
) -> None:
    expect_uploads(s3)
    expect_no_pipeline(sagemaker)
    sagemaker.add_response(
        "create_pipeline",
        {"PipelineArn": ARN},
        {
            "PipelineName": "churn-dev",
            "PipelineDescription": "Trains, evaluates and registers a model.",
            "PipelineDefinition": json.dumps(define()),
            "RoleArn": ROLE,
            "Tags": TAGS,
        },
    )
    expect_executions(sagemaker)
    sagemaker.add_response(
        "start_pipeline_execution",
        {"PipelineExecutionArn": EXECUTION},
        {
            "PipelineName": "churn-dev",
            "PipelineExecutionDisplayName": f"commit-{COMMIT}",
            "PipelineParameters": [
                {"Name": "GitCommit", "Value": COMMIT},
                {
                    "Name": "CodePipelineExecutionId",
                    "Value": "11111111-2222-3333-4444-555555555555",
                },
            ],
            "ClientRequestToken": ANY,
        },
    )
    assert command() == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        f"Execution: {EXECUTION}",
        "Console: https://us-east-1.console.aws.amazon.com/sagemaker/home?region=us-east-1"
        "#/studio-landing (Studio > Pipelines > churn-dev)",
    ]


def test_a_later_build_updates_the_pipeline_and_its_tags(
    command: Callable[..., int], sagemaker: Stubber, s3: Stubber
) -> None:
    expect_uploads(s3)
    expect_update(sagemaker)
    expect_executions(sagemaker)
    expect_start(sagemaker)
    assert command() == 0


def test_uploads_go_to_the_artifact_bucket_under_its_key(
    command: Callable[..., int], sagemaker: Stubber, s3: Stubber
) -> None:
    keys = expect_uploads(s3)
    expect_update(sagemaker)
    expect_executions(sagemaker)
    expect_start(sagemaker)
    command()
    assert [key.split("/")[0::3] for key in keys] == [
        ["churn-dev", "evaluate.py"],
        ["churn-dev", "inference.py"],
        ["churn-dev", "preprocess.py"],
        ["churn-dev", "train.py"],
        ["churn-dev", "breast-cancer.csv"],
    ]


def test_named_data_are_not_uploaded(
    command: Callable[..., int], sagemaker: Stubber, s3: Stubber
) -> None:
    expect_uploads(s3, files=4)
    expect_update(sagemaker)
    expect_executions(sagemaker)
    expect_start(sagemaker)
    assert command(DATA_S3_URI="s3://churn-data/2026-11/") == 0


@pytest.mark.parametrize("status", ["Executing", "Stopping"])
def test_a_running_execution_of_the_commit_is_reported_and_none_started(
    command: Callable[..., int],
    sagemaker: Stubber,
    s3: Stubber,
    capsys: pytest.CaptureFixture[str],
    status: str,
) -> None:
    expect_uploads(s3)
    expect_update(sagemaker)
    expect_executions(sagemaker, (f"commit-{COMMIT}", status, EXECUTION))
    assert command() == 0
    told = capsys.readouterr().out
    assert f"Commit {COMMIT} is being trained already; nothing is started." in told
    assert f"Execution: {EXECUTION}" in told


def test_executions_of_other_commits_and_ended_ones_stop_nothing(
    command: Callable[..., int], sagemaker: Stubber, s3: Stubber
) -> None:
    expect_uploads(s3)
    expect_update(sagemaker)
    expect_executions(
        sagemaker,
        ("commit-" + "0" * 40, "Executing", f"{ARN}/execution/other0000000"),
        (f"commit-{COMMIT}", "Failed", f"{ARN}/execution/failed000000"),
        (f"commit-{COMMIT}", "Succeeded", f"{ARN}/execution/ended0000000"),
    )
    expect_start(sagemaker)
    assert command() == 0


def test_the_same_attempt_has_the_same_token_and_a_retry_another() -> None:
    tokens = [token(attempt) for attempt in (0, 0, 1)]
    assert tokens[0] == tokens[1] != tokens[2]
    assert all(32 <= len(it) <= 128 for it in tokens)
    assert token(0, CODEBUILD_RESOLVED_SOURCE_VERSION="0" * 40) != tokens[0]
    assert token(0, CODEPIPELINE_EXECUTION_ID="2222") != tokens[0]


def test_waiting_tells_of_every_step_until_the_end(
    command: Callable[..., int],
    sagemaker: Stubber,
    s3: Stubber,
    capsys: pytest.CaptureFixture[str],
) -> None:
    expect_uploads(s3)
    expect_update(sagemaker)
    expect_executions(sagemaker)
    expect_start(sagemaker)
    expect_progress(sagemaker, "Executing", ("Preprocess", "Executing"))
    expect_progress(sagemaker, "Executing", ("Preprocess", "Executing"))
    expect_progress(sagemaker, "Succeeded", ("Preprocess", "Succeeded"), ("Train", "Succeeded"))
    assert command(WAIT_FOR_TRAINING="true") == 0
    assert capsys.readouterr().out.splitlines()[-5:-2] == [
        "Preprocess: Executing",
        "Preprocess: Succeeded",
        "Train: Succeeded",
    ]


def test_waiting_ends_on_a_failure_with_step_and_reason(
    command: Callable[..., int],
    sagemaker: Stubber,
    s3: Stubber,
    capsys: pytest.CaptureFixture[str],
) -> None:
    expect_uploads(s3)
    expect_update(sagemaker)
    expect_executions(sagemaker)
    expect_start(sagemaker)
    expect_progress(
        sagemaker,
        "Failed",
        ("Preprocess", "Succeeded"),
        ("Train", "Failed", "AlgorithmError: no column malignant"),
    )
    assert command(WAIT_FOR_TRAINING="true") == 99
    told = capsys.readouterr()
    assert told.err == (
        "The training has ended as Failed:\n- step Train: AlgorithmError: no column malignant\n"
    )
    assert f"Execution: {EXECUTION}" in told.out


def test_waiting_ends_when_somebody_stops_the_execution(
    command: Callable[..., int],
    sagemaker: Stubber,
    s3: Stubber,
    capsys: pytest.CaptureFixture[str],
) -> None:
    expect_uploads(s3)
    expect_update(sagemaker)
    expect_executions(sagemaker, (f"commit-{COMMIT}", "Stopping", EXECUTION))
    expect_progress(sagemaker, "Stopping", ("Train", "Stopping"))
    expect_progress(sagemaker, "Stopped", ("Train", "Stopped"))
    assert command(WAIT_FOR_TRAINING="true") == 99
    assert capsys.readouterr().err == (
        "The training has ended as Stopped:\n- step Train: Stopped\n"
    )


def test_an_execution_that_fails_before_any_step_tells_its_own_reason(
    sagemaker: Stubber,
) -> None:
    expect_progress(sagemaker, "Failed", reason="The role cannot be assumed")
    with pytest.raises(
        execution.TrainingError, match="Failed:\n- The role cannot be assumed"
    ) as it:
        execution.wait(sagemaker.client, EXECUTION, print)
    # No step failed, so that nobody has been told yet.
    assert it.value.exit_status == 1


def test_a_refusal_by_aws_is_told_without_a_traceback(
    command: Callable[..., int],
    sagemaker: Stubber,
    s3: Stubber,
    capsys: pytest.CaptureFixture[str],
) -> None:
    expect_uploads(s3)
    sagemaker.add_client_error("describe_pipeline", "AccessDeniedException", "not authorized")
    assert command() == 1
    told = capsys.readouterr().err
    assert "AccessDeniedException" in told
    assert "DescribePipeline operation: not authorized" in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("region", "partition", "host"),
    [
        ("eu-west-1", "aws", "eu-west-1.console.aws.amazon.com"),
        ("cn-north-1", "aws-cn", "cn-north-1.console.amazonaws.cn"),
        ("us-gov-west-1", "aws-us-gov", "us-gov-west-1.console.amazonaws-us-gov.com"),
    ],
)
def test_the_link_leads_to_the_console_of_the_partition(
    region: str, partition: str, host: str
) -> None:
    settings, _ = build(
        AWS_REGION=region, SAGEMAKER_PIPELINE_ROLE_ARN=f"arn:{partition}:iam::123456789012:role/a"
    )
    link = execution.console_link(settings)
    assert link == f"https://{host}/sagemaker/home?region={region}#/studio-landing"


def build(**variables: str) -> tuple[Settings, Run]:
    return read_run({**BUILD, **variables})


def token(attempt: int, **variables: str) -> str:
    requests: list[dict[str, Any]] = []

    class Recorder:
        def start_pipeline_execution(self, **request: Any) -> dict[str, str]:
            requests.append(request)
            return {"PipelineExecutionArn": EXECUTION}

    execution.start(Recorder(), *build(**variables), attempt)
    return requests[0]["ClientRequestToken"]


def expect_uploads(s3: Stubber, files: int = 5) -> list[str]:
    keys: list[str] = []

    class Key:
        def __eq__(self, key: object) -> bool:
            keys.append(str(key))
            return True

    for _ in range(files):
        s3.add_response(
            "put_object",
            {},
            {
                "Bucket": BUILD["ARTIFACT_BUCKET"],
                "Key": Key(),
                "Body": ANY,
                "ServerSideEncryption": "aws:kms",
                "SSEKMSKeyId": KEY,
            },
        )
    return keys


def expect_no_pipeline(sagemaker: Stubber) -> None:
    sagemaker.add_client_error("describe_pipeline", "ResourceNotFound", "does not exist")


def expect_update(sagemaker: Stubber) -> None:
    sagemaker.add_response("describe_pipeline", {}, {"PipelineName": "churn-dev"})
    sagemaker.add_response(
        "update_pipeline",
        {"PipelineArn": ARN},
        {
            "PipelineName": "churn-dev",
            "PipelineDescription": ANY,
            "PipelineDefinition": ANY,
            "RoleArn": ROLE,
        },
    )
    sagemaker.add_response("add_tags", {"Tags": TAGS}, {"ResourceArn": ARN, "Tags": TAGS})


def expect_executions(sagemaker: Stubber, *known: tuple[str, str, str]) -> None:
    sagemaker.add_response(
        "list_pipeline_executions",
        {
            "PipelineExecutionSummaries": [
                {
                    "PipelineExecutionDisplayName": name,
                    "PipelineExecutionStatus": status,
                    "PipelineExecutionArn": arn,
                    "StartTime": datetime(2026, 11, 23, tzinfo=timezone.utc),
                }
                for name, status, arn in known
            ]
        },
        {
            "PipelineName": "churn-dev",
            "SortBy": "CreationTime",
            "SortOrder": "Descending",
            "MaxResults": 100,
        },
    )


def expect_start(sagemaker: Stubber) -> None:
    sagemaker.add_response("start_pipeline_execution", {"PipelineExecutionArn": EXECUTION})


def expect_progress(
    sagemaker: Stubber, status: str, *steps: tuple[str, ...], reason: str | None = None
) -> None:
    execution_now = {"PipelineExecutionStatus": status}
    if reason is not None:
        execution_now["FailureReason"] = reason
    sagemaker.add_response(
        "describe_pipeline_execution", execution_now, {"PipelineExecutionArn": EXECUTION}
    )
    names = ("StepName", "StepStatus", "FailureReason")
    sagemaker.add_response(
        "list_pipeline_execution_steps",
        {"PipelineExecutionSteps": [dict(zip(names, step, strict=False)) for step in steps]},
        {"PipelineExecutionArn": EXECUTION, "SortOrder": "Ascending"},
    )
