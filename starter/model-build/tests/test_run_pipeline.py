"""run-pipeline: every call to AWS, in order, validated with the API models of botocore."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
from botocore.stub import ANY, Stubber
from conftest import BUILD, COMMIT, KEY, ROLE

from pipelines import execution, run_pipeline
from pipelines.settings import VARIABLES, Run, Settings, read_run
from pipelines.training.inputs import STATISTICS

ARN = "arn:aws:sagemaker:us-east-1:123456789012:pipeline/mlops-churn--dev--training"
EXECUTION = f"{ARN}/execution/abc123def456"
# Seven scripts, the modules of the comparison that Evaluate imports, and the sample data.
UPLOADS = 7 + len(STATISTICS) + 1
TAGS = [
    {"Key": "sagemaker:project-id", "Value": "dev"},
    {"Key": "sagemaker:project-name", "Value": "churn"},
]


@pytest.fixture
def command(sagemaker: Stubber, s3: Stubber, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs the command with stubbed clients, in a build environment with additional variables."""

    def create_clients(region: str) -> tuple[Any, Any]:
        assert region == "us-east-1"
        return s3.client, sagemaker.client

    def run(**variables: str) -> int:
        # The build that runs these tests sets the same variables.
        for variable in VARIABLES:
            monkeypatch.delenv(variable.name, raising=False)
        for name, value in {**BUILD, **variables}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.argv", ["run-pipeline"])
        monkeypatch.setattr(run_pipeline, "create_clients", create_clients)
        monkeypatch.setattr(execution, "POLL_SECONDS", 0)
        return run_pipeline.main()

    return run


