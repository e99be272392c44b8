"""The pipeline, played on real data: what reaches the registry, and what does not."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import inference
import joblib
import numpy as np
import pandas as pd
import preprocess
import pytest
from conftest import BUILD, COMMIT
from player import Player

from pipelines.settings import read_settings
from pipelines.training.pipeline import MINIMUM_ROC_AUC, get_inputs

RUN = {
    "GitCommit": COMMIT,
    "CodePipelineExecutionId": BUILD["CODEPIPELINE_EXECUTION_ID"],
}
Define = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def played(define: Define, tmp_path_factory: pytest.TempPathFactory) -> Player:
    inputs = get_inputs(**asdict(read_settings(BUILD)))
    return Player(tmp_path_factory.mktemp("execution"), inputs).play(define(), RUN)


@pytest.fixture
def model(played: Player, tmp_path: Path) -> Path:
    uri = played.registered["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
    with tarfile.open(played.place(uri)) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path


def test_a_good_model_is_registered_and_waits_for_approval(played: Player) -> None:
    assert played.failure is None
    assert played.registered["ModelApprovalStatus"] == "PendingManualApproval"
    assert played.registered["ModelPackageGroupName"] == "churn-models"


def test_a_model_version_carries_where_it_came_from_and_how_good_it_is(played: Player) -> None:
    metadata = dict(played.registered["CustomerMetadataProperties"])
    figures = {name: float(metadata.pop(name)) for name in ("Accuracy", "F1", "RocAuc")}
    assert metadata == {
        **RUN,
        "DataLocation": played.known["Parameters.DataLocation"],
        "SampleLocation": (
            "s3://sagemaker-churn-dev-1a2b3c4d/churn-dev/executions/abc123/Evaluate/sample"
        ),
    }
    assert all(0.9 < figure <= 1 for figure in figures.values())

    quality = played.registered["ModelMetrics"]["ModelQuality"]["Statistics"]
    report = json.loads(played.place(quality["S3Uri"]).read_text())
    metrics = report["binary_classification_metrics"]
    assert {name: metric["value"] for name, metric in metrics.items()} == {
        "accuracy": figures["Accuracy"],
        "auc": figures["RocAuc"],
        "f1": figures["F1"],
    }


def test_the_same_data_give_the_same_model(played: Player, define: Define, tmp_path: Path) -> None:
    inputs = get_inputs(**asdict(read_settings(BUILD)))
    again = Player(tmp_path, inputs).play(define(), RUN)
    assert (
        again.registered["CustomerMetadataProperties"]
        == (played.registered["CustomerMetadataProperties"])
    )


def test_a_model_that_learnt_nothing_ends_the_execution_with_the_reason(
    define: Define, tmp_path: Path
) -> None:
    noise = np.random.default_rng(1)
    table = pd.DataFrame(noise.normal(size=(400, 5))).add_prefix("measurement_")
    table["malignant"] = noise.integers(0, 2, size=400)
    settings = read_settings({**BUILD, "DATA_S3_URI": "s3://churn-data/noise"})
    inputs = {
        **get_inputs(**asdict(settings)),
        "s3://churn-data/noise/noise.csv": table.to_csv(index=False).encode(),
    }
    played = Player(tmp_path, inputs).play(define(DATA_S3_URI="s3://churn-data/noise"), RUN)
    assert played.registered is None
    measured = played.value(define()["Steps"][-1]["Arguments"]["Conditions"][0]["LeftValue"])
    assert played.failure == (
        f"The model is not registered: its ROC AUC on the test set is {measured}, "
        f"at least {MINIMUM_ROC_AUC} is required. Commit: {COMMIT}"
    )


@pytest.mark.parametrize(
    ("roc_auc", "registered"), [(MINIMUM_ROC_AUC, True), (MINIMUM_ROC_AUC - 1e-9, False)]
)
def test_the_gate_opens_at_the_threshold_and_not_below(
    played: Player, define: Define, tmp_path: Path, roc_auc: float, registered: bool
) -> None:
    steps = define()["Steps"]
    other = Player(tmp_path, {})
    other.known = played.known
    report = tmp_path / "evaluation.json"
    metrics = {"accuracy": {"value": 0.9}, "auc": {"value": roc_auc}, "f1": {"value": 0.9}}
    report.write_text(json.dumps({"binary_classification_metrics": metrics}))
    other.reports = {"Steps.Evaluate.PropertyFiles.EvaluationReport": report}
    other.play({"Parameters": [], "Steps": steps[-1:]}, {})
    assert (other.registered is not None) is registered
    assert (other.failure is None) is registered


def test_hyperparameters_reach_the_model(define: Define, tmp_path: Path) -> None:
    definition = define()
    definition["Steps"][1]["Arguments"]["HyperParameters"]["regularization"] = "4"
    inputs = get_inputs(**asdict(read_settings(BUILD)))
    played = Player(tmp_path, inputs).play(definition, RUN)
    fitted = joblib.load(tmp_path / "Train/opt/ml/model/model.joblib")
    assert fitted[-1].C == 0.25
    assert played.registered is not None


def test_the_handler_answers_the_sample_that_stands_beside_the_report(
    played: Player, model: Path
) -> None:
    sample = played.place(played.registered["CustomerMetadataProperties"]["SampleLocation"])
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


def test_the_model_travels_with_the_handler_that_the_container_is_told_to_use(
    played: Player, model: Path
) -> None:
    [container] = played.registered["InferenceSpecification"]["Containers"]
    environment = container["Environment"]
    folder = environment["SAGEMAKER_SUBMIT_DIRECTORY"].replace("/opt/ml/model", str(model))
    assert (Path(folder) / environment["SAGEMAKER_PROGRAM"]).read_bytes() == (
        Path(inference.__file__).read_bytes()
    )


def test_the_handler_says_what_it_cannot_read(model: Path) -> None:
    with pytest.raises(ValueError, match="must be text/csv, got image/png"):
        inference.input_fn(b"", "image/png")
    with pytest.raises(ValueError, match="must have 30 values, got 2"):
        inference.predict_fn(inference.input_fn("1,2\n", "text/csv"), inference.model_fn(model))


def test_no_row_is_both_trained_on_and_tested_with(played: Player) -> None:
    train = pd.read_csv(next(played.folder.glob("Preprocess/**/train.csv")))
    test = pd.read_csv(next(played.folder.glob("Preprocess/**/test.csv")))
    assert len(train) + len(test) == 569
    assert len(train.merge(test, how="inner")) == 0
    assert train["malignant"].mean() == pytest.approx(test["malignant"].mean(), abs=0.01)


def test_data_without_the_label_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no CSV file in"):
        preprocess.preprocess(tmp_path, tmp_path, tmp_path)
    (tmp_path / "data.csv").write_text("radius,area\n1,2\n")
    with pytest.raises(ValueError, match="no column malignant, only: radius, area"):
        preprocess.preprocess(tmp_path, tmp_path, tmp_path)
