"""Champion of a training: found in AWS, scored on the new test set, and judged by the gate."""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import evaluate
import gate
import joblib
import numpy as np
import pandas as pd
import pytest
import train
from botocore.stub import Stubber
from conftest import BUILD, COMMIT, RUN
from sklearn.linear_model import LogisticRegression

from pipelines.champion import champion_parameters
from pipelines.local.execution import LocalExecution
from pipelines.settings import read_run, read_settings
from pipelines.training.pipeline import get_inputs

ACCOUNT = "arn:aws:sagemaker:us-east-1:123456789012"
ENDPOINT = "mlops-churn--dev--prod"
CONFIG = f"{ENDPOINT}-3-0a1b2c3d"
BUCKET = f"s3://{BUILD['ARTIFACT_BUCKET']}"
DEPLOYED = f"{BUCKET}/mlops-churn--dev--models/deployed/3/{'0' * 64}/model.tar.gz"
NOW = datetime(2026, 11, 29, tzinfo=timezone.utc)


def find(sagemaker: Stubber, endpoint: str = ENDPOINT) -> dict[str, str]:
    return champion_parameters(
        sagemaker.client, *read_run({**BUILD, "PROD_ENDPOINT_NAME": endpoint})
    )


def test_champion_is_the_version_that_the_production_endpoint_serves(
    sagemaker: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    expect_endpoint(sagemaker, "InService")
    expect_tags(sagemaker, {"ModelVersion": "3"})
    sagemaker.add_response(
        "describe_model",
        {
            "ModelName": CONFIG,
            "PrimaryContainer": {"ModelDataUrl": DEPLOYED},
            "CreationTime": NOW,
            "ModelArn": f"{ACCOUNT}:model/{CONFIG}",
        },
        {"ModelName": CONFIG},
    )
    assert find(sagemaker) == {"ChampionVersion": "3", "ChampionLocation": DEPLOYED}
    assert capsys.readouterr().out == f"Champion: version 3, which {ENDPOINT} serves.\n"


@pytest.mark.parametrize("endpoint", ["", "missing", "Creating", "of another program"])
def test_champion_is_the_newest_approved_version_without_a_served_one(
    sagemaker: Stubber, capsys: pytest.CaptureFixture[str], endpoint: str
) -> None:
    if endpoint == "missing":
        message = f'Could not find endpoint "{ACCOUNT}:endpoint/{ENDPOINT}".'
        sagemaker.add_client_error("describe_endpoint", "ValidationException", message)
    elif endpoint:
        status = "InService" if endpoint == "of another program" else endpoint
        expect_endpoint(sagemaker, status)
        if status == "InService":
            expect_tags(sagemaker, {"owner": "payroll"})
    expect_approved(sagemaker, f"{BUCKET}/executions/model.tar.gz")
    assert find(sagemaker, endpoint and ENDPOINT) == {
        "ChampionVersion": "2",
        "ChampionLocation": f"{BUCKET}/executions/model.tar.gz",
    }
    assert capsys.readouterr().out == "Champion: version 2, the newest approved version.\n"


def test_without_an_approved_version_there_is_no_champion_and_the_build_says_so(
    sagemaker: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    sagemaker.add_response("list_model_packages", {"ModelPackageSummaryList": []})
    assert find(sagemaker, "") == {}
    assert "No champion: no model version is approved yet." in capsys.readouterr().out


def test_archive_in_another_bucket_is_no_input_of_the_job(sagemaker: Stubber) -> None:
    expect_approved(sagemaker, "s3://other-bucket/model.tar.gz")
    assert find(sagemaker, "") == {"ChampionVersion": "2"}


def test_denied_endpoint_fails_the_build(sagemaker: Stubber) -> None:
    sagemaker.add_client_error("describe_endpoint", "AccessDeniedException", "not authorized")
    with pytest.raises(sagemaker.client.exceptions.ClientError, match="not authorized"):
        find(sagemaker)


@pytest.mark.slow
def test_execution_compares_with_the_champion_on_the_same_rows(
    execution: LocalExecution, define: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    [container] = execution.registered["InferenceSpecification"]["Containers"]
    inputs = get_inputs(**asdict(read_settings(BUILD)))
    inputs[DEPLOYED] = execution.local_path(container["ModelDataUrl"]).read_bytes()
    champion = {"ChampionVersion": "3", "ChampionLocation": DEPLOYED}
    # The new model has one of 30 measurements left: above the minimum, and worse.
    script = next(uri for uri in inputs if uri.endswith("/train.py"))
    inputs[script] = inputs[script].replace(
        b"    model = fit(table.drop(columns=LABEL),",
        b"    table.loc[:, table.columns.drop([LABEL, 'worst_area'])] = 0\n"
        b"    model = fit(table.drop(columns=LABEL),",
    )
    worse = LocalExecution(tmp_path, inputs).run(define(), {**RUN, **champion})
    assert worse.registered is None
    assert worse.failure.startswith(
        "The model is not registered: worse than the champion by more than noise: accuracy"
    )
    assert "Champion: version 3, on the same 143 test rows: accuracy 0." in worse.failure
    assert re.search(r"\d+ of 143 answers flipped: \d+ to wrong and \d+ to correct", worse.failure)


def test_equal_model_is_registered_with_all_figures(planted: Planted) -> None:
    texts = planted.evaluate(champion=planted.archive("new"))
    assert texts["Gate"] == "passed"
    assert texts["ChampionVersion"] == "3"
    assert texts["ChampionRocAuc"] == texts["RocAuc"]
    assert texts["RocAucDifference"] == "+0.0000 interval +0.0000 to +0.0000"
    assert texts["Flips"] == "0 of 800 answers flipped: 0 to wrong and 0 to correct"
    assert texts["Comparison"].startswith("no difference beyond noise - version 3 as champion - ")
    report = json.loads((planted.folder / "report/comparison.json").read_text())
    assert report["champion"] == "3"
    assert report["bootstrap"]["seed"] == 20
    assert 0 < report["power"]["detectable_loss"] < 0.1


def test_changed_data_rank_stored_metrics_wrongly_and_the_same_rows_rightly(
    planted: Planted,
) -> None:
    # Each model on the test set of its own data, as the registry had it: the old one looks better.
    old = planted.evaluate(model=planted.archive("old"), test=planted.table("old", seed=3))
    new = planted.evaluate(champion=planted.archive("old"))
    assert float(old["Accuracy"]) > float(new["Accuracy"]) + 0.01
    # On the rows of the new data it is far worse.
    assert new["Gate"] == "passed"
    assert new["Comparison"].startswith("better - version 3 as champion - ")
    assert float(new["Accuracy"]) > float(new["ChampionAccuracy"]) + 0.03
    # And the other way round: the new data do not excuse the old model.
    again = planted.evaluate(model=planted.archive("old"), champion=planted.archive("new"))
    assert again["Gate"] == "rejected"
    assert "worse than the champion by more than noise: accuracy" in again["Sentence"]


def test_gate_can_ignore_a_worse_model(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "REJECT_WORSE", False)
    texts = planted.evaluate(model=planted.archive("old"), champion=planted.archive("new"))
    assert texts["Gate"] == "passed"
    assert "worse" in texts["Sentence"]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (
            "other columns",
            "the model has other columns than the test set: age, area, perimeter, radius",
        ),
        ("other order", "the model has other columns than the test set: another order"),
        ("other framework", "No module named 'inference'"),
        ("other answers", "it does not answer each row with one probability"),
        ("no archive", "it has no archive model.tar.gz in the artifact bucket"),
        ("broken archive", "its archive cannot be read: "),
        ("killed", "exit status -9"),
    ],
)
def test_champion_that_is_not_comparable_leaves_the_decision_to_the_minimum(
    planted: Planted, kind: str, reason: str
) -> None:
    texts = planted.evaluate(champion=planted.broken(kind))
    assert texts["Gate"] == "passed"
    assert "Champion: version 3, not comparable (" in texts["Sentence"]
    assert reason in texts["Sentence"]
    assert "only the minimum decides" in texts["Sentence"]
    assert texts["Comparison"].startswith("not comparable with version 3: ")
    assert texts["ChampionRocAuc"] == "none"
    report = json.loads((planted.folder / "report/comparison.json").read_text())
    assert reason in report["reason"]


def test_gate_can_reject_every_model_while_the_champion_is_not_comparable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gate, "REJECT_NOT_COMPARABLE", True)
    other = gate.Comparison("3", 143, problem="other framework")
    is_passed, sentence = gate.decide(0.99, other, COMMIT)
    assert not is_passed
    assert "not comparable (other framework): no model is registered" in sentence


