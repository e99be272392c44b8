"""Data checks: rows, labels and columns of the training set and the test set."""

from __future__ import annotations

import pandas as pd


def check_data(train: pd.DataFrame, test: pd.DataFrame) -> dict[str, int | float]:
    """Figures that a change of preprocessing can break."""
    label = train.columns[0]
    both = pd.concat([train, test], ignore_index=True)
    return {
        "training rows": len(train),
        "test rows": len(test),
        "columns": both.shape[1],
        "missing values": int(both.isna().sum().sum()),
        "duplicate rows": int(both.duplicated().sum()),
        "rows in both sets": len(train.drop_duplicates().merge(test.drop_duplicates())),
        "positive labels in training (%)": round(100 * float(train[label].mean()), 1),
        "positive labels in test (%)": round(100 * float(test[label].mean()), 1),
    }
