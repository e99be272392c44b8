"""Evaluates the model and the champion on the test set, and decides whether it is registered."""

from __future__ import annotations

import argparse
import json
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import card
import gate
import numpy as np
import pandas as pd
from champion import NotComparableError, champion_answers
from inference import input_fn, model_fn, predict_fn

from pipelines.comparison import metrics

LABEL = "malignant"
SAMPLE_ROWS = 20


def evaluate(
    model: Path,
    test: Path,
    champion: Path,
    manifest: Path,
    report: Path,
    sample: Path,
    commit: str,
    champion_version: str,
    data_location: str,
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
    comparison = compare(champion, champion_version, test / "test.csv", probabilities)
    texts = describe(figures, comparison, commit)
    texts["ModelCard"] = card.model_card(
        table[LABEL].to_numpy(),
        probabilities,
        comparison,
        texts["Sentence"],
        (manifest / "manifest.json").read_text(),
        data_location,
    )
    report.mkdir(parents=True, exist_ok=True)
    for name, content in {
        "evaluation.json": figures,
        "comparison.json": gate.report(comparison),
        "texts.json": texts,
    }.items():
        (report / name).write_text(json.dumps(content, indent=2))
    print(json.dumps(figures, indent=2))
    print(texts["Sentence"])

    sample.mkdir(parents=True, exist_ok=True)
    sample_rows = table.head(SAMPLE_ROWS)
    sample_rows.drop(columns=LABEL).to_csv(sample / "request.csv", index=False, header=False)
    answers = pd.DataFrame({LABEL: sample_rows[LABEL], "probability": probabilities[:SAMPLE_ROWS]})
    answers.to_csv(sample / "expected.csv", index=False)


def compare(
    champion: Path, version: str, test: Path, probabilities: np.ndarray
) -> gate.Comparison | None:
    """Compares the model with the champion on the same rows; None without a champion."""
    if version == gate.NO_CHAMPION:
        return None
    labels = pd.read_csv(test)[LABEL].to_numpy()
    try:
        answers = champion_answers(champion, test, len(labels))
    except NotComparableError as error:
        return gate.Comparison(version, len(labels), problem=str(error))
    return gate.compare(version, labels, answers, probabilities)


def measure(labels: pd.Series, probabilities: np.ndarray) -> dict[str, Any]:
    """Metrics in the format of SageMaker Model Registry's model quality report."""
    figures = metrics.measure(labels.to_numpy(), probabilities)
    return {
        "binary_classification_metrics": {
            name: {"value": value, "standard_deviation": "NaN"} for name, value in figures.items()
        }
    }


def describe(
    figures: dict[str, Any], comparison: gate.Comparison | None, commit: str
) -> dict[str, str]:
    """Texts of the pipeline's steps: the decision, its sentence, and the metadata of the version.

    A pipeline definition can read a text from a file, but cannot put a figure from a file into one.
    """
    values = {name: it["value"] for name, it in figures["binary_classification_metrics"].items()}
    is_passed, sentence = gate.decide(values["auc"], comparison, commit)
    return {
        "Gate": "passed" if is_passed else "rejected",
        "Sentence": sentence,
        **{title: str(values[name]) for name, title in gate.TITLES.items()},
        **gate.metadata(comparison),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default="/opt/ml/processing/input/model")
    parser.add_argument("--test", type=Path, default="/opt/ml/processing/input/test")
    parser.add_argument("--champion", type=Path, default="/opt/ml/processing/input/champion")
    parser.add_argument("--manifest", type=Path, default="/opt/ml/processing/input/manifest")
    parser.add_argument("--report", type=Path, default="/opt/ml/processing/output/report")
    parser.add_argument("--sample", type=Path, default="/opt/ml/processing/output/sample")
    parser.add_argument("--commit", required=True)
    parser.add_argument("--champion-version", default=gate.NO_CHAMPION)
    parser.add_argument("--data-location", required=True)
    evaluate(**vars(parser.parse_args()))
