"""Local execution of the pipeline on real data: registered and rejected models."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import evaluate
import inference
import joblib
import numpy as np
import pandas as pd
import preprocess
import pytest
from conftest import BUILD, COMMIT, RUN

from pipelines.comparison.config import MINIMUM_ROC_AUC
from pipelines.local.execution import LocalExecution
from pipelines.settings import read_settings
from pipelines.training.pipeline import get_inputs

Define = Callable[..., dict[str, Any]]


@pytest.fixture
def model(execution: LocalExecution, tmp_path: Path) -> Path:
    uri = execution.registered["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
    with tarfile.open(execution.local_path(uri)) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path


def test_registers_a_good_model_as_pending_approval(execution: LocalExecution) -> None:
    assert execution.failure is None
    assert execution.registered["ModelApprovalStatus"] == "PendingManualApproval"
    assert execution.registered["ModelPackageGroupName"] == "mlops-churn--dev--models"


def test_model_version_has_commit_data_sample_set_and_metrics(execution: LocalExecution) -> None:
    metadata = dict(execution.registered["CustomerMetadataProperties"])
    # CreateModelPackage takes only texts here.
    assert {type(value) for value in metadata.values()} == {str}
    figures = {name: float(metadata.pop(name)) for name in ("Accuracy", "F1", "RocAuc")}
    assert metadata == {
        **RUN,
        "DataLocation": execution.values["Parameters.DataLocation"],
        "SampleLocation": (
            "s3://mlops-churn--dev--1a2b3c4d/mlops-churn--dev--training"
            "/executions/abc123/Evaluate/sample"
        ),
        # The first version has no champion.
        "ChampionVersion": "none",
        "Comparison": "no champion",
        **dict.fromkeys(
            [
                *("ChampionAccuracy", "ChampionF1", "ChampionRocAuc", "Flips"),
                *("AccuracyDifference", "F1Difference", "RocAucDifference"),
            ],
            "none",
        ),
    }
    assert all(0.9 < figure <= 1 for figure in figures.values())

    quality = execution.registered["ModelMetrics"]["ModelQuality"]["Statistics"]
    report = json.loads(execution.local_path(quality["S3Uri"]).read_text())
    metrics = report["binary_classification_metrics"]
    assert {name: metric["value"] for name, metric in metrics.items()} == {
        "accuracy": figures["Accuracy"],
        "auc": figures["RocAuc"],
        "f1": figures["F1"],
    }


def test_same_data_give_the_same_model(
    execution: LocalExecution, define: Define, tmp_path: Path
) -> None:
    inputs = get_inputs(**asdict(read_settings(BUILD)))
    second = LocalExecution(tmp_path, inputs).run(define(), RUN)
    assert (
        second.registered["CustomerMetadataProperties"]
        == (execution.registered["CustomerMetadataProperties"])
    )


def test_rejects_a_model_trained_on_noise_with_the_reason(define: Define, tmp_path: Path) -> None:
    noise = np.random.default_rng(1)
    table = pd.DataFrame(noise.normal(size=(400, 5))).add_prefix("measurement_")
    table["malignant"] = noise.integers(0, 2, size=400)
    settings = read_settings({**BUILD, "DATA_S3_URI": "s3://churn-data/noise"})
    inputs = {
        **get_inputs(**asdict(settings)),
        "s3://churn-data/noise/noise.csv": table.to_csv(index=False).encode(),
    }
    execution = LocalExecution(tmp_path, inputs).run(
        define(DATA_S3_URI="s3://churn-data/noise"), RUN
    )
    assert execution.registered is None
    report = next(tmp_path.glob("s3/**/evaluation.json"))
    roc_auc = json.loads(report.read_text())["binary_classification_metrics"]["auc"]["value"]
    assert execution.failure == (
        f"The model is not registered: ROC AUC {roc_auc} on the test set is below the minimum of "
        f"{MINIMUM_ROC_AUC}. There is no champion: only the minimum decides. Commit {COMMIT}. "
        "Next: change the model or the data, and push."
    )


def test_hyperparameters_are_passed_to_the_model(define: Define, tmp_path: Path) -> None:
    definition = define()
    definition["Steps"][1]["Arguments"]["HyperParameters"]["regularization"] = "4"
    inputs = get_inputs(**asdict(read_settings(BUILD)))
    execution = LocalExecution(tmp_path, inputs).run(definition, RUN)
    fitted = joblib.load(tmp_path / "Train/opt/ml/model/model.joblib")
    assert fitted[-1].C == 0.25
    assert execution.registered is not None


def test_handler_returns_the_expected_answers_of_the_sample_set(
    execution: LocalExecution, model: Path
) -> None:
    sample = execution.local_path(
        execution.registered["CustomerMetadataProperties"]["SampleLocation"]
    )
    expected = pd.read_csv(sample / "expected.csv")
    loaded = inference.model_fn(str(model))
    rows = inference.input_fn((sample / "request.csv").read_bytes(), "text/csv; charset=utf-8")
    probabilities = inference.predict_fn(rows, loaded)

    assert len(expected) == 20
    assert probabilities == pytest.approx(expected["probability"])
    assert ((probabilities >= 0.5) == expected["malignant"]).mean() >= 0.9
    csv, content_type = inference.output_fn(probabilities, "text/csv")
    assert content_type == "text/csv"
    assert pd.read_csv(io.StringIO(csv), header=None)[0].to_numpy() == pytest.approx(probabilities)
    answer, content_type = inference.output_fn(probabilities, "application/json")
    assert content_type == "application/json"
    assert json.loads(answer) == {"predictions": probabilities.tolist()}


def test_model_archive_contains_the_configured_handler(
    execution: LocalExecution, model: Path
) -> None:
    [container] = execution.registered["InferenceSpecification"]["Containers"]
    environment = container["Environment"]
    folder = environment["SAGEMAKER_SUBMIT_DIRECTORY"].replace("/opt/ml/model", str(model))
    assert (Path(folder) / environment["SAGEMAKER_PROGRAM"]).read_bytes() == (
        Path(inference.__file__).read_bytes()
    )


def test_handler_rejects_other_content_types_and_row_lengths(model: Path) -> None:
    with pytest.raises(ValueError, match="must be text/csv, got image/png"):
        inference.input_fn(b"", "image/png")
    with pytest.raises(ValueError, match="must have 30 values, got 2"):
        inference.predict_fn(inference.input_fn("1,2\n", "text/csv"), inference.model_fn(model))


def test_training_set_and_test_set_share_no_row(execution: LocalExecution) -> None:
    train = pd.read_csv(next(execution.folder.glob("Preprocess/**/train.csv")))
    test = pd.read_csv(next(execution.folder.glob("Preprocess/**/test.csv")))
    assert len(train) + len(test) == 569
    assert len(train.merge(test, how="inner")) == 0
    assert train["malignant"].mean() == pytest.approx(test["malignant"].mean(), abs=0.01)


def test_duplicate_rows_are_in_the_training_set_or_the_test_set_once(tmp_path: Path) -> None:
    rows = pd.DataFrame({"radius": range(40), "malignant": [0, 1] * 20})
    for file in ("monday.csv", "tuesday.csv"):
        rows.to_csv(tmp_path / file, index=False)
    preprocess.preprocess(tmp_path, *(tmp_path / name for name in ("train", "test", "manifest")))
    train = pd.read_csv(tmp_path / "train/train.csv")
    test = pd.read_csv(tmp_path / "test/test.csv")
    assert sorted([*train["radius"], *test["radius"]]) == list(range(40))


def test_metrics_are_exact_and_count_a_probability_of_one_half_as_malignant() -> None:
    labels = pd.Series([0, 0, 0, 1, 1, 1, 1])
    probabilities = np.array([0.1, 0.3, 0.6, 0.4, 0.5, 0.8, 0.95])
    metrics = evaluate.measure(labels, probabilities)["binary_classification_metrics"]
    # 3 true positives, 1 false positive, 2 true negatives, 1 false negative; 10 of 12 pairs of a
    # malignant and a benign row are in the right order.
    assert {name: metric["value"] for name, metric in metrics.items()} == {
        "accuracy": pytest.approx(5 / 7),
        "auc": pytest.approx(10 / 12),
        "f1": pytest.approx(6 / 8),
    }


def test_preprocess_rejects_data_without_the_label(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no CSV file in"):
        preprocess.preprocess(tmp_path, tmp_path, tmp_path, tmp_path)
    (tmp_path / "data.csv").write_text("radius,area\n1,2\n")
    with pytest.raises(ValueError, match="no column malignant, only: radius, area"):
        preprocess.preprocess(tmp_path, tmp_path, tmp_path, tmp_path)
