"""Trials: the plan and its limit, the calls to AWS in order, the result, and its section."""

from __future__ import annotations

import base64
import copy
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber
from conftest import BUILD, COMMIT, KEY
from test_run_pipeline import TAGS

from pipelines import execution
from pipelines.pull_request import github
from pipelines.pull_request import trial as trial_comment
from pipelines.pull_request.comment import MARKER, comment_text, sync
from pipelines.pull_request.http import ApiError
from pipelines.settings import SettingsError, read_settings, read_trial
from pipelines.training.inputs import inputs
from pipelines.trial import definition as trial_definition
from pipelines.trial import run as trial_run
from pipelines.trial.errors import TrialError
from pipelines.trial.plan import MOST_BYTES, read_plan
from pipelines.trial.result import read_champion, read_metrics, read_result, section

ROLE = "arn:aws:iam::123456789012:role/mlops-churn--dev--trial-{}-use1"
TRIAL = {
    **BUILD,
    "SAGEMAKER_PIPELINE_NAME": "mlops-churn--dev--trial",
    "SAGEMAKER_PIPELINE_ROLE_ARN": ROLE.format("job"),
    "TRIAL_MAX_INSTANCE_MINUTES": "180",
    "TRIAL_PIPELINE_ROLE_ARN": ROLE.format("pipeline"),
}
ARN = "arn:aws:sagemaker:us-east-1:123456789012:pipeline/mlops-churn--dev--trial"
EXECUTION = f"{ARN}/execution/abc123def456"
FOLDER = "s3://mlops-churn--dev--1a2b3c4d/mlops-churn--dev--trial/"
METRICS = {"accuracy": 0.95, "auc": 0.99}
EVALUATION = {"binary_classification_metrics": {k: {"value": v} for k, v in METRICS.items()}}
CHANGE = {"metric": "auc", "base": 0.98, "head": 0.99, "change": 0.01, "low": 0.002, "high": 0.02}
COMPARISON = {
    "champion": "7",
    "verdict": "better",
    "rows": 143,
    "metrics": [{**CHANGE, "verdict": "better"}],
}
VERSION = "arn:aws:sagemaker:us-east-1:123456789012:model-package/mlops-churn--dev--models/7"


@pytest.fixture(scope="module")
def planned() -> dict[str, Any]:
    """Output of trial-definition."""
    result = subprocess.run(  # noqa: S603
        [sys.executable, "-c", "from pipelines.trial.definition import main; main()"],
        env={"TRIAL_SETTINGS": json.dumps(TRIAL), "PATH": "", "HOME": "/nonexistent"},
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(result.stdout)


def changed(planned: dict[str, Any], step: str, *path: str, value: Any) -> bytes:
    found = copy.deepcopy(planned)
    [part] = [one for one in found["definition"]["Steps"] if one["Name"] == step]
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = value
    return json.dumps(found).encode()


def test_the_definition_of_a_trial_needs_only_settings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["trial-definition"])
    for name, value in TRIAL.items():
        monkeypatch.setenv(name, value)
    assert trial_definition.main() == 0
    found = json.loads(capsys.readouterr().out)
    files = {uri.rpartition("/")[2]: base64.b64decode(it) for uri, it in found["inputs"].items()}
    assert files["train.py"].startswith(b'"""')
    monkeypatch.delenv("ARTIFACT_BUCKET")
    assert trial_definition.main() == 2
    assert "ARTIFACT_BUCKET must be" in capsys.readouterr().err
    monkeypatch.setenv("TRIAL_SETTINGS", "ARTIFACT_BUCKET=a")
    assert trial_definition.main() == 2
    assert "TRIAL_SETTINGS must be the output trialSettings" in capsys.readouterr().err


