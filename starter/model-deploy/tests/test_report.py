"""Summary for the approver: one line of plain text for any metric names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from conftest import DEPLOYMENT, GROUP

from acceptance.report import summary
from acceptance.settings import read_settings
from acceptance.verdict import Figures

# CustomData of the approval has at most 1000 characters, with the question of the infrastructure.
MAX_SUMMARY_LENGTH = 700
FIGURES = Figures(20, [], "malignant", 19, 12.3, 38.4, 0)
Build = Callable[..., dict[str, str]]


def line(build: Build, figures: Figures | None = FIGURES, **deployment: Any) -> str:
    settings = read_settings(build(deployment={**DEPLOYMENT, **deployment}))
    return summary(settings, figures, [] if figures else ["row 1: no answer"])


def test_summary_has_verdict_figures_and_production_metrics(build: Build) -> None:
    assert line(build) == (
        "Version 2 passed the test on mlops-churn--dev--staging: 20 of 20 answers match the "
        "evaluation, accuracy 0.95, p95 latency 38 ms. Production version: 1. "
        "Metrics (in brackets: production): Accuracy 0.97 (0.965), roc_auc 0.991."
    )


def test_summary_of_the_first_version_has_no_comparison(build: Build) -> None:
    assert line(build, running=None).endswith(
        "Production version: none. Metrics: Accuracy 0.97, roc_auc 0.991."
    )


def test_summary_has_the_comparison_with_the_champion_on_the_same_rows(build: Build) -> None:
    text = line(build, comparison="better - version 1 as champion - accuracy 0.9650 to 0.9790")
    assert (
        "p95 latency 38 ms. In training, on the same rows: better - version 1 as champion - "
        "accuracy 0.9650 to 0.9790. Production version: 1."
    ) in text


def test_summary_of_a_version_without_metrics(build: Build) -> None:
    assert line(build, metrics={}).endswith("Production version: 1. The version has no metrics.")


def test_summary_names_the_rejected_version(build: Build) -> None:
    text = line(
        build,
        modelPackageArn=f"{GROUP}/1",
        modelVersion=1,
        reason="rejected",
        rejectedModelPackageArn=f"{GROUP}/2",
    )
    assert "It replaces version 2, which was rejected." in text


def test_summary_has_no_accuracy_without_labels(build: Build) -> None:
    text = line(build, Figures(20, [], None, 0, 12.3, 38.4, 0))
    assert "20 of 20 answers match the evaluation, p95 latency 38 ms." in text


def test_summary_of_a_failed_test_has_the_reason(build: Build) -> None:
    expected = "Version 2 failed the test on mlops-churn--dev--staging: row 1: no answer"
    assert line(build, None) == expected


UNTIL = {"stagingUntil": "2026-12-06T16:00:00Z"}
EXPIRY = {"APPROVAL_TIMEOUT_MINUTES": "10080", "STAGING_HOURS": "24"}


def with_expiry(build: Build, deployment: Any, **variables: str) -> str:
    settings = read_settings(build(deployment={**DEPLOYMENT, **deployment}, **variables))
    return summary(settings, FIGURES, [])


def test_summary_says_when_staging_is_deleted(build: Build) -> None:
    assert with_expiry(build, UNTIL, **EXPIRY).endswith(
        "roc_auc 0.991. The staging endpoint is deleted 24 hours after the decision, "
        "at the latest on 2026-12-06 at 16:00 UTC."
    )
    one = with_expiry(build, UNTIL, **{**EXPIRY, "STAGING_HOURS": "1"})
    assert "deleted 1 hour after the decision" in one


@pytest.mark.parametrize("name", ["APPROVAL_TIMEOUT_MINUTES", "STAGING_HOURS"])
def test_summary_says_nothing_of_staging_without_expiry_or_approval(
    build: Build, name: str
) -> None:
    assert "staging endpoint" not in with_expiry(build, UNTIL, **{**EXPIRY, name: "0"})
    assert "staging endpoint" not in with_expiry(build, {}, **EXPIRY)


def test_a_long_summary_still_says_when_staging_is_deleted(build: Build) -> None:
    metrics = {f"metric-{'x' * 40}-{it:02}": 0.123456 for it in range(50)}
    text = with_expiry(build, {**UNTIL, "metrics": metrics}, **EXPIRY)
    assert len(text) <= MAX_SUMMARY_LENGTH
    assert text.endswith(
        "... The staging endpoint is deleted 24 hours after the decision, "
        "at the latest on 2026-12-06 at 16:00 UTC."
    )


@pytest.mark.parametrize("name", ["#{Test.SUMMARY}", 'say "yes"', "two\nlines", "a\\u0007b", "<b>"])
def test_summary_replaces_characters_that_break_the_action_configuration(
    build: Build, name: str
) -> None:
    text = line(build, metrics={name: 0.5})
    assert not set(text) & set("#{}\"'\\\n\r<>$`|&")
    assert "0.5" in text


def test_summary_keeps_letters_of_any_alphabet(build: Build) -> None:
    assert "Précision 0.5" in line(build, metrics={"Précision": 0.5})


def test_summary_is_cut_at_a_word(build: Build) -> None:
    text = line(build, metrics={f"metric-{'x' * 40}-{it:02}": 0.123456 for it in range(50)})
    assert MAX_SUMMARY_LENGTH - 100 < len(text) <= MAX_SUMMARY_LENGTH
    assert text.endswith(" ...")
    assert text.startswith("Version 2 passed")
    assert "Production version: 1." in text


def test_summary_of_the_maximum_length_is_not_cut(build: Build) -> None:
    short = len(line(build, metrics={"x": 1}))
    text = line(build, metrics={"x" * (MAX_SUMMARY_LENGTH - short + 1): 1})
    assert len(text) == MAX_SUMMARY_LENGTH
    assert text.endswith(" 1.")
