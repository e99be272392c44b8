"""Comparison of two models: statistics, power, same rows, changed steps, report."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score
from sklearn.model_selection import train_test_split

from pipelines.comparison import metrics
from pipelines.comparison.compare import find_flips
from pipelines.comparison.config import SMALLEST_CHANGE
from pipelines.comparison.errors import ComparisonError
from pipelines.comparison.power import detectable_loss, detection, rows_needed
from pipelines.comparison.rows import same_split
from pipelines.comparison.steps import changed_scripts, changed_steps
from pipelines.comparison.verdict import (
    BETTER,
    NO_DIFFERENCE,
    WORSE,
    compare_answers,
    judge,
    overall,
)
from pipelines.local.definition import Pipeline

Answers = tuple[np.ndarray, np.ndarray, np.ndarray]


def planted(seed: int, rows: int, loss: float, flipped: float) -> Answers:
    """Labels and probabilities of two models; the second one loses a share of its accuracy."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 2, rows)
    is_right = random.random(rows) < 0.9
    base = np.where(is_right, labels, 1 - labels) * 0.6 + 0.2 + random.uniform(-0.1, 0.1, rows)
    chance = np.where(is_right, (flipped + loss) / 2 / 0.9, (flipped - loss) / 2 / 0.1)
    return labels, base, np.where(random.random(rows) < chance, 1 - base, base)


def test_metrics_of_resamples_are_those_of_scikit_learn() -> None:
    labels, probabilities, _ = planted(1, 60, 0, 0)
    # Equal probabilities, also of both classes.
    probabilities = probabilities.round(1)
    copies = np.random.default_rng(1).multinomial(60, [1 / 60] * 60, size=20).astype(float)
    answers = probabilities >= 0.5
    for metric, expected, given in (
        (metrics.accuracy, accuracy_score, answers),
        (metrics.f1, f1_score, answers),
        (metrics.auc, roc_auc_score, probabilities),
    ):
        assert metric(copies, labels, probabilities) == pytest.approx(
            [expected(labels, given, sample_weight=weights) for weights in copies]
        )


def test_same_answers_are_no_difference_with_an_interval_of_zero() -> None:
    labels, base, _ = planted(1, 143, 0, 0)
    changes = compare_answers(labels, base, base)
    assert overall(changes) == NO_DIFFERENCE
    assert {(item.change, item.low, item.high) for item in changes} == {(0, 0, 0)}
    assert [item.metric for item in changes] == list(SMALLEST_CHANGE)


def test_interval_contains_the_change_and_is_the_same_in_each_run() -> None:
    answers = planted(1, 500, 0.05, 0.1)
    changes = compare_answers(*answers)
    assert all(item.low < item.change < item.high for item in changes)
    assert changes == compare_answers(*answers)


def test_interval_is_paired() -> None:
    """On other rows for each model, noise of the rows would hide this loss."""
    labels, base, head = planted(1, 1000, 0.03, 0.03)
    [accuracy, *_] = compare_answers(labels, base, head)
    assert accuracy.verdict == WORSE
    # Standard error of the difference of two independent accuracies of 90 % on 1,000 rows: 1.3 %.
    assert accuracy.high - accuracy.low < 2 * 1.96 * 0.013


def test_better_and_worse_mirror_each_other() -> None:
    labels, base, head = planted(1, 1000, 0.05, 0.05)
    assert overall(compare_answers(labels, base, head)) == WORSE
    assert overall(compare_answers(labels, head, base)) == BETTER


@pytest.mark.parametrize(
    ("change", "low", "high", "verdict"),
    [
        (-0.02, -0.03, -0.01, WORSE),
        (-0.02, -0.04, 0.0, NO_DIFFERENCE),
        (-0.009, -0.01, -0.001, NO_DIFFERENCE),
        (0.02, 0.01, 0.03, BETTER),
        (0.02, 0.0, 0.04, NO_DIFFERENCE),
    ],
)
def test_verdict_needs_an_interval_without_zero_and_the_smallest_change(
    change: float, low: float, high: float, verdict: str
) -> None:
    assert judge(change, low, high, 0.01) == verdict


def test_100_refactors_that_change_seed_and_row_order_are_no_difference() -> None:
    features, labels = load_breast_cancer(return_X_y=True)
    train, test, train_labels, test_labels = train_test_split(
        features, 1 - labels, test_size=0.25, random_state=20, stratify=labels
    )

    def fit(seed: int) -> np.ndarray:
        order = np.random.default_rng(seed).permutation(len(train))
        forest = RandomForestClassifier(10, random_state=seed)
        return forest.fit(train[order], train_labels[order]).predict_proba(test)[:, 1]

    pairs = [(fit(seed), fit(1000 + seed)) for seed in range(100)]
    flips = [find_flips(test_labels, *pair)["count"] for pair in pairs]
    verdicts = Counter(overall(compare_answers(test_labels, *pair)) for pair in pairs)
    assert len(test_labels) == 143
    assert sum(count > 0 for count in flips) >= 95
    assert verdicts[NO_DIFFERENCE] >= 95, verdicts


@pytest.mark.slow
def test_100_planted_losses_of_2_points_are_worse_on_a_set_of_the_calculated_size() -> None:
    rows = rows_needed(0.02, flipped=0.04, power=0.99)
    verdicts = Counter(
        overall(compare_answers(*planted(seed, rows, 0.02, 0.04))) for seed in range(100)
    )
    assert verdicts[WORSE] >= 95, (rows, verdicts)