def test_a_trial_runs_the_jobs_of_the_definition_without_gate_and_registration(
    planned: dict[str, Any],
) -> None:
    plan = read_plan(json.dumps(planned).encode(), FOLDER, 180)
    kept = {step["Name"]: step for step in plan.definition["Steps"]}
    assert list(kept) == ["Preprocess", "Train", "Evaluate"]
    given = {step["Name"]: step for step in planned["definition"]["Steps"]}
    assert all(step["Arguments"] == given[name]["Arguments"] for name, step in kept.items())
    assert "PropertyFiles" in given["Evaluate"]
    assert "PropertyFiles" not in kept["Evaluate"]
    assert {uri.startswith(FOLDER) for uri in plan.inputs} == {True}
    assert plan.minutes == 180
    assert plan.instances == {"Preprocess": 1, "Train": 1, "Evaluate": 1}
    assert {"GitCommit", "CodePipelineExecutionId"} <= plan.parameters


def test_every_instance_counts_towards_the_limit(planned: dict[str, Any]) -> None:
    instances = ("Arguments", "ResourceConfig", "InstanceCount")
    content = changed(planned, "Train", *instances, value=4)
    assert read_plan(content, FOLDER, 360).minutes == 360
    problem = r"may use 360 instance minutes \(Preprocess 60, Train 240, Evaluate 60\).* is 359\."
    with pytest.raises(TrialError, match=problem):
        read_plan(content, FOLDER, 359)


CLUSTER = ("Arguments", "ProcessingResources", "ClusterConfig")


@pytest.mark.parametrize(
    ("step", "path", "value", "problem"),
    [
        ("Train", ("Type",), "Transform", "step Train has the type Transform"),
        ("Train", ("Type",), [], "not the output of trial-definition"),
        ("Train", ("Arguments",), None, "not the output of trial-definition"),
        ("Train", ("Name",), "Evaluate", "two steps have the same name"),
        ("Train", ("RetryPolicies",), [], "must not have RetryPolicies"),
        ("Evaluate", ("Arguments", "StoppingCondition"), {}, "step Evaluate must have numbers"),
        (
            "Train",
            ("Arguments", "StoppingCondition", "MaxRuntimeInSeconds"),
            {"Get": "Parameters.Seconds"},
            "step Train must have numbers",
        ),
        ("Evaluate", (*CLUSTER, "InstanceCount"), True, "step Evaluate must have numbers"),
        ("Evaluate", (*CLUSTER, "InstanceCount"), -1, "step Evaluate must have numbers"),
        (
            "Train",
            ("Arguments", "ResourceConfig", "KeepAlivePeriodInSeconds"),
            3600,
            "step Train must not have KeepAlivePeriodInSeconds",
        ),
    ],
)
def test_rejects_a_definition_that_it_cannot_limit(
    planned: dict[str, Any], step: str, path: tuple[str, ...], value: Any, problem: str
) -> None:
    with pytest.raises(TrialError, match=problem):
        read_plan(changed(planned, step, *path, value=value), FOLDER, 10_000)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"{", "not the output of trial-definition"),
        (b"[" * 100_000, "not the output of trial-definition"),
        (b" " * (MOST_BYTES + 1), "more than 50,000,000 bytes"),
    ],
)
def test_rejects_a_file_with_another_form(content: bytes, problem: str) -> None:
    with pytest.raises(TrialError, match=problem):
        read_plan(content, FOLDER, 180)


def test_rejects_inputs_outside_the_folder_of_trials(planned: dict[str, Any]) -> None:
    inputs = {"s3://mlops-churn--dev--1a2b3c4d/mlops-churn--dev--training/code/a.py": ""}
    with pytest.raises(TrialError, match=f"every input must be in {FOLDER}, got s3://"):
        read_plan(json.dumps({**planned, "inputs": inputs}).encode(), FOLDER, 180)


def test_one_error_lists_all_problems_of_the_settings() -> None:
    with pytest.raises(SettingsError) as error:
        read_trial({**TRIAL, "AWS_REGION": "", "TRIAL_MAX_INSTANCE_MINUTES": "0"})
    assert "3 problems" in str(error.value)
    assert 'TRIAL_MAX_INSTANCE_MINUTES must be a number of minutes (e.g. 180), got "0"' in str(
        error.value
    )


