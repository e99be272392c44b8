"""What the approver reads: one plain line, whatever the names of the metrics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from conftest import DEPLOYMENT, GROUP

from acceptance.report import summary
from acceptance.settings import read_settings
from acceptance.verdict import Figures

# CodePipeline takes 1000 characters, of which the infrastructure has its own part.
LONGEST_SUMMARY = 700
FIGURES = Figures(20, [], "malignant", 19, 12.3, 38.4, 0)
Build = Callable[..., dict[str, str]]


def line(build: Build, figures: Figures | None = FIGURES, **deployment: Any) -> str:
    settings = read_settings(build(deployment={**DEPLOYMENT, **deployment}))
    return summary(settings, figures, [] if figures else ["row 1: no answer"])


def test_the_approver_reads_the_verdict_and_how_it_compares(build: Build) -> None:
    assert line(build) == (
        "Version 2 passes on churn-dev-staging: 20 of 20 answers as expected, accuracy 0.95, "
        "latency p95 38 ms. Production runs version 1. "
        "Metrics (of what runs): Accuracy 0.97 (0.965), roc_auc 0.991."
    )


def test_the_first_version_is_compared_with_nothing(build: Build) -> None:
    assert line(build, running=None).endswith(
        "Production runs nothing yet. Metrics: Accuracy 0.97, roc_auc 0.991."
    )


def test_a_version_without_metrics_says_so(build: Build) -> None:
    assert line(build, metrics={}).endswith(
        "Production runs version 1. The version carries no metrics."
    )


def test_a_rejection_is_named_as_the_reason(build: Build) -> None:
    text = line(
        build,
        modelPackageArn=f"{GROUP}/1",
        modelVersion=1,
        reason="rejected",
        rejectedModelPackageArn=f"{GROUP}/2",
    )
    assert "It is to take the place of version 2, which was rejected." in text


def test_without_labels_no_accuracy_is_told(build: Build) -> None:
    text = line(build, Figures(20, [], None, 0, 12.3, 38.4, 0))
    assert "20 of 20 answers as expected, latency p95 38 ms." in text


def test_a_failure_is_told_with_its_reason(build: Build) -> None:
    assert line(build, None) == "Version 2 fails on churn-dev-staging: row 1: no answer"


@pytest.mark.parametrize("name", ["#{Test.SUMMARY}", 'say "yes"', "two\nlines", "a\\u0007b", "<b>"])
def test_no_name_of_a_metric_breaks_the_configuration_that_it_goes_into(
    build: Build, name: str
) -> None:
    text = line(build, metrics={name: 0.5})
    assert not set(text) & set("#{}\"'\\\n\r<>$`|&")
    assert "0.5" in text


def test_letters_of_any_alphabet_stay(build: Build) -> None:
    assert "Précision 0.5" in line(build, metrics={"Précision": 0.5})


def test_fifty_long_metrics_are_cut_at_a_word(build: Build) -> None:
    text = line(build, metrics={f"metric-{'x' * 40}-{it:02}": 0.123456 for it in range(50)})
    assert LONGEST_SUMMARY - 100 < len(text) <= LONGEST_SUMMARY
    assert text.endswith(" ...")
    assert text.startswith("Version 2 passes")
    assert "Production runs version 1." in text


def test_a_line_of_just_the_right_length_is_not_cut(build: Build) -> None:
    short = len(line(build, metrics={"x": 1}))
    text = line(build, metrics={"x" * (LONGEST_SUMMARY - short + 1): 1})
    assert len(text) == LONGEST_SUMMARY
    assert text.endswith(" 1.")
