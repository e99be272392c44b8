"""Power of the comparison: which loss of accuracy it detects with a number of test rows.

Flips to wrong and flips to correct are Poisson counts. Their difference in a resample then has a
Skellam distribution, so the power of the verdict needs no simulation.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import brentq
from scipy.stats import poisson, skellam

from pipelines.comparison.config import METRIC_CONFIDENCE, POWER, SMALLEST_CHANGE


def detection(rows: float, loss: float, flipped: float) -> float:
    """Probability of the verdict "worse" for a loss of accuracy.

    `flipped`: share of the rows with another answer, at least the loss itself.
    """
    to_correct = rows * max(flipped - loss, 0) / 2
    to_wrong = to_correct + rows * loss
    gains = np.arange(poisson.ppf(1e-9, to_correct), poisson.ppf(1 - 1e-9, to_correct) + 1)
    losses = np.maximum(
        _losses_needed(gains), gains + math.ceil(rows * SMALLEST_CHANGE["accuracy"])
    )
    return float((poisson.pmf(gains, to_correct) * poisson.sf(losses - 1, to_wrong)).sum())


def detectable_loss(rows: int, flipped: float, power: float = POWER) -> float:
    """Smallest loss of accuracy that is detected with a probability; 1 if none is."""

    def excess(loss: float) -> float:
        return detection(rows, loss, flipped) - power

    return 1.0 if excess(1.0) < 0 else float(brentq(excess, 1e-9, 1.0))


def rows_needed(loss: float, flipped: float, power: float = POWER) -> int:
    """Rows that detect a loss of accuracy, larger than the smallest change, with a probability."""

    def excess(rows: float) -> float:
        return detection(rows, loss, flipped) - power

    enough = 1 / loss
    while excess(enough) < 0:
        enough *= 2
    return math.ceil(brentq(excess, 1, enough, xtol=0.5))


def _losses_needed(gains: np.ndarray) -> np.ndarray:
    """Fewest flips to wrong for which the upper bound of the change is below zero, by bisection."""
    limit = (1 - METRIC_CONFIDENCE) / 2
    low, high = gains.copy(), gains + 12 * np.sqrt(gains + 9)
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        # Skellam needs means above zero.
        is_enough = skellam.sf(-1, np.maximum(gains, 1e-9), np.maximum(middle, 1e-9)) < limit
        low, high = np.where(is_enough, low, middle), np.where(is_enough, middle, high)
    return np.ceil(high)