@pytest.fixture
def command(
    planned: dict[str, Any],
    sagemaker: Stubber,
    s3: Stubber,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., int]:
    """Runs the command with stubbed clients; the result is in result.json."""

    def run(**variables: str) -> int:
        for name, value in {**TRIAL, **variables}.items():
            monkeypatch.setenv(name, value)
        file = tmp_path / "trial.json"
        file.write_text(json.dumps(planned))
        result = str(tmp_path / "result.json")
        arguments = ["run-trial", str(file), "--commit", COMMIT, "--result", result]
        monkeypatch.setattr("sys.argv", arguments)
        monkeypatch.setattr(trial_run, "create_clients", lambda *_: (s3.client, sagemaker.client))
        monkeypatch.setattr(execution, "POLL_SECONDS", 0)
        return trial_run.main()

    return run


def test_the_clients_are_those_of_the_region() -> None:
    clients = trial_run.create_clients("eu-west-1", None)
    assert [client.meta.region_name for client in clients] == ["eu-west-1"] * 2


def test_a_trial_registers_nothing_and_writes_its_figures(
    command: Callable[..., int],
    sagemaker: Stubber,
    s3: Stubber,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    expect_uploads(s3)
    sagemaker.add_client_error("describe_pipeline", "ResourceNotFound", "does not exist")
    sagemaker.add_response(
        "create_pipeline",
        {"PipelineArn": ARN},
        {
            "PipelineName": "mlops-churn--dev--trial",
            "PipelineDescription": ANY,
            "PipelineDefinition": WithoutRegistration(),
            "RoleArn": ROLE.format("pipeline"),
            "Tags": TAGS,
        },
    )
    expect_champion(sagemaker, VERSION)
    expect_start(sagemaker)
    expect_end(sagemaker, "Succeeded")
    expect_report(s3, "evaluation.json", EVALUATION)
    expect_report(s3, "comparison.json", COMPARISON)
    expect_steps(sagemaker, "Preprocess", "Train", "Evaluate")
    expect_upload(s3, f"mlops-churn--dev--trial/results/{COMMIT}.json")
    assert command() == 0
    result = json.loads((tmp_path / "result.json").read_text())
    assert result == {
        "commit": COMMIT,
        "execution": EXECUTION,
        "instance_minutes": {"used": 4.5, "limit": 180},
        "metrics": METRICS,
        "champion": {
            "version": "7",
            "verdict": "better",
            "rows": 143,
            "metrics": COMPARISON["metrics"],
        },
    }
    output = capsys.readouterr().out
    assert f"Execution: {EXECUTION}, at most 180 instance minutes." in output
    assert "| `auc` | 0.9800 | 0.9900 | +0.0100 | +0.0020 to +0.0200 | better |" in output


def test_a_later_trial_updates_the_pipeline_and_may_have_no_champion(
    command: Callable[..., int],
    sagemaker: Stubber,
    s3: Stubber,
    capsys: pytest.CaptureFixture[str],
) -> None:
    expect_start_of_trial(sagemaker, s3)
    expect_end(sagemaker, "Succeeded")
    expect_report(s3, "evaluation.json", EVALUATION)
    s3.add_client_error("get_object", "AccessDenied", "not authorized to perform s3:ListBucket")
    expect_steps(sagemaker, "Preprocess", "Train", "Evaluate")
    expect_upload(s3, ANY)
    assert command() == 0
    output = capsys.readouterr().out
    assert "| `auc` | 0.9900 |" in output
    assert "not compared with those of a registered version" in output


def test_a_definition_over_the_limit_makes_no_call_to_aws(
    command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(TRIAL_MAX_INSTANCE_MINUTES="179") == 2
    assert "may use 180 instance minutes" in capsys.readouterr().err


def test_a_failed_job_is_the_error_of_the_trial(
    command: Callable[..., int],
    sagemaker: Stubber,
    s3: Stubber,
    capsys: pytest.CaptureFixture[str],
) -> None:
    expect_start_of_trial(sagemaker, s3)
    expect_end(sagemaker, "Failed")
    assert command() == 1
    assert "Training failed" in capsys.readouterr().err


def test_a_trial_without_figures_fails(
    command: Callable[..., int],
    sagemaker: Stubber,
    s3: Stubber,
    capsys: pytest.CaptureFixture[str],
) -> None:
    expect_start_of_trial(sagemaker, s3)
    expect_end(sagemaker, "Succeeded")
    s3.add_client_error("get_object", "NoSuchKey", "does not exist")
    s3.add_client_error("get_object", "NoSuchKey", "does not exist")
    assert command() == 1
    assert "Evaluate/report/evaluation.json does not exist" in capsys.readouterr().err


def test_another_error_of_s3_is_the_error_of_the_trial(
    command: Callable[..., int],
    sagemaker: Stubber,
    s3: Stubber,
    capsys: pytest.CaptureFixture[str],
) -> None:
    expect_start_of_trial(sagemaker, s3)
    expect_end(sagemaker, "Succeeded")
    s3.add_client_error("get_object", "SlowDown", "reduce your request rate")
    assert command() == 1
    assert "SlowDown" in capsys.readouterr().err


def test_a_stopped_command_stops_the_execution(
    sagemaker: Stubber, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(trial_run, "wait_for_execution", stopped)
    sagemaker.add_response(
        "stop_pipeline_execution",
        {"PipelineExecutionArn": EXECUTION},
        {"PipelineExecutionArn": EXECUTION, "ClientRequestToken": ANY},
    )
    with pytest.raises(KeyboardInterrupt):
        trial_run.wait_or_stop(sagemaker.client, EXECUTION)


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"{}",
        b" " * 100_001,
        json.dumps({"binary_classification_metrics": {"a\n```": {"value": 1}}}).encode(),
        json.dumps({"binary_classification_metrics": {"auc": {"value": True}}}).encode(),
        b'{"binary_classification_metrics": {"auc": {"value": NaN}}}',
    ],
)
def test_rejects_a_report_with_another_form(content: bytes) -> None:
    with pytest.raises(TrialError, match="another form"):
        read_metrics(content)


@pytest.mark.parametrize(
    ("field", "value"), [("verdict", "approved"), ("champion", "7\n#"), ("rows", "143")]
)
def test_rejects_a_comparison_with_another_form(field: str, value: str) -> None:
    with pytest.raises(TrialError, match="another form"):
        read_champion(json.dumps({**COMPARISON, field: value}).encode())


def test_a_champion_without_figures_is_no_champion() -> None:
    assert read_champion(b'{"champion": "none"}') is None


def result(**fields: Any) -> bytes:
    found = {
        "commit": COMMIT,
        "execution": EXECUTION,
        "instance_minutes": {"used": 4.5, "limit": 180},
        "metrics": METRICS,
        "champion": None,
    }
    return json.dumps({**found, **fields}).encode()


def test_a_commit_in_a_result_is_a_commit() -> None:
    with pytest.raises(TrialError):
        read_result(result(commit="main) <img src=x>"))


class Comments:
    """Comments of one user, the newest first."""

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)

    def sync(self, text: str) -> str:
        def update(item: dict[str, Any], new: str) -> None:
            self.texts[item["id"]] = new

        items = [{"id": number, "text": old} for number, old in enumerate(self.texts)]
        return sync(items, text, self.texts.append, update)


