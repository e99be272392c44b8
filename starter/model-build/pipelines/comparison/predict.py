"""Answers and latency of one model: a process of its own, with the handler in its archive."""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path

import pandas as pd


def predict(model_dir: Path, test: Path, requests: int) -> dict[str, list[float]]:
    """Probability of each test row, and the milliseconds of requests with one row each."""
    # No script imports this file: the handler of another model must not be loaded.
    sys.path.insert(0, str(model_dir / "code"))
    handler = importlib.import_module("inference")
    model = handler.model_fn(str(model_dir))
    table = pd.read_csv(test)
    rows = table.drop(columns=table.columns[0])
    # Requests have no header: with other columns, the handler would answer with wrong figures.
    trained = list(getattr(model, "feature_names_in_", rows.columns))
    if trained != list(rows.columns):
        others = sorted(set(trained) ^ set(rows.columns)) or ["another order"]
        raise ValueError(f"the model has other columns than the test set: {', '.join(others)}")
    body = rows.to_csv(index=False, header=False)
    probabilities = handler.predict_fn(handler.input_fn(body, "text/csv"), model)
    milliseconds = []
    for line in body.splitlines()[:requests]:
        start = time.perf_counter()
        handler.output_fn(handler.predict_fn(handler.input_fn(line, "text/csv"), model), "text/csv")
        milliseconds.append((time.perf_counter() - start) * 1000)
    return {"probabilities": [float(value) for value in probabilities], "latency": milliseconds}


if __name__ == "__main__":
    answers = predict(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
    Path(sys.argv[4]).write_text(json.dumps(answers))
