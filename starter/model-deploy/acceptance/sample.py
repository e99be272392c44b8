"""The sample set that a model version carries: requests, and the answers they must get."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from acceptance.not_accepted import NotAcceptedError
from acceptance.settings import Deployment

ANSWER = "probability"


@dataclass(frozen=True)
class Sample:
    """Row by row what to ask, what was answered when the model was evaluated, and the truth."""

    requests: list[str]
    expected: list[float]
    label: str | None
    labels: list[float]


def read_sample(s3: Any, deployment: Deployment) -> Sample:
    """Reads the sample set of the version; raises if it has none that can be used."""
    location = deployment.sample_location
    if location is None:
        raise NotAcceptedError(
            f"version {deployment.model_version} carries no sample set to test it with: its "
            "metadata has no SampleLocation, the S3 folder of request.csv and expected.csv. "
            "Register a version that has one, as the step Register of the model build does"
        )
    folder = location.rstrip("/")
    requests = [row for row in _text(s3, f"{folder}/request.csv").splitlines() if row.strip()]
    file = f"{folder}/expected.csv"
    expected, label, labels = _answers(file, _text(s3, file))
    if not requests or len(requests) != len(expected):
        raise NotAcceptedError(
            f"{file} must have as many rows as request.csv, and at least one: "
            f"{len(requests)} to ask, {len(expected)} expected"
        )
    return Sample(requests, expected, label, labels)


def _text(s3: Any, uri: str) -> str:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    try:
        return s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode("utf-8-sig")
    except (ClientError, UnicodeDecodeError) as error:
        raise NotAcceptedError(f"{uri} cannot be read: {error}") from error


def _answers(file: str, text: str) -> tuple[list[float], str | None, list[float]]:
    rows = csv.DictReader(io.StringIO(text))
    columns = list(rows.fieldnames or [])
    others = [name for name in columns if name != ANSWER]
    if ANSWER not in columns or len(others) > 1:
        raise NotAcceptedError(
            f"{file} must have the column {ANSWER} and may have the label as another, "
            f"got: {', '.join(columns) or 'none'}"
        )
    label = others[0] if others else None
    expected: list[float] = []
    labels: list[float] = []
    for number, row in enumerate(rows, start=1):
        try:
            expected.append(float(row[ANSWER]))
            if label is not None:
                labels.append(_class(row[label]))
        except (TypeError, ValueError) as error:
            raise NotAcceptedError(
                f"{file}, row {number}: {ANSWER} must be a number and the label 0 or 1, "
                f"got {', '.join(str(value) for value in row.values())}"
            ) from error
    return expected, label, labels


def _class(text: str) -> float:
    value = float(text)
    if value not in {0, 1}:
        raise ValueError(text)
    return value
