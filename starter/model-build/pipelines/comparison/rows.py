"""Same rows for both models: the split of base, also if head splits or orders them differently."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from pipelines.comparison.errors import ComparisonError

# A column identifies rows if head still has this share of its values.
UNCHANGED_VALUES = 0.9


@dataclass(frozen=True)
class Split:
    """Rows of head in the split of base; `tested`: which test rows of base head has, too.

    `moved`: test rows of base that head's own split trains on.
    """

    train: pd.DataFrame
    test: pd.DataFrame
    tested: pd.Series
    moved: int


def same_split(
    base_train: pd.DataFrame,
    base_test: pd.DataFrame,
    head_train: pd.DataFrame,
    head_test: pd.DataFrame,
) -> Split:
    """Assigns the rows of head to the training set and the test set of base, by their values."""
    base = pd.concat([base_train, base_test], ignore_index=True)
    head = pd.concat([head_train, head_test], ignore_index=True)
    columns = _unchanged_columns(base, head)
    base_keys, head_keys = _keys(base[columns]), _keys(head[columns])
    test_keys = base_keys[len(base_train) :]

    tested = pd.Series(test_keys.isin(head_keys))
    if tested.sum() < len(base_test) / 2:
        raise ComparisonError(
            f"head has {tested.sum()} of the {len(base_test)} test rows of base: "
            "the models cannot be compared on the same rows"
        )
    numbers = pd.Series(range(len(head)), index=head_keys)
    test_numbers = numbers[test_keys[tested.to_numpy()]]
    return Split(
        train=head.drop(index=test_numbers),
        test=head.loc[test_numbers],
        tested=tested,
        moved=int((test_numbers < len(head_train)).sum()),
    )


def _unchanged_columns(base: pd.DataFrame, head: pd.DataFrame) -> list[str]:
    label = base.columns[0]
    if head.columns[0] != label:
        raise ComparisonError(f"the label is {label} in base and {head.columns[0]} in head")
    columns = [
        column
        for column in base.columns.intersection(head.columns, sort=False)
        if base[column].isin(head[column]).mean() >= UNCHANGED_VALUES
    ]
    if columns in ([], [label]):
        raise ComparisonError(
            "head changes the values of every column: no row of base can be found in head"
        )
    return columns


def _keys(rows: pd.DataFrame) -> pd.MultiIndex:
    """Index by values; equal rows are numbered."""
    numeric = rows.apply(lambda column: column.astype(float) if _is_number(column) else column)
    hashes = pd.util.hash_pandas_object(numeric, index=False)
    return pd.MultiIndex.from_arrays([hashes, hashes.groupby(hashes).cumcount()])


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column)