def comparison_of(commit: str) -> str:
    return comment_text(None, commit, "https://example.com/log")


def test_a_new_comparison_of_the_same_commit_keeps_the_section_of_its_trial() -> None:
    trial = section(read_result(result()))
    comments = Comments(f"{comparison_of(COMMIT)}\n{trial}")
    assert comments.sync(comparison_of(COMMIT)) == "unchanged"
    assert comments.sync(comparison_of(COMMIT).replace("failed", "ended")) == "edited"
    assert comments.texts == [f"{comparison_of(COMMIT).replace('failed', 'ended')}\n{trial}"]


def test_a_comparison_of_a_new_commit_drops_the_section_of_an_older_trial() -> None:
    comments = Comments(f"{comparison_of(COMMIT)}\n{section(read_result(result()))}")
    assert comments.sync(comparison_of("0" * 40)) == "edited"
    assert comments.texts == [comparison_of("0" * 40)]
    assert MARKER in comments.texts[0]


class FakeApi:
    """Calls of a GitHub API with one open pull request."""

    def __init__(self, comments: list[dict[str, Any]], pulls: int = 1) -> None:
        self.comments = comments
        self.pulls = pulls
        self.written: list[tuple[str, str, str]] = []

    def pages(self, path: str) -> list[Any]:
        if path.startswith("/pulls"):
            return [{"number": 12, "head": {"sha": COMMIT, "repo": {"id": 7}}}] * self.pulls
        return self.comments

    def call(self, method: str, path: str, body: dict[str, str]) -> None:
        self.written.append((method, path, body["body"]))


