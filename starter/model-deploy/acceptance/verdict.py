"""What the answers amount to, and whether that is enough."""

from __future__ import annotations

import math
from dataclasses import dataclass

from acceptance.endpoint import Answer
from acceptance.sample import Sample
from acceptance.settings import Thresholds

# As in the model build's evaluation: from here on, the answer is the positive class.
POSITIVE = 0.5
_SHOWN = 3


@dataclass(frozen=True)
class Disagreement:
    """A row that was answered unlike it was when the model was evaluated."""

    row: int
    expected: float
    answered: float


@dataclass(frozen=True)
class Figures:
    """What was measured."""

    rows: int
    disagreements: list[Disagreement]
    label: str | None
    right: int
    p50_milliseconds: float
    p95_milliseconds: float
    repeated_calls: int

    @property
    def agreement(self) -> float:
        """Share of the answers that are as expected."""
        return (self.rows - len(self.disagreements)) / self.rows

    @property
    def accuracy(self) -> float | None:
        """Share of the answers that are true, if the sample says what is true."""
        return None if self.label is None else self.right / self.rows


def measure(sample: Sample, answers: list[Answer], tolerance: float) -> Figures:
    """Compares the answers with the sample."""
    given = [answer.probability for answer in answers]
    times = sorted(answer.milliseconds for answer in answers)
    return Figures(
        rows=len(given),
        disagreements=[
            Disagreement(row, expected, answered)
            for row, (expected, answered) in enumerate(
                zip(sample.expected, given, strict=True), start=1
            )
            if not abs(answered - expected) <= tolerance
        ],
        label=sample.label,
        right=sum(
            (answered >= POSITIVE) == bool(truth)
            for answered, truth in zip(given, sample.labels, strict=False)
        ),
        p50_milliseconds=_percentile(times, 50),
        p95_milliseconds=_percentile(times, 95),
        repeated_calls=sum(answer.is_repeated for answer in answers),
    )


def shortcomings(figures: Figures, thresholds: Thresholds) -> list[str]:
    """Says what is not enough; nothing if the model passes."""
    problems: list[str] = []
    rows, wrong = figures.rows, len(figures.disagreements)
    if figures.agreement < thresholds.minimum_agreement:
        some = "; ".join(
            f"row {it.row}: {it.answered:.6g} instead of {it.expected:.6g}"
            for it in figures.disagreements[:_SHOWN]
        )
        more = f"; {wrong - _SHOWN} more in the report" if wrong > _SHOWN else ""
        problems.append(
            f"agreement is {figures.agreement:.4f}, test.minimumAgreement is "
            f"{thresholds.minimum_agreement:g}: {rows - wrong} of {rows} answers are as expected "
            f"within {thresholds.tolerance:g} ({some}{more})"
        )
    accuracy, least = figures.accuracy, thresholds.minimum_accuracy
    if least is not None and accuracy is None:
        problems.append(
            f"test.minimumAccuracy is {least:g}, but expected.csv has no column with the label. "
            "Let the model build write one, or take the threshold away"
        )
    elif least is not None and accuracy < least:
        problems.append(
            f"accuracy is {accuracy:.4f}, test.minimumAccuracy is {least:g}: {figures.right} of "
            f"{rows} answers are right about {figures.label}"
        )
    p95, most = figures.p95_milliseconds, thresholds.maximum_latency_milliseconds
    if most is not None and p95 > most:
        problems.append(
            f"latency is {p95:.1f} ms (p95), test.maximumLatencyMilliseconds is {most:g}"
        )
    return problems


def _percentile(ordered: list[float], percent: int) -> float:
    """The nearest rank: a time that was really measured."""
    return ordered[math.ceil(len(ordered) * percent / 100) - 1]
