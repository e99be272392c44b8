"""Figures of the test, and comparison with the thresholds."""

from __future__ import annotations

import math
from dataclasses import dataclass

from acceptance.endpoint import Answer
from acceptance.sample import Sample
from acceptance.settings import Thresholds

# A probability from 0.5 is the positive class, as in evaluate.py of the model build.
POSITIVE = 0.5
_MAX_SHOWN_ROWS = 3


@dataclass(frozen=True)
class Disagreement:
    """Row whose answer differs from the answer in the evaluation."""

    row: int
    expected: float
    answered: float


@dataclass(frozen=True)
class Figures:
    """Figures of one test."""

    rows: int
    disagreements: list[Disagreement]
    label: str | None
    correct: int
    p50_milliseconds: float
    p95_milliseconds: float
    repeated_calls: int

    @property
    def agreement(self) -> float:
        """Share of the answers that match the evaluation."""
        return (self.rows - len(self.disagreements)) / self.rows

    @property
    def accuracy(self) -> float | None:
        """Share of the answers that match the label; None if the sample set has no label."""
        return None if self.label is None else self.correct / self.rows


def measure(sample: Sample, answers: list[Answer], tolerance: float) -> Figures:
    """Compares the answers with the sample set."""
    probabilities = [answer.probability for answer in answers]
    times = sorted(answer.milliseconds for answer in answers)
    return Figures(
        rows=len(probabilities),
        disagreements=[
            Disagreement(row, expected, answered)
            for row, (expected, answered) in enumerate(
                zip(sample.expected, probabilities, strict=True), start=1
            )
            if not abs(answered - expected) <= tolerance
        ],
        label=sample.label,
        correct=sum(
            (answered >= POSITIVE) == bool(label)
            for answered, label in zip(probabilities, sample.labels, strict=False)
        ),
        p50_milliseconds=_percentile(times, 50),
        p95_milliseconds=_percentile(times, 95),
        repeated_calls=sum(answer.is_repeated for answer in answers),
    )


def missed_thresholds(figures: Figures, thresholds: Thresholds) -> list[str]:
    """Missed thresholds as sentences; empty if the model passes."""
    problems: list[str] = []
    rows, different = figures.rows, len(figures.disagreements)
    if figures.agreement < thresholds.minimum_agreement:
        shown = "; ".join(
            f"row {row.row}: expected {row.expected:.6g}, got {row.answered:.6g}"
            for row in figures.disagreements[:_MAX_SHOWN_ROWS]
        )
        more = (
            f"; {different - _MAX_SHOWN_ROWS} more in the report"
            if different > _MAX_SHOWN_ROWS
            else ""
        )
        problems.append(
            f"agreement {figures.agreement:.4f} is below test.minimumAgreement "
            f"{thresholds.minimum_agreement:g}: {rows - different} of {rows} answers match the "
            f"evaluation within {thresholds.tolerance:g} ({shown}{more})"
        )
    accuracy, minimum = figures.accuracy, thresholds.minimum_accuracy
    if minimum is not None and accuracy is None:
        problems.append(
            f"test.minimumAccuracy is {minimum:g}, but expected.csv has no label column. "
            "Next: add the label to expected.csv in the model build, or remove the threshold"
        )
    elif minimum is not None and accuracy < minimum:
        problems.append(
            f"accuracy {accuracy:.4f} is below test.minimumAccuracy {minimum:g}: "
            f"{figures.correct} of {rows} answers match the label {figures.label}"
        )
    p95, maximum = figures.p95_milliseconds, thresholds.maximum_latency_milliseconds
    if maximum is not None and p95 > maximum:
        problems.append(
            f"p95 latency {p95:.1f} ms is above test.maximumLatencyMilliseconds {maximum:g}"
        )
    return problems


def _percentile(ordered: list[float], percent: int) -> float:
    """Percentile by nearest rank: always a measured value."""
    return ordered[math.ceil(len(ordered) * percent / 100) - 1]
