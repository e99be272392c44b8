"""The whole test, on fakes of AWS: what is asked, what is judged, and what is left behind."""

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
from conftest import DEPLOYMENT, ENDPOINT, GROUP, REQUESTS, SAMPLE, Cloud

from acceptance import command

ROOT = Path(__file__).parents[1]
Build = Callable[..., dict[str, str]]


@pytest.fixture
def run(
    build: Build, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., int]:
    """Runs the command as the build does, in an environment with these changes."""

    def it(**changes: Any) -> int:
        for name, value in build(**changes).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.argv", ["test-endpoint", "--summary", str(tmp_path / "line")])
        return command.main()

    return it


def test_a_model_that_answers_as_expected_passes(
    run: Callable[..., int], cloud: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.has_sample()
    cloud.has_endpoint()
    cloud.answers_all()
    assert run() == 0
    out = capsys.readouterr().out.splitlines()
    line = (tmp_path / "line").read_text()
    assert out == [
        f"Endpoint {ENDPOINT} serves version 2.",
        "4 of 4 rows are answered.",
        line.strip(),
    ]
    assert line.startswith(f"Version 2 passes on {ENDPOINT}: 4 of 4 answers as expected")
    assert line.count("\n") == 1


def test_the_report_has_all_that_was_asked_for_measured_and_decided(
    run: Callable[..., int], cloud: Cloud, tmp_path: Path
) -> None:
    cloud.has_sample()
    cloud.has_endpoint()
    cloud.answers_all([0.9, 0.2, 0.8, 0.7])
    assert run() == 1
    report = json.loads((tmp_path / "test-results.json").read_text())
    latency = report["figures"].pop("latencyMilliseconds")
    [reason] = report.pop("reasons")
    assert 0 < latency["p50"] <= latency["p95"]
    assert reason.startswith("agreement is 0.7500, test.minimumAgreement is 1: 3 of 4 ")
    assert report == {
        "verdict": "failed",
        "endpointName": ENDPOINT,
        **DEPLOYMENT,
        "rejectedModelPackageArn": None,
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


def test_the_reasons_are_the_last_words_of_a_test_that_fails(
    run: Callable[..., int],
    cloud: Cloud,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cloud.has_sample()
    cloud.has_endpoint()
    cloud.answers_all([0.1, 0.9, 0.1, 0.9])
    assert run() == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0] == f"Version 2 does not pass on {ENDPOINT}:"
    assert [line.split(" is ")[0] for line in told[1:]] == ["- agreement", "- accuracy"]
    assert (tmp_path / "line").read_text().startswith(f"Version 2 fails on {ENDPOINT}: agreement")


def test_a_version_without_a_sample_set_fails_and_is_told_what_to_do(
    run: Callable[..., int], cloud: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(deployment={**DEPLOYMENT, "sampleLocation": None}) == 1
    told = capsys.readouterr().err
    assert "version 2 carries no sample set" in told
    assert "Register a version that has one" in told
    report = json.loads((tmp_path / "test-results.json").read_text())
    assert (report["verdict"], report["figures"]) == ("failed", None)
    assert report["reasons"] == [told.splitlines()[1].removeprefix("- ")]


def test_a_sample_set_that_is_gone_is_named(
    run: Callable[..., int], cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.s3.add_client_error("get_object", "NoSuchKey", "The key does not exist.")
    assert run() == 1
    assert f"{SAMPLE}/request.csv cannot be read: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("sample", "reason"),
    [
        ({"requests": "1,2\n"}, "as many rows as request.csv, .*: 1 to ask, 4 expected"),
        ({"requests": "", "expected": "probability\n"}, "at least one: 0 to ask, 0 expected"),
        ({"expected": "malignant\n1\n"}, "must have the column probability .*, got: malignant"),
        ({"expected": "a,b,probability\n1,1,1\n"}, "the label as another, got: a, b, probability"),
        ({"expected": ""}, "must have the column probability .*, got: none"),
        ({"expected": "y,probability\n1,0.5\n1,high\n"}, r"row 2: .*, got 1, high"),
        ({"expected": "y,probability\n2,0.5\n"}, "row 1: .* the label 0 or 1, got 2, 0.5"),
        ({"expected": "y,probability\n1\n"}, "row 1: probability must be a number"),
    ],
)
def test_a_sample_set_that_is_of_no_use_is_told_of(
    run: Callable[..., int],
    cloud: Cloud,
    capsys: pytest.CaptureFixture[str],
    sample: dict[str, str],
    reason: str,
) -> None:
    cloud.has_sample(**sample)
    assert run() == 1
    told = capsys.readouterr().err
    assert re.search(rf"- {SAMPLE}/expected\.csv.*{reason}", told), told


@pytest.mark.parametrize(
    "requests", ["\ufeff1.5,2\r\n3,4\r\n5,6\r\n7,8\r\n", "1.5,2\n3,4\n\n5,6\n7,8"]
)
def test_a_sample_set_may_come_from_a_spreadsheet(
    run: Callable[..., int], cloud: Cloud, requests: str
) -> None:
    cloud.has_sample(requests)
    cloud.has_endpoint()
    cloud.answers_all()
    assert run() == 0


def test_an_endpoint_that_is_not_in_service_is_asked_nothing(
    run: Callable[..., int], cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.has_sample()
    cloud.has_endpoint(status="Failed", FailureReason="The container does not answer.")
    assert run() == 1
    assert (
        f"endpoint {ENDPOINT} is Failed, not InService, although its deployment succeeded "
        "(The container does not answer.)" in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    "config", [f"{ENDPOINT}-1-0a1b2c3d", f"{ENDPOINT}-12-0a1b2c3d", f"{ENDPOINT}-2-0a1b", "by-hand"]
)
def test_no_other_version_is_tested_in_the_place_of_the_deployed_one(
    run: Callable[..., int], cloud: Cloud, capsys: pytest.CaptureFixture[str], config: str
) -> None:
    cloud.has_sample()
    cloud.has_endpoint(config=config)
    assert run() == 1
    assert f"serves {config}, not version 2" in capsys.readouterr().err


def test_an_endpoint_that_is_not_there_is_told_of_in_the_words_of_aws(
    run: Callable[..., int], cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.has_sample()
    cloud.sagemaker.add_client_error(
        "describe_endpoint", "ValidationException", "Could not find endpoint."
    )
    assert run() == 1
    assert "Could not find endpoint." in capsys.readouterr().err


@pytest.mark.parametrize("code", ["ThrottlingException", "ModelNotReadyException"])
def test_what_passes_by_itself_is_tried_once_more(
    run: Callable[..., int], cloud: Cloud, tmp_path: Path, code: str
) -> None:
    cloud.has_sample()
    cloud.has_endpoint()
    cloud.answers(REQUESTS[0], "0.9\n")
    cloud.fails(REQUESTS[0], code)
    for row, text in zip(REQUESTS, ("0.9", "0.2", "0.8", "0.6"), strict=True):
        cloud.answers(row, text)
    assert run() == 0
    report = json.loads((tmp_path / "test-results.json").read_text())
    assert report["figures"]["repeatedCalls"] == 1


def test_nothing_is_tried_a_third_time(
    run: Callable[..., int], cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.has_sample()
    cloud.has_endpoint()
    cloud.fails(REQUESTS[0], "ServiceUnavailable", "Try again.")
    cloud.fails(REQUESTS[0], "ServiceUnavailable", "Try again later.")
    assert run() == 1
    assert "- row 1 of request.csv: " in (told := capsys.readouterr().err)
    assert "Try again later." in told


def test_a_row_that_the_model_cannot_answer_is_told_in_the_words_of_its_container(
    run: Callable[..., int], cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.has_sample()
    cloud.has_endpoint()
    cloud.answers(REQUESTS[0], "0.9")
    cloud.answers(REQUESTS[0], "0.9")
    cloud.fails(
        REQUESTS[1],
        "ModelError",
        "Received server error (500) from primary",
        OriginalStatusCode=500,
        OriginalMessage="ValueError: a row must have 30 values, got 2",
        LogStreamArn="arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/Endpoints",
    )
    assert run() == 1
    assert capsys.readouterr().err.splitlines()[-1] == (
        "- row 2 of request.csv: the model's container answered 500: ValueError: a row must have "
        "30 values, got 2 (log: arn:aws:logs:us-east-1:123456789012:log-group:"
        "/aws/sagemaker/Endpoints)"
    )


def test_an_answer_that_is_no_probability_is_shown(
    run: Callable[..., int], cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.has_sample()
    cloud.has_endpoint()
    cloud.answers(REQUESTS[0], '{"predictions": [0.9]}', "application/json")
    assert run() == 1
    assert (
        "- row 1 of request.csv: the answer must be text/csv, got application/json"
        in capsys.readouterr().err
    )


def test_an_answer_that_never_comes_is_waited_for_once_more(
    run: Callable[..., int],
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = []

    def invoke(**request: Any) -> None:
        asked.append(request["Body"])
        raise ReadTimeoutError(endpoint_url="https://runtime.sagemaker.us-east-1.amazonaws.com")

    monkeypatch.setattr(cloud.runtime.client, "invoke_endpoint", invoke)
    cloud.has_sample()
    cloud.has_endpoint()
    assert run() == 1
    assert asked == [b"1.5,2\n"] * 2
    assert "- row 1 of request.csv: Read timeout" in capsys.readouterr().err


def test_latency_is_that_of_the_answer_and_not_of_the_wait_before_it(
    run: Callable[..., int], cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock = iter(range(100))
    monkeypatch.setattr("time.perf_counter", lambda: next(clock) / 1000)
    cloud.has_sample()
    cloud.has_endpoint()
    cloud.answers(REQUESTS[0], "0.9")
    for row, text in zip(REQUESTS, ("0.9", "0.2", "0.8", "0.6"), strict=True):
        cloud.fails(row, "ThrottlingException")
        cloud.answers(row, text)
    assert run() == 0
    report = json.loads((tmp_path / "test-results.json").read_text())
    latency = report["figures"]["latencyMilliseconds"]
    assert latency == {"p50": pytest.approx(1), "p95": pytest.approx(1)}


def test_a_long_test_tells_how_far_it_is(
    run: Callable[..., int],
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(command, "PROGRESS_SECONDS", 0)
    cloud.has_sample()
    cloud.has_endpoint()
    cloud.answers_all()
    assert run() == 0
    told = [line for line in capsys.readouterr().out.splitlines() if "answered" in line]
    assert told == [f"{number} of 4 rows are answered." for number in (1, 2, 3, 4)]


def test_a_rejected_version_is_followed_by_an_earlier_one(
    run: Callable[..., int], cloud: Cloud, tmp_path: Path
) -> None:
    cloud.has_sample()
    cloud.has_endpoint(config=f"{ENDPOINT}-1-0a1b2c3d")
    cloud.answers_all()
    earlier = {
        **DEPLOYMENT,
        "modelPackageArn": f"{GROUP}/1",
        "modelVersion": 1,
        "reason": "rejected",
        "rejectedModelPackageArn": f"{GROUP}/2",
    }
    assert run(deployment=earlier) == 0
    assert "place of version 2, which was rejected" in (tmp_path / "line").read_text()


def test_ill_formed_settings_end_with_2_and_a_report(
    run: Callable[..., int], cloud: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(ENDPOINT_NAME="churn_staging") == 2
    assert capsys.readouterr().err.startswith("1 problem in the settings of the test:\n- ENDPOINT")
    report = json.loads((tmp_path / "test-results.json").read_text())
    assert report["verdict"] == "failed"
    assert report["reasons"][0].startswith("ENDPOINT_NAME must be")


def test_the_sdk_repeats_no_call_that_is_measured() -> None:
    *_, runtime = command.clients("us-east-1")
    assert runtime.meta.config.retries["total_max_attempts"] == 1


def test_the_command_explains_itself() -> None:
    answer = _call("--help")
    assert answer.returncode == 0
    assert "--summary" in answer.stdout


def test_without_its_variables_the_command_names_them_all() -> None:
    answer = _call()
    assert answer.returncode == 2
    assert "5 problems in the settings of the test" in answer.stderr
    assert "Traceback" not in answer.stderr


def _call(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "import sys, acceptance.command as it; sys.exit(it.main())"
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
