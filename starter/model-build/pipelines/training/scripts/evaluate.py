"""Evaluates the model on the test set, with the handler of the endpoint."""

from __future__ import annotations

import argparse
import json
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from inference import input_fn, model_fn, predict_fn
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

LABEL = "malignant"
SAMPLE_ROWS = 20


def evaluate(
    model: Path, test: Path, report: Path, sample: Path, commit: str, minimum_roc_auc: str
) -> None:
    """Writes the report, its texts, and the sample set: requests with their expected answers."""
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
    texts = describe(figures, commit, minimum_roc_auc)
    (report / "texts.json").write_text(json.dumps(texts, indent=2))

    sample.mkdir(parents=True, exist_ok=True)
    sample_rows = table.head(SAMPLE_ROWS)
    sample_rows.drop(columns=LABEL).to_csv(sample / "request.csv", index=False, header=False)
    answers = pd.DataFrame({LABEL: sample_rows[LABEL], "probability": probabilities[:SAMPLE_ROWS]})
    answers.to_csv(sample / "expected.csv", index=False)


def measure(labels: pd.Series, probabilities: np.ndarray) -> dict[str, Any]:
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


def describe(figures: dict[str, Any], commit: str, minimum_roc_auc: str) -> dict[str, str]:
    """Texts of the pipeline's steps: metadata of the version, and the message of step Reject.

    A pipeline definition can read a text from a file, but cannot put a figure from a file into one.
    """
    metrics = figures["binary_classification_metrics"]
    accuracy, roc_auc, f1 = (str(metrics[name]["value"]) for name in ("accuracy", "auc", "f1"))
    rejection = (
        f"The model is not registered: ROC AUC {roc_auc} on the test set is below the minimum of "
        f"{minimum_roc_auc} (commit {commit}). Next: change the model or the data, and push."
    )
    return {"Accuracy": accuracy, "F1": f1, "RocAuc": roc_auc, "Rejection": rejection}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default="/opt/ml/processing/input/model")
    parser.add_argument("--test", type=Path, default="/opt/ml/processing/input/test")
    parser.add_argument("--report", type=Path, default="/opt/ml/processing/output/report")
    parser.add_argument("--sample", type=Path, default="/opt/ml/processing/output/sample")
    parser.add_argument("--commit", required=True)
    parser.add_argument("--minimum-roc-auc", required=True)
    evaluate(**vars(parser.parse_args()))
