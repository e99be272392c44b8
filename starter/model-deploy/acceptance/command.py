"""Tests the model that a staging endpoint serves, with the sample set that the version carries."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from acceptance.endpoint import Answer, answers, must_serve
from acceptance.not_accepted import NotAcceptedError
from acceptance.report import report, summary
from acceptance.sample import Sample, read_sample
from acceptance.settings import Settings, SettingsError, read_settings
from acceptance.verdict import Figures, measure, shortcomings

PROGRESS_SECONDS = 2


def main() -> int:
    """Runs the command; the exit code is 1 if the model does not pass, 2 if settings are wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="All settings come from environment variables: README.md has the table.",
    )
    parser.add_argument("--summary", type=Path, help="file for the approver's one line of text")
    file = parser.parse_args().summary
    try:
        settings = read_settings(os.environ)
    except SettingsError as error:
        results = os.environ.get("EXPORT_TEST_RESULTS")
        if results:
            _write(Path(results), {"verdict": "failed", "reasons": error.problems})
        print(error, file=sys.stderr)
        return 2

    figures, reasons = test(settings)
    _write(settings.results, report(settings, figures, reasons))
    line = summary(settings, figures, reasons)
    if file is not None:
        file.write_text(f"{line}\n", encoding="utf-8")
    if reasons:
        version = settings.deployment.model_version
        told = f"Version {version} does not pass on {settings.endpoint_name}:"
        print("\n- ".join([told, *reasons]), file=sys.stderr)
        return 1
    print(line)
    return 0


def test(settings: Settings) -> tuple[Figures | None, list[str]]:
    """Gives what was measured, if it came to that, and why the model does not pass, if so."""
    s3, sagemaker, runtime = clients(settings.region)
    version = settings.deployment.model_version
    try:
        sample = read_sample(s3, settings.deployment)
        must_serve(sagemaker, settings.endpoint_name, version)
        print(f"Endpoint {settings.endpoint_name} serves version {version}.", flush=True)
        given = list(_told(sample, answers(runtime, settings.endpoint_name, sample.requests)))
    except (BotoCoreError, ClientError, NotAcceptedError) as error:
        return None, [str(error)]
    figures = measure(sample, given, settings.thresholds.tolerance)
    return figures, shortcomings(figures, settings.thresholds)


def clients(region: str) -> tuple[Any, Any, Any]:
    """Gives the clients of S3, SageMaker and its endpoints."""
    session = boto3.Session(region_name=region)
    # A call that the SDK repeats by itself would be measured as one slow call.
    once = Config(retries={"total_max_attempts": 1})
    return (
        session.client("s3"),
        session.client("sagemaker"),
        session.client("sagemaker-runtime", config=once),
    )


def _told(sample: Sample, given: Iterator[Answer]) -> Iterator[Answer]:
    rows, told = len(sample.requests), time.monotonic()
    for number, answer in enumerate(given, start=1):
        if number == rows or time.monotonic() - told >= PROGRESS_SECONDS:
            print(f"{number} of {rows} rows are answered.", flush=True)
            told = time.monotonic()
        yield answer


def _write(file: Path, content: dict[str, Any]) -> None:
    file.write_text(f"{json.dumps(content, indent=2)}\n", encoding="utf-8")
