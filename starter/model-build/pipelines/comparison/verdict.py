"""Metrics with intervals from a bootstrap, and their change from base to head from a paired one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import bootstrap

from pipelines.comparison.config import (
    CONFIDENCE,
    METRIC_CONFIDENCE,
    RESAMPLES,
    SEED,
    SMALLEST_CHANGE,
)
from pipelines.comparison.metrics import METRICS, measure

BETTER = "better"
WORSE = "worse"
NO_DIFFERENCE = "no difference beyond noise"


@dataclass(frozen=True)
class Change:
    """Metric of both models on the same rows; `low` and `high` bound its change."""

    metric: str
    base: float
    head: float
    change: float
    low: float
    high: float
    verdict: str


def compare_answers(labels: np.ndarray, base: np.ndarray, head: np.ndarray) -> list[Change]:
    """Compares two models by their probabilities for the same rows."""
    before, after = measure(labels, base), measure(labels, head)
    lows, highs = intervals(labels, base, head)
    changes = []
    for name, low, high in zip(METRICS, lows.tolist(), highs.tolist(), strict=True):
        change = after[name] - before[name]
        verdict = judge(change, low, high, SMALLEST_CHANGE[name])
        changes.append(Change(name, before[name], after[name], change, low, high, verdict))
    return changes


def overall(changes: list[Change]) -> str:
    """Worse if a metric is worse, else better if a metric is better."""
    verdicts = {change.verdict for change in changes}
    return next((verdict for verdict in (WORSE, BETTER) if verdict in verdicts), NO_DIFFERENCE)


def intervals(
    labels: np.ndarray, base: np.ndarray, head: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Percentile intervals of the change of each metric; both models have the same resamples.

    All intervals together hold with the configured confidence (Bonferroni).
    """

    def changes(copies: np.ndarray) -> np.ndarray:
        return np.array(
            [
                metric(copies, labels, head) - metric(copies, labels, base)
                for metric in METRICS.values()
            ]
        )

    return _bootstrap(len(labels), changes, METRIC_CONFIDENCE)


def metric_intervals(
    labels: np.ndarray, probabilities: np.ndarray
) -> dict[str, tuple[float, float]]:
    """Percentile interval of each metric of one model, each with the configured confidence."""

    def values(copies: np.ndarray) -> np.ndarray:
        return np.array([metric(copies, labels, probabilities) for metric in METRICS.values()])

    lows, highs = _bootstrap(len(labels), values, CONFIDENCE)
    return dict(zip(METRICS, zip(lows.tolist(), highs.tolist(), strict=True), strict=True))


def _bootstrap(
    count: int, statistics: Callable[[np.ndarray], np.ndarray], confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Percentile intervals of statistics of the copies of each row."""
    found = bootstrap(
        (np.arange(count),),
        lambda rows, axis=-1: statistics(_copies(rows, count)),
        vectorized=True,
        n_resamples=RESAMPLES,
        # Small batches stay in the cache of the processor.
        batch=max(1, 200_000 // count),
        confidence_level=confidence,
        method="percentile",
        # SciPy before 1.15 does not know the new name of this argument, rng.
        random_state=np.random.default_rng(SEED),
    ).confidence_interval
    return found.low, found.high


def _copies(rows: np.ndarray, count: int) -> np.ndarray:
    """How often each row is in each resample (one a line)."""
    lines = rows.reshape(-1, rows.shape[-1])
    offsets = np.arange(len(lines))[:, np.newaxis] * count
    counts = np.bincount((lines + offsets).ravel(), minlength=len(lines) * count)
    return counts.reshape(*rows.shape[:-1], count).astype(float)


def judge(change: float, low: float, high: float, smallest_change: float) -> str:
    """Verdict of one metric."""
    if change <= -smallest_change and high < 0:
        return WORSE
    if change >= smallest_change and low > 0:
        return BETTER
    return NO_DIFFERENCE
