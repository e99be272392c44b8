"""Comparison of base and head: runs both pipelines on the same rows and collects the findings."""

from __future__ import annotations

import hashlib
import io
import statistics
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.comparison.checks import check_data
from pipelines.comparison.config import (
    CONFIDENCE,
    LATENCY_ROUNDS,
    LOSS_TO_DETECT,
    METRIC_CONFIDENCE,
    POWER,
    RESAMPLES,
    SEED,
)
from pipelines.comparison.flips import find_flips
from pipelines.comparison.power import detectable_loss, rows_needed
from pipelines.comparison.rows import Split, same_split
from pipelines.comparison.side import Data, Log, Side
from pipelines.comparison.steps import changed_scripts, changed_steps, data_files
from pipelines.comparison.verdict import compare_answers, overall
from pipelines.local.definition import Pipeline


def compare(base: Pipeline, head: Pipeline, folder: Path, log: Log) -> dict[str, Any]:
    """Findings as JSON values. Both sides run on the data of head and the split of base."""
    sides = Side("base", base, folder / "base", log), Side("head", head, folder / "head", log)
    splits: list[Split] = []

    def split_of_base(own: Data) -> Data:
        data = sides[0].data
        split = same_split(data.train, data.test, own.train, own.test)
        splits.append(split)
        return Data(split.train, split.test)

    sides[0].run(head)
    sides[1].run(head, split_of_base)
    [split] = splits

    # In turns: a load of the machine slows both down.
    rounds = [[side.predict() for side in sides] for _ in range(LATENCY_ROUNDS)]
    tested = split.tested.to_numpy()
    test = sides[0].data.test[tested]
    labels = test[test.columns[0]].to_numpy()
    probabilities = rounds[0][0][0][tested], rounds[0][1][0]

    log("statistics")
    changes = compare_answers(labels, *probabilities)
    flips = find_flips(labels, *probabilities)
    files = {side.name: data_files(side.pipeline) for side in sides}
    return {
        "verdict": overall(changes),
        "rows": {
            "data": [_describe(name, content) for name, content in sorted(files["head"].items())],
            "data_changed": files["base"] != files["head"],
            "tested": len(labels),
            "missing_in_head": int((~tested).sum()),
            "moved_by_head": split.moved,
        },
        "metrics": [asdict(change) for change in changes],
        "bootstrap": {
            "confidence": CONFIDENCE,
            "metric_confidence": METRIC_CONFIDENCE,
            "resamples": RESAMPLES,
            "seed": SEED,
        },
        "power": {
            "power": POWER,
            "detectable_loss": detectable_loss(len(labels), flips["count"] / len(labels)),
            "loss": LOSS_TO_DETECT,
            "rows_needed": rows_needed(LOSS_TO_DETECT, flips["count"] / len(labels)),
        },
        "flips": flips,
        "model_bytes": {side.name: side.archive.stat().st_size for side in sides},
        "latency_ms": {
            side.name: statistics.median(turn[number][1] for turn in rounds)
            for number, side in enumerate(sides)
        },
        "rejected": {side.name: side.execution.failure for side in sides},
        "data_checks": {side.name: check_data(side.data.train, side.data.test) for side in sides},
        "changed_steps": changed_steps(base, head),
        "changed_scripts": changed_scripts(base, head),
    }


def _describe(name: str, content: bytes) -> dict[str, Any]:
    """The report names the rows exactly: figures of another sample are another measurement."""
    return {
        "file": name,
        "rows": len(pd.read_csv(io.BytesIO(content))),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