def test_first_build_creates_and_starts_the_pipeline(
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
            "PipelineName": "mlops-churn--dev--training",
            "PipelineDescription": "Trains, evaluates and registers a model.",
            "PipelineDefinition": json.dumps(define()),
            "RoleArn": ROLE,
            "Tags": TAGS,
        },
    )
    expect_executions(sagemaker)
    expect_no_champion(sagemaker)
    sagemaker.add_response(
        "start_pipeline_execution",
        {"PipelineExecutionArn": EXECUTION},
        {
            "PipelineName": "mlops-churn--dev--training",
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
        "#/studio-landing (Studio > Pipelines > mlops-churn--dev--training)",
    ]


def test_later_build_updates_the_pipeline_and_its_tags(
    command: Callable[..., int], sagemaker: Stubber, s3: Stubber
) -> None:
    expect_uploads(s3)
    expect_update(sagemaker)
    expect_executions(sagemaker)
    expect_start(sagemaker)
    assert command() == 0


def test_uploads_inputs_to_the_artifact_bucket_with_the_project_key(
    command: Callable[..., int], sagemaker: Stubber, s3: Stubber
) -> None:
    keys = expect_uploads(s3)
    expect_update(sagemaker)
    expect_executions(sagemaker)
    expect_start(sagemaker)
    command()
    assert [key.split("/")[0::3] for key in keys] == [
        *(
            ["mlops-churn--dev--training", *script.split("/")[::3]]
            for script in [
                *("card.py", "champion.py", "evaluate.py", "gate.py", "inference.py"),
                *("preprocess.py", "train.py", *STATISTICS),
            ]
        ),
        ["mlops-churn--dev--training", "breast-cancer.csv"],
    ]


def test_uploads_no_sample_data_when_data_s3_uri_is_set(
    command: Callable[..., int], sagemaker: Stubber, s3: Stubber
) -> None:
    expect_uploads(s3, files=UPLOADS - 1)
    expect_update(sagemaker)
    expect_executions(sagemaker)
    expect_start(sagemaker)
    assert command(DATA_S3_URI="s3://churn-data/2026-11/") == 0


@pytest.mark.parametrize("status", ["Executing", "Stopping"])
def test_reports_the_running_execution_of_the_commit_and_starts_no_other(
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
    output = capsys.readouterr().out
    assert f"Training of commit {COMMIT} is already running; no new execution is started." in output
    assert f"Execution: {EXECUTION}" in output


def test_starts_an_execution_when_the_others_have_ended_or_have_other_commits(
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


def test_client_request_token_is_the_same_for_an_attempt_and_differs_for_a_retry() -> None:
    tokens = [request_token(attempt) for attempt in (0, 0, 1)]
    assert tokens[0] == tokens[1] != tokens[2]
    assert all(32 <= len(token) <= 128 for token in tokens)
    assert request_token(0, CODEBUILD_RESOLVED_SOURCE_VERSION="0" * 40) != tokens[0]
    assert request_token(0, CODEPIPELINE_EXECUTION_ID="2222") != tokens[0]


def test_wait_logs_every_step_until_the_execution_succeeds(
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


def test_wait_fails_with_step_and_reason_when_a_step_fails(
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
    output = capsys.readouterr()
    assert output.err == ("Training failed:\n- step Train: AlgorithmError: no column malignant\n")
    assert f"Execution: {EXECUTION}" in output.out


def test_wait_fails_when_the_execution_is_stopped(
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
    assert capsys.readouterr().err == ("Training was stopped:\n- step Train: Stopped\n")


def test_wait_reports_the_reason_of_an_execution_that_fails_before_any_step(
    sagemaker: Stubber,
) -> None:
    expect_progress(sagemaker, "Failed", reason="The role cannot be assumed")
    with pytest.raises(
        execution.TrainingError, match="Training failed:\n- The role cannot be assumed"
    ) as error:
        execution.wait_for_execution(sagemaker.client, EXECUTION, print)
    # No step failed, so SageMaker sent no event of a failed step.
    assert error.value.exit_status == 1


def test_prints_an_aws_error_without_a_traceback(
    command: Callable[..., int],
    sagemaker: Stubber,
    s3: Stubber,
    capsys: pytest.CaptureFixture[str],
) -> None:
    expect_uploads(s3)
    sagemaker.add_client_error("describe_pipeline", "AccessDeniedException", "not authorized")
    assert command() == 1
    errors = capsys.readouterr().err
    assert "AccessDeniedException" in errors
    assert "DescribePipeline operation: not authorized" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("region", "partition", "host"),
    [
        ("eu-west-1", "aws", "eu-west-1.console.aws.amazon.com"),
        ("cn-north-1", "aws-cn", "cn-north-1.console.amazonaws.cn"),
        ("us-gov-west-1", "aws-us-gov", "us-gov-west-1.console.amazonaws-us-gov.com"),
    ],
)
def test_console_link_uses_the_host_of_the_partition(
    region: str, partition: str, host: str
) -> None:
    settings, _ = read_build(
        AWS_REGION=region, SAGEMAKER_PIPELINE_ROLE_ARN=f"arn:{partition}:iam::123456789012:role/a"
    )
    link = execution.console_link(settings)
    assert link == f"https://{host}/sagemaker/home?region={region}#/studio-landing"


def read_build(**variables: str) -> tuple[Settings, Run]:
    return read_run({**BUILD, **variables})


def request_token(attempt: int, **variables: str) -> str:
    requests: list[dict[str, Any]] = []

    class Recorder:
        def start_pipeline_execution(self, **request: Any) -> dict[str, str]:
            requests.append(request)
            return {"PipelineExecutionArn": EXECUTION}

    execution.start_execution(Recorder(), *read_build(**variables), attempt, {})
    return requests[0]["ClientRequestToken"]


def expect_uploads(s3: Stubber, files: int = UPLOADS) -> list[str]:
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
    sagemaker.add_response("describe_pipeline", {}, {"PipelineName": "mlops-churn--dev--training"})
    sagemaker.add_response(
        "update_pipeline",
        {"PipelineArn": ARN},
        {
            "PipelineName": "mlops-churn--dev--training",
            "PipelineDescription": ANY,
            "PipelineDefinition": ANY,
            "RoleArn": ROLE,
        },
    )
    sagemaker.add_response("add_tags", {"Tags": TAGS}, {"ResourceArn": ARN, "Tags": TAGS})


def expect_executions(sagemaker: Stubber, *summaries: tuple[str, str, str]) -> None:
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
                for name, status, arn in summaries
            ]
        },
        {
            "PipelineName": "mlops-churn--dev--training",
            "SortBy": "CreationTime",
            "SortOrder": "Descending",
            "MaxResults": 100,
        },
    )


def expect_no_champion(sagemaker: Stubber) -> None:
    sagemaker.add_response(
        "list_model_packages",
        {"ModelPackageSummaryList": []},
        {
            "ModelPackageGroupName": "mlops-churn--dev--models",
            "ModelApprovalStatus": "Approved",
            "SortBy": "CreationTime",
            "SortOrder": "Descending",
            "MaxResults": 1,
        },
    )


def expect_start(sagemaker: Stubber) -> None:
    expect_no_champion(sagemaker)
    sagemaker.add_response("start_pipeline_execution", {"PipelineExecutionArn": EXECUTION})


def expect_progress(
    sagemaker: Stubber, status: str, *steps: tuple[str, ...], reason: str | None = None
) -> None:
    response = {"PipelineExecutionStatus": status}
    if reason is not None:
        response["FailureReason"] = reason
    sagemaker.add_response(
        "describe_pipeline_execution", response, {"PipelineExecutionArn": EXECUTION}
    )
    names = ("StepName", "StepStatus", "FailureReason")
    sagemaker.add_response(
        "list_pipeline_execution_steps",
        {"PipelineExecutionSteps": [dict(zip(names, step, strict=False)) for step in steps]},
        {"PipelineExecutionArn": EXECUTION, "SortOrder": "Ascending"},
    )