def test_starters_test_set_detects_a_loss_of_5_points() -> None:
    loss = detectable_loss(143, flipped=0)
    assert loss == pytest.approx(0.047, abs=0.001)
    found = sum(
        overall(compare_answers(*planted(seed, 143, loss, loss))) == WORSE for seed in range(100)
    )
    # 80 of 100, within three standard errors.
    assert 68 <= found <= 92


def test_power_grows_with_rows_and_falls_with_flips() -> None:
    assert detection(1000, 0.02, 0.02) > detection(300, 0.02, 0.02)
    assert detection(1000, 0.02, 0.02) > detection(1000, 0.02, 0.06)
    assert detection(rows_needed(0.02, 0.04), 0.02, 0.04) == pytest.approx(0.8, abs=0.01)
    assert detectable_loss(3, flipped=0) == 1


def test_flips_are_counted_by_direction_with_the_largest_changes_as_examples() -> None:
    labels = np.array([1, 1, 0, 0, 1, 0, 1, 0])
    base = np.array([0.9, 0.6, 0.1, 0.4, 0.4, 0.3, 0.8, 0.2])
    head = np.array([0.9, 0.4, 0.2, 0.9, 0.6, 0.7, 0.3, 0.6])
    flips = find_flips(labels, base, head)
    assert (flips["count"], flips["to_wrong"], flips["to_correct"]) == (6, 5, 1)
    assert [item["row"] for item in flips["examples"]] == [4, 7, 6, 8, 2]
    assert flips["examples"][0] == {"row": 4, "label": 0, "base": 0.4, "head": 0.9}


@pytest.fixture
def table() -> pd.DataFrame:
    values = np.random.default_rng(1).normal(size=(40, 3))
    return pd.DataFrame(values, columns=["area", "depth", "width"]).assign(label=[0, 1] * 20)[
        ["label", "area", "depth", "width"]
    ]


def test_same_split_keeps_the_rows_of_head_if_both_split_alike(table: pd.DataFrame) -> None:
    split = same_split(table[:30], table[30:], table[:30], table[30:])
    assert split.train.to_numpy().tolist() == table[:30].to_numpy().tolist()
    assert split.test.to_numpy().tolist() == table[30:].to_numpy().tolist()
    assert (split.moved, split.tested.all()) == (0, True)


def test_no_test_row_of_base_trains_head_if_head_splits_differently(table: pd.DataFrame) -> None:
    shuffled = table.sample(frac=1, random_state=3)
    split = same_split(table[:30], table[30:], shuffled[:35], shuffled[35:])
    assert split.test.to_numpy().tolist() == table[30:].to_numpy().tolist()
    assert sorted(split.train["area"]) == sorted(table["area"][:30])
    # The order of head stays.
    assert split.train["area"].tolist() == [
        area for area in shuffled["area"] if area in set(table["area"][:30])
    ]
    assert split.moved == sum(area in set(table["area"][30:]) for area in shuffled["area"][:35])


def test_rows_are_found_with_a_new_a_removed_and_a_scaled_column(table: pd.DataFrame) -> None:
    changed = table.assign(volume=table["area"] * table["depth"], depth=table["depth"] * 9)
    head = changed.drop(columns="width").sample(frac=1, random_state=3)
    split = same_split(table[:30], table[30:], head[:30], head[30:])
    assert split.test["area"].tolist() == table["area"][30:].tolist()
    assert split.test.columns.tolist() == ["label", "area", "depth", "volume"]


def test_test_rows_that_head_drops_are_left_out(table: pd.DataFrame) -> None:
    split = same_split(table[:30], table[30:], table[:30], table[32:])
    assert split.tested.tolist() == [False] * 2 + [True] * 8
    assert len(split.test) == 8


def test_equal_rows_stay_apart(table: pd.DataFrame) -> None:
    rows = pd.concat([table, table], ignore_index=True)
    split = same_split(rows[:60], rows[60:], rows[:60], rows[60:])
    assert (len(split.train), len(split.test)) == (60, 20)


def test_comparison_fails_if_no_row_can_be_found(table: pd.DataFrame) -> None:
    other = table.assign(area=table["area"] + 9, depth=1.5, width=1.5)
    with pytest.raises(ComparisonError, match="no row of base can be found in head"):
        same_split(table[:30], table[30:], other[:30], other[30:])
    other = table.rename(columns={"label": "class"})
    with pytest.raises(ComparisonError, match="the label is label in base and class in head"):
        same_split(table[:30], table[30:], other[:30], other[30:])


def test_changed_steps_name_the_values_and_ignore_hashes(
    define: Callable[..., dict[str, Any]],
) -> None:
    base = define()
    head = json.loads(re.sub("[0-9a-f]{64}", "0" * 64, json.dumps(base)))
    assert head != base
    head["Steps"][1]["Arguments"]["HyperParameters"]["regularization"] = "4.0"
    head["Steps"][3]["Arguments"]["IfSteps"][0]["Name"] = "RegisterModel"
    code = {"s3://bucket/code/1/train.py": b"1", "s3://bucket/code/1/evaluate.py": b"1"}
    changed = {"s3://bucket/code/2/train.py": b"2", "s3://bucket/code/2/evaluate.py": b"1"}

    pipelines = Pipeline(base, code), Pipeline(head, changed)
    assert changed_steps(*pipelines) == {
        "Train": ["HyperParameters.regularization: 1.0 -> 4.0"],
        "Register": ["removed"],
        "RegisterModel": ["added"],
    }
    assert changed_scripts(*pipelines) == ["train.py"]