@pytest.fixture
def comment_on_trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeApi]:
    """Runs the comment command of trial.yml; returns what it called."""

    def run(content: bytes | None, *texts: str, pulls: int = 1, status: int = 0) -> FakeApi:
        user = {"login": "github-actions[bot]"}
        comments = [{"id": number, "body": text, "user": user} for number, text in enumerate(texts)]
        api = FakeApi([{"id": 9, "body": MARKER, "user": None}, *comments], pulls)
        repository = {"id": 7, "owner": {"login": "acme"}}
        event = {"head_sha": COMMIT, "head_branch": "b", "head_repository": repository}
        (tmp_path / "event.json").write_text(json.dumps({"workflow_run": event}))
        file = tmp_path / "result.json"
        if content is not None:
            file.write_bytes(content)
        for name, value in {
            "GITHUB_API_URL": "https://api.example.com",
            "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
            "GITHUB_REPOSITORY": "acme/churn",
            "GITHUB_RUN_ID": "77",
            "GITHUB_SERVER_URL": "https://example.com",
            "GITHUB_TOKEN": "secret",
        }.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(github, "Api", lambda *_: api)
        monkeypatch.setattr("sys.argv", ["trial", "--result", str(file)])
        assert trial_comment.main() == status
        return api

    return run


def test_the_result_is_a_section_of_the_comment_with_the_comparison(
    comment_on_trial: Callable[..., FakeApi],
) -> None:
    trial = section(read_result(result()))
    [(method, path, body)] = comment_on_trial(result(), "other", comparison_of(COMMIT)).written
    assert (method, path) == ("PATCH", "/issues/comments/1")
    assert body == f"{comparison_of(COMMIT)}\n{trial}"
    # A later trial of the commit replaces the section.
    [(_, _, body)] = comment_on_trial(result(metrics={"auc": 0.5}), body).written
    assert body.count("### Trial on SageMaker") == 1
    assert "| `auc` | 0.5000 |" in body


def test_a_pull_request_without_a_comparison_gets_the_section_alone(
    comment_on_trial: Callable[..., FakeApi],
) -> None:
    [(method, _, body)] = comment_on_trial(result()).written
    assert method == "POST"
    assert body.startswith(f"{MARKER}\n\n[//]: # (model-trial {COMMIT})")


@pytest.mark.parametrize("content", [None, b"{}", result(commit="0" * 40)])
def test_a_trial_without_a_result_of_the_commit_failed(
    content: bytes | None, comment_on_trial: Callable[..., FakeApi]
) -> None:
    [(_, _, body)] = comment_on_trial(content).written
    log = "https://example.com/acme/churn/actions/runs/77"
    assert f"Commit `{COMMIT}`: the trial failed: [log]({log})" in body


def test_no_open_pull_request_has_no_comment(
    comment_on_trial: Callable[..., FakeApi], capsys: pytest.CaptureFixture[str]
) -> None:
    assert comment_on_trial(result(), pulls=0).written == []
    assert f"not one open pull request has the commit {COMMIT}" in capsys.readouterr().out


