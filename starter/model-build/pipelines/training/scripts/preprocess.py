"""Splits the data into a training set and a test set, and lists the files that it read."""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.model_selection import train_test_split

LABEL = "malignant"
TEST_SHARE = 0.25
SEED = 20


def preprocess(data: Path, train: Path, test: Path, manifest: Path) -> None:
    """Writes train.csv and test.csv with the same proportion of classes, and manifest.json."""
    files = sorted(data.glob("*.csv"))
    if not files:
        raise FileNotFoundError(f"no CSV file in {data}")
    table = pd.concat([pd.read_csv(file) for file in files], ignore_index=True)
    rows_read = len(table)
    if LABEL not in table.columns:
        raise ValueError(f"the data has no column {LABEL}, only: {', '.join(table.columns)}")
    # The label is the first column, as SageMaker's built-in algorithms expect.
    table = table[[LABEL, *table.columns.drop(LABEL)]].dropna().drop_duplicates()

    parts = train_test_split(table, test_size=TEST_SHARE, random_state=SEED, stratify=table[LABEL])
    for part, file in zip(parts, (train / "train.csv", test / "test.csv"), strict=True):
        file.parent.mkdir(parents=True, exist_ok=True)
        part.to_csv(file, index=False)
        print(f"{len(part)} rows in {file.name}, {part[LABEL].mean():.1%} of them {LABEL}")

    counts = {"read": rows_read, "train": len(parts[0]), "test": len(parts[1])}
    content = {"files": [describe(file) for file in files], "rows": counts}
    manifest.mkdir(parents=True, exist_ok=True)
    (manifest / "manifest.json").write_text(json.dumps(content, indent=2))


def describe(file: Path) -> dict[str, Any]:
    """Name, size and SHA-256 of a data file: the model card lists them."""
    content = file.read_bytes()
    return {
        "name": file.name,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default="/opt/ml/processing/input/data")
    parser.add_argument("--train", type=Path, default="/opt/ml/processing/output/train")
    parser.add_argument("--test", type=Path, default="/opt/ml/processing/output/test")
    parser.add_argument("--manifest", type=Path, default="/opt/ml/processing/output/manifest")
    preprocess(**vars(parser.parse_args()))
