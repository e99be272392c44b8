"""Metrics of a model: by scikit-learn, and the same for thousands of resamples at once.

A resample is a number of copies of each row, as `sample_weight` in scikit-learn, whose functions
take one resample a call: thousands of calls take minutes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.stats import rankdata
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

from pipelines.comparison.config import POSITIVE_FROM

# Metric of each resample (one a line of the copies): copies, labels, probabilities.
Metric = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def measure(labels: np.ndarray, probabilities: np.ndarray) -> dict[str, float]:
    """Metrics by scikit-learn."""
    answers = probabilities >= POSITIVE_FROM
    return {
        "accuracy": float(accuracy_score(labels, answers)),
        "auc": float(roc_auc_score(labels, probabilities)),
        "f1": float(f1_score(labels, answers)),
    }


def accuracy(copies: np.ndarray, labels: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Share of correct answers."""
    return copies @ ((probabilities >= POSITIVE_FROM) == labels) / copies.sum(axis=-1)


def auc(copies: np.ndarray, labels: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Area under the ROC curve: the share of pairs of a positive and a negative in right order."""
    groups = rankdata(probabilities, method="dense") - 1
    order = np.argsort(groups)
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    ordered = copies[..., order]
    # Equal probabilities are one group; a pair in it counts half.
    positives = np.add.reduceat(ordered * labels[order], starts, axis=-1)
    negatives = np.add.reduceat(ordered * (1 - labels[order]), starts, axis=-1)
    right = (positives * (np.cumsum(negatives, axis=-1) - negatives / 2)).sum(axis=-1)
    pairs = positives.sum(axis=-1) * negatives.sum(axis=-1)
    # A resample with one class has no ROC curve: both models get the same value.
    return np.where(pairs == 0, 0.5, right / np.maximum(pairs, 1))


def f1(copies: np.ndarray, labels: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """F1 score of the positive class; 0 without positives."""
    answers = probabilities >= POSITIVE_FROM
    found = copies @ (answers & (labels == 1))
    total = copies @ (answers.astype(int) + labels)
    return 2 * found / np.maximum(total, 1)


METRICS: dict[str, Metric] = {"accuracy": accuracy, "auc": auc, "f1": f1}
