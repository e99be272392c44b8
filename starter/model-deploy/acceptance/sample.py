"""Sample set of a model version: requests and their expected answers."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from acceptance.not_accepted import NotAcceptedError

PROBABILITY = "probability"


@dataclass(frozen=True)
class Sample:
    """Per row: the request, the answer in the evaluation, and the true label if known."""

    requests: list[str]
    expected: list[float]
    label: str | None
    labels: list[float]


def read_sample(s3: Any, version: int, location: str | None) -> Sample:
    """Reads the sample set of the version; raises if it is missing or invalid."""
    if location is None:
        raise NotAcceptedError(
            f"version {version} has no sample set: SampleLocation, the S3 folder "
            "of request.csv and expected.csv, is missing in the metadata of the version. "
            "Next: register a version with a sample set, as the Register step of the model build"
        )
    folder = location.rstrip("/")
    requests = [row for row in _read_text(s3, f"{folder}/request.csv").splitlines() if row.strip()]
    file = f"{folder}/expected.csv"
    expected, label, labels = _parse_expected(file, _read_text(s3, file))
    if not requests or len(requests) != len(expected):
        raise NotAcceptedError(
            f"{file} must have as many rows as request.csv, and at least one: request.csv has "
            f"{len(requests)}, expected.csv has {len(expected)}"
        )
    return Sample(requests, expected, label, labels)


def _read_text(s3: Any, uri: str) -> str:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    try:
        return s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode("utf-8-sig")
    except (ClientError, UnicodeDecodeError) as error:
        raise NotAcceptedError(f"{uri} cannot be read: {error}") from error


def _parse_expected(file: str, text: str) -> tuple[list[float], str | None, list[float]]:
    rows = csv.DictReader(io.StringIO(text))
    columns = list(rows.fieldnames or [])
    others = [name for name in columns if name != PROBABILITY]
    if PROBABILITY not in columns or len(others) > 1:
        raise NotAcceptedError(
            f"{file} must have the column {PROBABILITY} and may have one more column, the label, "
            f"got: {', '.join(columns) or 'none'}"
        )
    label = others[0] if others else None
    expected: list[float] = []
    labels: list[float] = []
    for number, row in enumerate(rows, start=1):
        try:
            expected.append(float(row[PROBABILITY]))
            if label is not None:
                labels.append(_parse_label(row[label]))
        except (TypeError, ValueError) as error:
            raise NotAcceptedError(
                f"{file}, row {number}: {PROBABILITY} must be a number and the label 0 or 1, "
                f"got {', '.join(str(value) for value in row.values())}"
            ) from error
    return expected, label, labels


def _parse_label(text: str) -> float:
    value = float(text)
    if value not in {0, 1}:
        raise ValueError(text)
    return value
