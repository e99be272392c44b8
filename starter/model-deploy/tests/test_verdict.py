"""What the answers amount to, and from where on that is enough."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acceptance.endpoint import Answer
from acceptance.sample import Sample
from acceptance.settings import Thresholds
from acceptance.verdict import Disagreement, Figures, measure, shortcomings

SAMPLE = Sample(["a", "b", "c", "d"], [0.9, 0.2, 0.8, 0.6], "malignant", [1, 0, 1, 0])
STRICT = Thresholds(1, 0.000001, None, None)


def figures(*probabilities: float, sample: Sample = SAMPLE, tolerance: float = 0.01) -> Figures:
    return measure(sample, [Answer(it, 10) for it in probabilities], tolerance)


def test_answers_agree_within_the_tolerance_and_not_beyond() -> None:
    found = figures(0.91, 0.2, 0.8, 0.6, tolerance=0.01 + 1e-12)
    assert (found.agreement, found.disagreements) == (1, [])
    found = figures(0.911, 0.2, 0.8, 0.6)
    assert found.agreement == 0.75
    assert found.disagreements == [Disagreement(1, 0.9, 0.911)]


def test_a_half_is_the_positive_class() -> None:
    sample = replace(SAMPLE, labels=[1, 1, 1, 0])
    assert figures(0.5, 0.4999, 0.9, 0.1, sample=sample).accuracy == 0.75


def test_without_labels_there_is_no_accuracy() -> None:
    assert (
        figures(0.9, 0.2, 0.8, 0.6, sample=replace(SAMPLE, label=None, labels=[])).accuracy is None
    )


def test_percentiles_are_times_that_were_measured() -> None:
    sample = Sample(["a"] * 20, [0.5] * 20, None, [])
    found = measure(sample, [Answer(0.5, it) for it in range(20, 0, -1)], 0)
    assert (found.p50_milliseconds, found.p95_milliseconds) == (10, 19)
    alone = measure(Sample(["a"], [0.5], None, []), [Answer(0.5, 7)], 0)
    assert (alone.p50_milliseconds, alone.p95_milliseconds) == (7, 7)


def test_repeated_calls_are_counted() -> None:
    sample = Sample(["a", "b"], [0.5, 0.5], None, [])
    assert measure(sample, [Answer(0.5, 1, True), Answer(0.5, 1)], 0).repeated_calls == 1


def test_a_model_that_reaches_every_threshold_passes() -> None:
    assert shortcomings(figures(0.9, 0.2, 0.8, 0.6), Thresholds(1, 0.01, 0.75, 10)) == []


@pytest.mark.parametrize(("least", "passes"), [(0.5, True), (0.50001, False)])
def test_agreement_opens_at_the_threshold_and_not_below(least: float, passes: bool) -> None:
    found = figures(0.9, 0.2, 0.1, 0.1)
    assert (shortcomings(found, replace(STRICT, minimum_agreement=least)) == []) is passes


def test_a_reason_tells_figure_threshold_and_rows() -> None:
    found = figures(0.1, 0.2, 0.1, 0.1)
    assert shortcomings(found, replace(STRICT, minimum_agreement=0.95)) == [
        "agreement is 0.2500, test.minimumAgreement is 0.95: 1 of 4 answers are as expected within "
        "1e-06 (row 1: 0.1 instead of 0.9; row 3: 0.1 instead of 0.8; row 4: 0.1 instead of 0.6)"
    ]


def test_only_some_rows_are_told_and_the_others_counted() -> None:
    [reason] = shortcomings(figures(0.1, 0.1, 0.1, 0.1), STRICT)
    assert reason.endswith("row 3: 0.1 instead of 0.8; 1 more in the report)")


@pytest.mark.parametrize(("least", "passes"), [(0.75, True), (0.7501, False)])
def test_accuracy_opens_at_the_threshold_and_not_below(least: float, passes: bool) -> None:
    reasons = shortcomings(figures(0.9, 0.2, 0.8, 0.6), replace(STRICT, minimum_accuracy=least))
    assert (reasons == []) is passes
    if not passes:
        assert reasons == [
            "accuracy is 0.7500, test.minimumAccuracy is 0.7501: 3 of 4 answers are right about "
            "malignant"
        ]


def test_a_threshold_of_accuracy_is_never_passed_over_in_silence() -> None:
    found = figures(0.9, 0.2, 0.8, 0.6, sample=replace(SAMPLE, label=None, labels=[]))
    [reason] = shortcomings(found, replace(STRICT, minimum_accuracy=0.9))
    assert "no column with the label" in reason


@pytest.mark.parametrize(("most", "passes"), [(10, True), (9.9, False)])
def test_latency_is_judged_by_its_95th_percentile(most: float, passes: bool) -> None:
    found = replace(figures(0.9, 0.2, 0.8, 0.6), p50_milliseconds=1)
    reasons = shortcomings(found, replace(STRICT, maximum_latency_milliseconds=most))
    assert (reasons == []) is passes
    if not passes:
        assert reasons == ["latency is 10.0 ms (p95), test.maximumLatencyMilliseconds is 9.9"]


def test_all_shortcomings_are_told_at_once() -> None:
    assert len(shortcomings(figures(0.1, 0.9, 0.1, 0.9), Thresholds(1, 0.01, 0.9, 1))) == 3
