"""Figures of the answers, and comparison with the thresholds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acceptance.endpoint import Answer
from acceptance.sample import Sample
from acceptance.settings import Thresholds
from acceptance.verdict import Disagreement, Figures, measure, missed_thresholds

SAMPLE = Sample(["a", "b", "c", "d"], [0.9, 0.2, 0.8, 0.6], "malignant", [1, 0, 1, 0])
STRICT = Thresholds(1, 0.000001, None, None)


def figures(*probabilities: float, sample: Sample = SAMPLE, tolerance: float = 0.01) -> Figures:
    return measure(sample, [Answer(it, 10) for it in probabilities], tolerance)


def test_answers_match_within_the_tolerance() -> None:
    found = figures(0.91, 0.2, 0.8, 0.6, tolerance=0.01 + 1e-12)
    assert (found.agreement, found.disagreements) == (1, [])
    found = figures(0.911, 0.2, 0.8, 0.6)
    assert found.agreement == 0.75
    assert found.disagreements == [Disagreement(1, 0.9, 0.911)]


def test_probability_of_a_half_is_the_positive_class() -> None:
    sample = replace(SAMPLE, labels=[1, 1, 1, 0])
    assert figures(0.5, 0.4999, 0.9, 0.1, sample=sample).accuracy == 0.75


def test_accuracy_is_none_without_labels() -> None:
    assert (
        figures(0.9, 0.2, 0.8, 0.6, sample=replace(SAMPLE, label=None, labels=[])).accuracy is None
    )


def test_percentiles_are_measured_values() -> None:
    sample = Sample(["a"] * 20, [0.5] * 20, None, [])
    found = measure(sample, [Answer(0.5, it) for it in range(20, 0, -1)], 0)
    assert (found.p50_milliseconds, found.p95_milliseconds) == (10, 19)
    single = measure(Sample(["a"], [0.5], None, []), [Answer(0.5, 7)], 0)
    assert (single.p50_milliseconds, single.p95_milliseconds) == (7, 7)


def test_counts_repeated_calls() -> None:
    sample = Sample(["a", "b"], [0.5, 0.5], None, [])
    assert measure(sample, [Answer(0.5, 1, True), Answer(0.5, 1)], 0).repeated_calls == 1


def test_model_that_reaches_every_threshold_passes() -> None:
    assert missed_thresholds(figures(0.9, 0.2, 0.8, 0.6), Thresholds(1, 0.01, 0.75, 10)) == []


@pytest.mark.parametrize(("minimum", "passes"), [(0.5, True), (0.50001, False)])
def test_agreement_passes_at_the_threshold_and_fails_below(minimum: float, passes: bool) -> None:
    found = figures(0.9, 0.2, 0.1, 0.1)
    assert (missed_thresholds(found, replace(STRICT, minimum_agreement=minimum)) == []) is passes


def test_reason_has_figure_threshold_and_rows() -> None:
    found = figures(0.1, 0.2, 0.1, 0.1)
    assert missed_thresholds(found, replace(STRICT, minimum_agreement=0.95)) == [
        "agreement 0.2500 is below test.minimumAgreement 0.95: 1 of 4 answers match the evaluation "
        "within 1e-06 (row 1: expected 0.9, got 0.1; row 3: expected 0.8, got 0.1; "
        "row 4: expected 0.6, got 0.1)"
    ]


def test_reason_lists_three_rows_and_counts_the_others() -> None:
    [reason] = missed_thresholds(figures(0.1, 0.1, 0.1, 0.1), STRICT)
    assert reason.endswith("row 3: expected 0.8, got 0.1; 1 more in the report)")


@pytest.mark.parametrize(("minimum", "passes"), [(0.75, True), (0.7501, False)])
def test_accuracy_passes_at_the_threshold_and_fails_below(minimum: float, passes: bool) -> None:
    reasons = missed_thresholds(
        figures(0.9, 0.2, 0.8, 0.6), replace(STRICT, minimum_accuracy=minimum)
    )
    assert (reasons == []) is passes
    if not passes:
        assert reasons == [
            "accuracy 0.7500 is below test.minimumAccuracy 0.7501: 3 of 4 answers match the label "
            "malignant"
        ]


def test_accuracy_threshold_without_labels_fails() -> None:
    found = figures(0.9, 0.2, 0.8, 0.6, sample=replace(SAMPLE, label=None, labels=[]))
    [reason] = missed_thresholds(found, replace(STRICT, minimum_accuracy=0.9))
    assert "no label column" in reason


@pytest.mark.parametrize(("maximum", "passes"), [(10, True), (9.9, False)])
def test_latency_threshold_applies_to_the_95th_percentile(maximum: float, passes: bool) -> None:
    found = replace(figures(0.9, 0.2, 0.8, 0.6), p50_milliseconds=1)
    reasons = missed_thresholds(found, replace(STRICT, maximum_latency_milliseconds=maximum))
    assert (reasons == []) is passes
    if not passes:
        assert reasons == ["p95 latency 10.0 ms is above test.maximumLatencyMilliseconds 9.9"]


def test_reports_all_missed_thresholds() -> None:
    assert len(missed_thresholds(figures(0.1, 0.9, 0.1, 0.9), Thresholds(1, 0.01, 0.9, 1))) == 3
