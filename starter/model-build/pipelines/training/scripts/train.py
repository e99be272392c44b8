"""Trains the model."""

from __future__ import annotations

import argparse
import json
import os
import shutil
from pathlib import Path

import joblib
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

LABEL = "malignant"


def train(train: Path, model_dir: Path, regularization: float, seed: int) -> None:
    """Writes model.joblib and the inference handler, code/inference.py."""
    table = pd.read_csv(train / "train.csv")
    model = fit(table.drop(columns=LABEL), table[LABEL], regularization, seed)

    (model_dir / "code").mkdir(parents=True, exist_ok=True)
    joblib.dump(model, model_dir / "model.joblib")
    shutil.copy(Path(__file__).with_name("inference.py"), model_dir / "code")
    print(f"fitted on {len(table)} rows; regularization {regularization}, seed {seed}")


def fit(features: pd.DataFrame, labels: pd.Series, regularization: float, seed: int) -> Pipeline:
    """Fits the model. Change the model here."""
    return make_pipeline(
        StandardScaler(),
        LogisticRegression(C=1 / regularization, max_iter=1000, random_state=seed),
    ).fit(features, labels)


def hyperparameters(folder: Path) -> dict[str, str]:
    """Hyperparameters of the job; SageMaker writes them to a file, every value as text."""
    file = folder / "hyperparameters.json"
    return json.loads(file.read_text()) if file.exists() else {}


if __name__ == "__main__":
    env = os.environ.get
    configured = hyperparameters(Path(env("SM_INPUT_CONFIG_DIR", "/opt/ml/input/config")))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--train", type=Path, default=env("SM_CHANNEL_TRAIN", "/opt/ml/input/data/train")
    )
    parser.add_argument("--model-dir", type=Path, default=env("SM_MODEL_DIR", "/opt/ml/model"))
    parser.add_argument(
        "--regularization", type=float, default=configured.get("regularization", "1.0")
    )
    parser.add_argument("--seed", type=int, default=configured.get("seed", "20"))
    train(**vars(parser.parse_args()))
