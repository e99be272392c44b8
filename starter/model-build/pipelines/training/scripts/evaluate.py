"""Evaluates the model on the test set, with the handler of the endpoint."""

from __future__ import annotations

import argparse
import json
import tarfile
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from inference import input_fn, model_fn, predict_fn
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

LABEL = "malignant"
SAMPLE_ROWS = 20


def evaluate(model: Path, test: Path, report: Path, sample: Path) -> None:
    """Writes evaluation.json and the sample set: requests with their expected answers."""
    table = pd.read_csv(test / "test.csv")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(model / "model.tar.gz") as archive:
            archive.extractall(folder, filter="data")
        classifier = model_fn(folder)
    rows = table.drop(columns=LABEL).to_csv(index=False, header=False)
    probabilities = predict_fn(input_fn(rows, "text/csv"), classifier)

    figures = measure(table[LABEL], probabilities)
    report.mkdir(parents=True, exist_ok=True)
    (report / "evaluation.json").write_text(json.dumps(figures, indent=2))
    print(json.dumps(figures, indent=2))

    sample.mkdir(parents=True, exist_ok=True)
    sample_rows = table.head(SAMPLE_ROWS)
    sample_rows.drop(columns=LABEL).to_csv(sample / "request.csv", index=False, header=False)
    answers = pd.DataFrame({LABEL: sample_rows[LABEL], "probability": probabilities[:SAMPLE_ROWS]})
    answers.to_csv(sample / "expected.csv", index=False)


def measure(labels: pd.Series, probabilities: np.ndarray) -> dict[str, object]:
    """Metrics in the format of SageMaker Model Registry's model quality report."""
    answers = probabilities >= 0.5
    figures = {
        "accuracy": accuracy_score(labels, answers),
        "auc": roc_auc_score(labels, probabilities),
        "f1": f1_score(labels, answers),
    }
    return {
        "binary_classification_metrics": {
            name: {"value": float(value), "standard_deviation": "NaN"}
            for name, value in figures.items()
        }
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default="/opt/ml/processing/input/model")
    parser.add_argument("--test", type=Path, default="/opt/ml/processing/input/test")
    parser.add_argument("--report", type=Path, default="/opt/ml/processing/output/report")
    parser.add_argument("--sample", type=Path, default="/opt/ml/processing/output/sample")
    evaluate(**vars(parser.parse_args()))
