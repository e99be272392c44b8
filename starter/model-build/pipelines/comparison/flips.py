"""Rows for which two models give another answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.comparison.config import EXAMPLES, POSITIVE_FROM


def find_flips(labels: np.ndarray, base: np.ndarray, head: np.ndarray) -> dict[str, Any]:
    """Rows with another answer; the examples are those whose probability changed most."""
    before, after = base >= POSITIVE_FROM, head >= POSITIVE_FROM
    flipped = np.flatnonzero(before != after)
    most = flipped[np.argsort(-np.abs(head - base)[flipped], kind="stable")][:EXAMPLES]
    return {
        "count": len(flipped),
        "to_wrong": int((before[flipped] == labels[flipped]).sum()),
        "to_correct": int((after[flipped] == labels[flipped]).sum()),
        "examples": [
            {
                "row": int(row) + 1,
                "label": int(labels[row]),
                "base": float(base[row]),
                "head": float(head[row]),
            }
            for row in most
        ],
    }
