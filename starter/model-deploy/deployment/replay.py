"""Replay of the version's sample set on an endpoint, whose old and new instances answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError, HTTPClientError

from acceptance import handler
from acceptance.not_accepted import NotAcceptedError
from acceptance.sample import read_sample
from deployment.api import Aws, DeploymentError
from deployment.environment import Environment
from deployment.registry import ModelVersion

# Data capture, dashboards and monitoring can leave out requests with this InferenceId.
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
INFERENCE_ID = "canary-replay-"
MOST_ROWS = 40
_ROUND_SECONDS = 15
_DENIED = {"AccessDenied", "AccessDeniedException"}
NO_PROBABILITY = float("nan")


@dataclass(frozen=True)
class Row:
    """Row of the sample set, with its answer in the evaluation."""

    number: int
    request: str
    expected: float


@dataclass
class Replay:
    """Requests of the sample set, and what the endpoint answered."""

    runtime: Any
    environment: Environment
    rows: list[Row]
    # Thresholds of the test in staging-config.json.
    test: dict[str, Any]
    answered: int = 0
    _sent: int = 0
    _previous: dict[int, float] = field(default_factory=dict)
    _wrong: dict[int, str] = field(default_factory=dict)

    def ask_previous(self) -> None:
        """Answers of the version that serves; a row that it does not answer has none."""
        for row in self.rows:
            answer = self._invoke(row)
            if answer is not None:
                self._previous[row.number] = answer

    def ask(self, count: int, between: Callable[[], None], *, only_new: bool) -> None:
        """Sends the next rows; `only_new`: no old instance answers any more."""
        began = time.monotonic()
        for _ in range(count):
            if time.monotonic() - began > _ROUND_SECONDS:
                return
            between()
            row = self.rows[self._sent % len(self.rows)]
            answer = self._invoke(row)
            if answer is not None:
                self.answered += 1
                self._judge(row, answer, only_new=only_new)

    @property
    def wrong_answers(self) -> str:
        """Wrong answers, if they are more than the test of staging accepts; or else empty."""
        accepted = (1 - self.test["minimum_agreement"]) * len(self.rows)
        if len(self._wrong) <= accepted + 1e-9:
            return ""
        return "; ".join(list(self._wrong.values())[:3])

    def _judge(self, row: Row, answer: float, *, only_new: bool) -> None:
        if self._is_same(answer, row.expected):
            return
        # An old instance may have answered.
        if not only_new and (
            row.number not in self._previous or self._is_same(answer, self._previous[row.number])
        ):
            return
        got = "no probability" if answer != answer else f"{answer:.6g}"
        self._wrong[row.number] = f"row {row.number}: expected {row.expected:.6g}, got {got}"

    def _is_same(self, answer: float, other: float) -> bool:
        both_none = answer != answer and other != other
        return both_none or abs(answer - other) <= self.test["tolerance"]

    def _invoke(self, row: Row) -> float | None:
        """The answer; NaN if it is no probability, None if there is none."""
        self._sent += 1
        try:
            response = self.runtime.invoke_endpoint(
                EndpointName=self.environment.endpoint_name,
                ContentType=handler.CONTENT_TYPE,
                Accept=handler.ACCEPT,
                Body=handler.body(row.request),
                InferenceId=f"{INFERENCE_ID}{self._sent}-{self.environment.execution_id}"[:64],
            )
            content = response["Body"].read()
        except (ClientError, HTTPClientError) as error:
            if isinstance(error, ClientError) and error.response["Error"]["Code"] in _DENIED:
                raise
            # The metrics of the new instances count their errors.
            return None
        try:
            return handler.probability(content, response.get("ContentType", ""))
        except ValueError:
            return NO_PROBABILITY


def replay_of(
    aws: Aws, environment: Environment, version: ModelVersion, test: dict[str, Any]
) -> Replay:
    """Reads the sample set of a version; raises DeploymentError if there is none."""
    try:
        sample = read_sample(aws.s3, version.number, version.sample_location)
    except NotAcceptedError as error:
        text = f"the canary needs the sample set: {error}"
        if "Next: " not in text:
            text += ". Next: register a version with a complete sample set"
        raise DeploymentError(text) from error
    pairs = enumerate(zip(sample.requests, sample.expected, strict=True), 1)
    rows = [Row(number, request, expected) for number, (request, expected) in pairs]
    step = -(-len(rows) // MOST_ROWS)
    return Replay(aws.runtime, environment, rows[::step], test)
