"""`python -m deployment test` with stubbed AWS: calls, verdict, exit status, output, report."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from conftest import DEPLOYMENT, ENDPOINT, GROUP, REQUESTS, SAMPLE, StubbedAws

from acceptance import command
from deployment.__main__ import main

ROOT = Path(__file__).parents[1]
Build = Callable[..., dict[str, str]]


@pytest.fixture
def run(
    build: Build, aws: StubbedAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., int]:
    """Runs the command as the build does, in an environment with the given changes."""

    def run_command(**changes: Any) -> int:
        for name, value in build(**changes).items():
            monkeypatch.setenv(name, value)
        return main(["test", "--summary", str(tmp_path / "line")])

    return run_command


def test_model_with_the_expected_answers_passes(
    run: Callable[..., int], aws: StubbedAws, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.expect_sample()
    aws.expect_endpoint()
    aws.expect_all_answers()
    assert run() == 0
    out = capsys.readouterr().out.splitlines()
    line = (tmp_path / "line").read_text()
    assert out == [
        f"Endpoint {ENDPOINT} serves version 2.",
        "4 of 4 rows tested.",
        line.strip(),
    ]
    assert line.startswith(f"Version 2 passed the test on {ENDPOINT}: 4 of 4 answers match the")
    assert line.count("\n") == 1


def test_report_has_deployment_thresholds_figures_and_verdict(
    run: Callable[..., int], aws: StubbedAws, tmp_path: Path
) -> None:
    aws.expect_sample()
    aws.expect_endpoint()
    aws.expect_all_answers([0.9, 0.2, 0.8, 0.7])
    assert run() == 1
    report = json.loads((tmp_path / "test-results.json").read_text())
    latency = report["figures"].pop("latencyMilliseconds")
    [reason] = report.pop("reasons")
    assert 0 < latency["p50"] <= latency["p95"]
    assert reason.startswith("agreement 0.7500 is below test.minimumAgreement 1: 3 of 4 ")
    assert report == {
        "verdict": "failed",
        "endpointName": ENDPOINT,
        **DEPLOYMENT,
        "rejectedModelPackageArn": None,
        "comparison": None,
        "stagingUntil": None,
        "thresholds": {
            "minimumAgreement": 1,
            "tolerance": 0.000001,
            "minimumAccuracy": 0.75,
            "maximumLatencyMilliseconds": 500,
        },
        "figures": {
            "rows": 4,
            "agreement": 0.75,
            "accuracy": 0.75,
            "label": "malignant",
            "repeatedCalls": 0,
            "disagreements": [{"row": 4, "expected": 0.6, "answered": 0.7}],
        },
    }


def test_failed_test_prints_its_reasons_last(
    run: Callable[..., int],
    aws: StubbedAws,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    aws.expect_sample()
    aws.expect_endpoint()
    aws.expect_all_answers([0.1, 0.9, 0.1, 0.9])
    assert run() == 1
    subject, *reasons = capsys.readouterr().err.splitlines()
    assert subject == f"Version 2 failed the test on {ENDPOINT}:"
    assert [reason.split(" 0.")[0] for reason in reasons] == ["- agreement", "- accuracy"]
    line = (tmp_path / "line").read_text()
    assert line.startswith(f"Version 2 failed the test on {ENDPOINT}: agreement")


def test_version_without_a_sample_set_fails_with_the_next_step(
    run: Callable[..., int], aws: StubbedAws, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(deployment={**DEPLOYMENT, "sampleLocation": None}) == 1
    errors = capsys.readouterr().err
    assert "version 2 has no sample set" in errors
    assert "Next: register a version with a sample set" in errors
    report = json.loads((tmp_path / "test-results.json").read_text())
    assert (report["verdict"], report["figures"]) == ("failed", None)
    assert report["reasons"] == [errors.splitlines()[1].removeprefix("- ")]


def test_error_names_a_missing_file_of_the_sample_set(
    run: Callable[..., int], aws: StubbedAws, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.s3.add_client_error("get_object", "NoSuchKey", "The key does not exist.")
    assert run() == 1
    assert f"{SAMPLE}/request.csv cannot be read: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("sample", "reason"),
    [
        ({"requests": "1,2\n"}, "as many rows as request.csv, .*: request.csv has 1, .* 4"),
        (
            {"requests": "", "expected": "probability\n"},
            "at least one: request.csv has 0, expected.csv has 0",
        ),
        ({"expected": "malignant\n1\n"}, "must have the column probability .*, got: malignant"),
        (
            {"expected": "a,b,probability\n1,1,1\n"},
            "one more column, the label, got: a, b, probability",
        ),
        ({"expected": ""}, "must have the column probability .*, got: none"),
        ({"expected": "y,probability\n1,0.5\n1,high\n"}, r"row 2: .*, got 1, high"),
        ({"expected": "y,probability\n2,0.5\n"}, "row 1: .* the label 0 or 1, got 2, 0.5"),
        ({"expected": "y,probability\n1\n"}, "row 1: probability must be a number"),
    ],
)
def test_error_names_the_problem_of_an_invalid_sample_set(
    run: Callable[..., int],
    aws: StubbedAws,
    capsys: pytest.CaptureFixture[str],
    sample: dict[str, str],
    reason: str,
) -> None:
    aws.expect_sample(**sample)
    assert run() == 1
    errors = capsys.readouterr().err
    assert re.search(rf"- {SAMPLE}/expected\.csv.*{reason}", errors), errors


@pytest.mark.parametrize(
    "requests", ["\ufeff1.5,2\r\n3,4\r\n5,6\r\n7,8\r\n", "1.5,2\n3,4\n\n5,6\n7,8"]
)
def test_accepts_a_sample_set_saved_by_a_spreadsheet(
    run: Callable[..., int], aws: StubbedAws, requests: str
) -> None:
    aws.expect_sample(requests)
    aws.expect_endpoint()
    aws.expect_all_answers()
    assert run() == 0


def test_sends_no_request_to_an_endpoint_that_is_not_in_service(
    run: Callable[..., int], aws: StubbedAws, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.expect_sample()
    aws.expect_endpoint(status="Failed", FailureReason="The container does not result.")
    assert run() == 1
    assert (
        f"endpoint {ENDPOINT} must be InService after the deployment, is Failed: "
        "The container does not result." in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    "config", [f"{ENDPOINT}-1-0a1b2c3d", f"{ENDPOINT}-12-0a1b2c3d", f"{ENDPOINT}-2-0a1b", "by-hand"]
)
def test_fails_when_the_endpoint_serves_another_version(
    run: Callable[..., int], aws: StubbedAws, capsys: pytest.CaptureFixture[str], config: str
) -> None:
    aws.expect_sample()
    aws.expect_endpoint(config=config)
    assert run() == 1
    assert f"serves {config}, not version 2" in capsys.readouterr().err


def test_prints_the_aws_error_for_a_missing_endpoint(
    run: Callable[..., int], aws: StubbedAws, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.expect_sample()
    aws.sagemaker.add_client_error(
        "describe_endpoint", "ValidationException", "Could not find endpoint."
    )
    assert run() == 1
    assert "Could not find endpoint." in capsys.readouterr().err


@pytest.mark.parametrize("code", ["ThrottlingException", "ModelNotReadyException"])
def test_retries_a_transient_error_once(
    run: Callable[..., int], aws: StubbedAws, tmp_path: Path, code: str
) -> None:
    aws.expect_sample()
    aws.expect_endpoint()
    aws.expect_answer(REQUESTS[0], "0.9\n")
    aws.expect_error(REQUESTS[0], code)
    for row, text in zip(REQUESTS, ("0.9", "0.2", "0.8", "0.6"), strict=True):
        aws.expect_answer(row, text)
    assert run() == 0
    report = json.loads((tmp_path / "test-results.json").read_text())
    assert report["figures"]["repeatedCalls"] == 1


def test_does_not_retry_twice(
    run: Callable[..., int], aws: StubbedAws, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.expect_sample()
    aws.expect_endpoint()
    aws.expect_error(REQUESTS[0], "ServiceUnavailable", "Try again.")
    aws.expect_error(REQUESTS[0], "ServiceUnavailable", "Try again later.")
    assert run() == 1
    errors = capsys.readouterr().err
    assert "- row 1 of request.csv: " in errors
    assert "Try again later." in errors


def test_prints_the_error_of_the_model_container(
    run: Callable[..., int], aws: StubbedAws, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.expect_sample()
    aws.expect_endpoint()
    aws.expect_answer(REQUESTS[0], "0.9")
    aws.expect_answer(REQUESTS[0], "0.9")
    aws.expect_error(
        REQUESTS[1],
        "ModelError",
        "Received server error (500) from primary",
        OriginalStatusCode=500,
        OriginalMessage="ValueError: a row must have 30 values, got 2",
        LogStreamArn="arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/Endpoints",
    )
    assert run() == 1
    assert capsys.readouterr().err.splitlines()[-1] == (
        "- row 2 of request.csv: the model container returned 500: ValueError: a row must have "
        "30 values, got 2 (log: arn:aws:logs:us-east-1:123456789012:log-group:"
        "/aws/sagemaker/Endpoints)"
    )


def test_rejects_an_answer_with_another_content_type(
    run: Callable[..., int], aws: StubbedAws, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.expect_sample()
    aws.expect_endpoint()
    aws.expect_answer(REQUESTS[0], '{"predictions": [0.9]}', "application/json")
    assert run() == 1
    assert (
        "- row 1 of request.csv: the answer must be text/csv, got application/json"
        in capsys.readouterr().err
    )


def test_retries_once_after_a_read_timeout(
    run: Callable[..., int],
    aws: StubbedAws,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bodies = []

    def invoke(**request: Any) -> None:
        bodies.append(request["Body"])
        raise ReadTimeoutError(endpoint_url="https://runtime.sagemaker.us-east-1.amazonaws.com")

    monkeypatch.setattr(aws.runtime.client, "invoke_endpoint", invoke)
    aws.expect_sample()
    aws.expect_endpoint()
    assert run() == 1
    assert bodies == [b"1.5,2\n"] * 2
    assert "- row 1 of request.csv: Read timeout" in capsys.readouterr().err


def test_latency_excludes_the_pause_before_a_retry(
    run: Callable[..., int], aws: StubbedAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock = iter(range(100))
    monkeypatch.setattr("time.perf_counter", lambda: next(clock) / 1000)
    aws.expect_sample()
    aws.expect_endpoint()
    aws.expect_answer(REQUESTS[0], "0.9")
    for row, text in zip(REQUESTS, ("0.9", "0.2", "0.8", "0.6"), strict=True):
        aws.expect_error(row, "ThrottlingException")
        aws.expect_answer(row, text)
    assert run() == 0
    report = json.loads((tmp_path / "test-results.json").read_text())
    latency = report["figures"]["latencyMilliseconds"]
    assert latency == {"p50": pytest.approx(1), "p95": pytest.approx(1)}


def test_long_test_prints_its_progress(
    run: Callable[..., int],
    aws: StubbedAws,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(command, "PROGRESS_SECONDS", 0)
    aws.expect_sample()
    aws.expect_endpoint()
    aws.expect_all_answers()
    assert run() == 0
    progress = [line for line in capsys.readouterr().out.splitlines() if "rows" in line]
    assert progress == [f"{number} of 4 rows tested." for number in (1, 2, 3, 4)]


def test_summary_of_an_earlier_version_names_the_rejected_version(
    run: Callable[..., int], aws: StubbedAws, tmp_path: Path
) -> None:
    aws.expect_sample()
    aws.expect_endpoint(config=f"{ENDPOINT}-1-0a1b2c3d")
    aws.expect_all_answers()
    earlier = {
        **DEPLOYMENT,
        "modelPackageArn": f"{GROUP}/1",
        "modelVersion": 1,
        "reason": "rejected",
        "rejectedModelPackageArn": f"{GROUP}/2",
    }
    assert run(deployment=earlier) == 0
    assert "It replaces version 2, which was rejected." in (tmp_path / "line").read_text()


def test_invalid_settings_exit_with_2_and_write_a_report(
    run: Callable[..., int], aws: StubbedAws, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(ENDPOINT_NAME="churn_staging") == 2
    assert capsys.readouterr().err.startswith("1 problem in the settings of the test:\n- ENDPOINT")
    report = json.loads((tmp_path / "test-results.json").read_text())
    assert report["verdict"] == "failed"
    assert report["reasons"][0].startswith("ENDPOINT_NAME must be")


def test_sdk_does_not_retry_measured_calls() -> None:
    *_, runtime = command.create_clients("us-east-1")
    assert runtime.meta.config.retries["total_max_attempts"] == 1


def test_command_prints_help() -> None:
    result = _call("test", "--help")
    assert result.returncode == 0
    assert "--summary" in result.stdout


def test_command_without_variables_lists_them() -> None:
    result = _call("test")
    assert result.returncode == 2
    assert "5 problems in the settings of the test" in result.stderr
    assert "Traceback" not in result.stderr


def _call(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from deployment.__main__ import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.run(  # noqa: S603 - command of this project
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