def test_texts_fit_the_limits_of_step_and_metadata(planted: Planted) -> None:
    compared = planted.evaluate(champion=planted.archive("old"))
    long = gate.Comparison("123", 10, problem="error: " + 'a "quoted", long, text; ' * 20)
    for texts in (compared, gate.metadata(long), gate.metadata(None)):
        for name in gate.metadata(None):
            assert re.fullmatch(r"[\w .:/=+@-]{1,256}", texts[name]), texts[name]
    assert len(compared["Sentence"]) <= 3072


class Planted:
    """Models on planted data: in the new data the measurement means less, and another more."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def table(self, data: str, seed: int, rows: int = 800) -> pd.DataFrame:
        random = np.random.default_rng(seed)
        labels = random.integers(0, 2, size=rows)
        # Distance of the classes in each measurement.
        radius, area = (5, 0) if data == "old" else (2.6, 2.6)
        return pd.DataFrame(
            {
                "malignant": labels,
                "radius": random.normal(labels * radius, 1),
                "area": random.normal(labels * area, 1),
            }
        )

    def archive(self, data: str) -> Path:
        """Folder with the archive of a model that is trained on this data."""
        source, folder = self.folder / f"{data}-train", self.folder / f"{data}-archive"
        source.mkdir(exist_ok=True)
        self.table(data, seed=1).to_csv(source / "train.csv", index=False)
        train.train(source, folder / "model", regularization=1, seed=20)
        return self._pack(folder)

    def broken(self, kind: str) -> Path:
        """Folder of a champion that does not answer the test set."""
        folder = self.archive("old")
        model, archive = folder / "model", folder / "model.tar.gz"
        table = self.table("old", seed=1)
        columns = {
            "other columns": table.rename(columns={"area": "perimeter", "radius": "age"}),
            "other order": table[["malignant", "area", "radius"]],
        }
        scripts = {
            "killed": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
            "other answers": "model_fn = input_fn = lambda *_: 0\npredict_fn = lambda *_: [0.5]",
        }
        if kind in columns:
            features = columns[kind].drop(columns="malignant")
            fitted = LogisticRegression().fit(features, table["malignant"])
            joblib.dump(fitted, model / "model.joblib")
        if kind in scripts:
            (model / "code/inference.py").write_text(scripts[kind])
        if kind == "other framework":
            (model / "code/inference.py").unlink()
        self._pack(folder)
        if kind == "no archive":
            archive.unlink()
        if kind == "broken archive":
            archive.write_text("no archive")
        return folder

    def evaluate(
        self,
        model: Path | None = None,
        champion: Path | None = None,
        test: pd.DataFrame | None = None,
    ) -> dict[str, str]:
        """Texts of Evaluate, by default of the new model on the new data."""
        source, report = self.folder / "test", self.folder / "report"
        source.mkdir(exist_ok=True)
        table = self.table("new", seed=2) if test is None else test
        table.to_csv(source / "test.csv", index=False)
        evaluate.evaluate(
            model or self.archive("new"),
            source,
            champion or self.folder,
            self.manifest(),
            report,
            self.folder / "sample",
            COMMIT,
            "none" if champion is None else "3",
            "s3://churn-data/2026-11",
        )
        return json.loads((report / "texts.json").read_text())

    def manifest(self) -> Path:
        """Folder with the manifest of Preprocess."""
        files = [{"name": "a.csv", "bytes": 3, "sha256": "0a" * 32}]
        content = {"files": files, "rows": {"read": 2000, "train": 1200, "test": 800}}
        (self.folder / "manifest.json").write_text(json.dumps(content))
        return self.folder

    def _pack(self, folder: Path) -> Path:
        with tarfile.open(folder / "model.tar.gz", "w:gz") as archive:
            archive.add(folder / "model", arcname=".")
        return folder


@pytest.fixture
def planted(tmp_path: Path) -> Planted:
    return Planted(tmp_path)


def expect_endpoint(sagemaker: Stubber, status: str) -> None:
    sagemaker.add_response(
        "describe_endpoint",
        {
            "EndpointName": ENDPOINT,
            "EndpointArn": f"{ACCOUNT}:endpoint/{ENDPOINT}",
            "EndpointConfigName": CONFIG,
            "EndpointStatus": status,
            "CreationTime": NOW,
            "LastModifiedTime": NOW,
        },
        {"EndpointName": ENDPOINT},
    )


def expect_tags(sagemaker: Stubber, tags: dict[str, str]) -> None:
    sagemaker.add_response(
        "list_tags",
        {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]},
        {"ResourceArn": f"{ACCOUNT}:endpoint-config/{CONFIG}"},
    )


def expect_approved(sagemaker: Stubber, archive: str) -> None:
    arn = f"{ACCOUNT}:model-package/mlops-churn--dev--models/2"
    version = {
        "ModelPackageName": arn,
        "ModelPackageArn": arn,
        "ModelPackageVersion": 2,
        "ModelPackageStatus": "Completed",
        "CreationTime": NOW,
    }
    sagemaker.add_response("list_model_packages", {"ModelPackageSummaryList": [version]})
    containers = [{"Image": "image", "ModelDataUrl": archive}]
    sagemaker.add_response(
        "describe_model_package",
        {
            **version,
            "ModelPackageStatusDetails": {"ValidationStatuses": []},
            "InferenceSpecification": {"Containers": containers},
        },
        {"ModelPackageName": arn},
    )