def test_a_rejected_call_is_exit_status_1(
    comment_on_trial: Callable[..., FakeApi],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def rejected(*_: object) -> None:
        raise ApiError("GET /pulls: 403")

    monkeypatch.setattr(trial_comment, "pull_request", rejected)
    comment_on_trial(result(), status=1)
    assert "GET /pulls: 403" in capsys.readouterr().err


class WithoutRegistration:
    """A definition with jobs only."""

    def __eq__(self, definition: object) -> bool:
        types = [step["Type"] for step in json.loads(str(definition))["Steps"]]
        return types == ["Processing", "Training", "Processing"]


def expect_uploads(s3: Stubber) -> None:
    for _ in inputs(read_settings(TRIAL)):
        expect_upload(s3, ANY)


def expect_upload(s3: Stubber, key: Any) -> None:
    s3.add_response(
        "put_object",
        {},
        {
            "Bucket": BUILD["ARTIFACT_BUCKET"],
            "Key": key,
            "Body": ANY,
            "ServerSideEncryption": "aws:kms",
            "SSEKMSKeyId": KEY,
        },
    )


def expect_champion(sagemaker: Stubber, *versions: str) -> None:
    created = datetime(2026, 11, 29, tzinfo=timezone.utc)
    sagemaker.add_response(
        "list_model_packages",
        {
            "ModelPackageSummaryList": [
                {
                    "ModelPackageArn": arn,
                    "CreationTime": created,
                    "ModelPackageStatus": "Completed",
                }
                for arn in versions
            ]
        },
        {
            "ModelPackageGroupName": "mlops-churn--dev--models",
            "ModelApprovalStatus": "Approved",
            "SortBy": "CreationTime",
            "SortOrder": "Descending",
            "MaxResults": 1,
        },
    )
    for arn in versions:
        sagemaker.add_response(
            "describe_model_package",
            {
                "ModelPackageName": "7",
                "ModelPackageArn": arn,
                "CreationTime": created,
                "ModelPackageVersion": 7,
                "ModelPackageStatus": "Completed",
                "ModelPackageStatusDetails": {"ValidationStatuses": []},
                "InferenceSpecification": {
                    "Containers": [{"ModelDataUrl": f"{FOLDER}7/model.tar.gz"}]
                },
            },
            {"ModelPackageName": arn},
        )


def expect_start(sagemaker: Stubber) -> None:
    sagemaker.add_response(
        "start_pipeline_execution",
        {"PipelineExecutionArn": EXECUTION},
        {
            "PipelineName": "mlops-churn--dev--trial",
            "PipelineExecutionDisplayName": f"commit-{COMMIT}",
            "PipelineParameters": ANY,
            "ClientRequestToken": ANY,
        },
    )


def expect_start_of_trial(sagemaker: Stubber, s3: Stubber) -> None:
    expect_uploads(s3)
    sagemaker.add_response("describe_pipeline", {"PipelineArn": ARN})
    sagemaker.add_response("update_pipeline", {"PipelineArn": ARN})
    sagemaker.add_response("add_tags", {"Tags": TAGS})
    expect_champion(sagemaker)
    expect_start(sagemaker)


def expect_end(sagemaker: Stubber, status: str) -> None:
    sagemaker.add_response("describe_pipeline_execution", {"PipelineExecutionStatus": status})
    sagemaker.add_response("list_pipeline_execution_steps", {"PipelineExecutionSteps": []})


def expect_report(s3: Stubber, name: str, content: dict[str, Any]) -> None:
    text = json.dumps(content).encode()
    s3.add_response(
        "get_object",
        {"Body": StreamingBody(BytesIO(text), len(text))},
        {
            "Bucket": BUILD["ARTIFACT_BUCKET"],
            "Key": f"mlops-churn--dev--trial/executions/abc123def456/Evaluate/report/{name}",
        },
    )


def expect_steps(sagemaker: Stubber, *names: str) -> None:
    start = datetime(2026, 11, 29, tzinfo=timezone.utc)
    sagemaker.add_response(
        "list_pipeline_execution_steps",
        {
            "PipelineExecutionSteps": [
                {"StepName": name, "StartTime": start, "EndTime": start + timedelta(seconds=90)}
                for name in names
            ]
        },
        {"PipelineExecutionArn": EXECUTION},
    )
