"""Tests the model version of a staging endpoint with its sample set."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from acceptance.endpoint import Answer, check_endpoint, invoke_rows
from acceptance.not_accepted import NotAcceptedError
from acceptance.report import report, summary
from acceptance.sample import read_sample
from acceptance.settings import Settings, read_settings
from acceptance.verdict import Figures, measure, missed_thresholds
from deployment import api
from deployment.life_cycle import STAGING, record_served
from deployment.settings import SettingsError

PROGRESS_SECONDS = 2


def test(variables: Mapping[str, str], summary_file: Path | None) -> int:
    """Tests the staging endpoint; returns the exit status."""
    try:
        settings = read_settings(variables)
    except SettingsError as error:
        results = variables.get("EXPORT_TEST_RESULTS")
        if results:
            _write_json(Path(results), {"verdict": "failed", "reasons": error.problems})
        raise

    figures, reasons = run_test(settings)
    _write_json(settings.results, report(settings, figures, reasons))
    line = summary(settings, figures, reasons)
    if summary_file is not None:
        summary_file.write_text(f"{line}\n", encoding="utf-8")
    if reasons:
        version = settings.deployment.model_version
        subject = f"Version {version} failed the test on {settings.endpoint_name}:"
        print("\n- ".join([subject, *reasons]), file=sys.stderr)
        return 1
    print(line)
    return 0


def record_staging(settings: Settings) -> None:
    """Records in the registry that the version is on staging; the build of staging may not."""
    versions, slash, _ = settings.deployment.model_package_arn.rpartition("/")
    number = settings.deployment.model_version
    aws = api.create_clients(settings.region)
    record_served(aws, STAGING, settings.endpoint_name, f"{versions}{slash}", number)


def run_test(settings: Settings) -> tuple[Figures | None, list[str]]:
    """Returns the figures, None if none were measured, and the reasons of a failed test."""
    s3, sagemaker, runtime = create_clients(settings.region)
    version = settings.deployment.model_version
    try:
        sample = read_sample(s3, version, settings.deployment.sample_location)
        check_endpoint(sagemaker, settings.endpoint_name, version)
        print(f"Endpoint {settings.endpoint_name} serves version {version}.", flush=True)
        record_staging(settings)
        invocations = invoke_rows(runtime, settings.endpoint_name, sample.requests)
        answers = list(_with_progress(invocations, len(sample.requests)))
    except (BotoCoreError, ClientError, NotAcceptedError) as error:
        return None, [str(error)]
    figures = measure(sample, answers, settings.thresholds.tolerance)
    return figures, missed_thresholds(figures, settings.thresholds)


def create_clients(region: str) -> tuple[Any, Any, Any]:
    """Creates the clients of S3, SageMaker and SageMaker Runtime."""
    session = boto3.Session(region_name=region)
    # A retry inside the SDK would be measured as one slow call.
    no_retries = Config(retries={"total_max_attempts": 1})
    return (
        session.client("s3"),
        session.client("sagemaker"),
        session.client("sagemaker-runtime", config=no_retries),
    )


def _with_progress(answers: Iterator[Answer], rows: int) -> Iterator[Answer]:
    logged = time.monotonic()
    for number, answer in enumerate(answers, start=1):
        if number == rows or time.monotonic() - logged >= PROGRESS_SECONDS:
            print(f"{number} of {rows} rows tested.", flush=True)
            logged = time.monotonic()
        yield answer


def _write_json(file: Path, content: dict[str, Any]) -> None:
    file.write_text(f"{json.dumps(content, indent=2)}\n", encoding="utf-8")
