"""Inference handler: SageMaker's scikit-learn container calls these four functions."""

from __future__ import annotations

import io
import json
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline


def model_fn(model_dir: str) -> Pipeline:
    """Loads the model that train.py wrote."""
    return joblib.load(Path(model_dir) / "model.joblib")


def input_fn(body: str | bytes, content_type: str) -> pd.DataFrame:
    """Parses CSV rows without a header; the columns are in the order of the training data."""
    if content_type.split(";")[0] != "text/csv":
        raise ValueError(f"content type must be text/csv, got {content_type}")
    text = body.decode() if isinstance(body, bytes) else body
    return pd.read_csv(io.StringIO(text), header=None)


def predict_fn(rows: pd.DataFrame, model: Pipeline) -> np.ndarray:
    """Probability of the positive class for each row."""
    names = model.feature_names_in_
    if rows.shape[1] != len(names):
        raise ValueError(f"a row must have {len(names)} values, got {rows.shape[1]}")
    return model.predict_proba(rows.set_axis(names, axis=1))[:, 1]


def output_fn(probabilities: np.ndarray, accept: str) -> tuple[str, str]:
    """Formats one probability per row, as CSV or, if `accept` asks for it, as JSON."""
    if accept == "application/json":
        return json.dumps({"predictions": probabilities.tolist()}), accept
    return "".join(f"{probability}\n" for probability in probabilities), "text/csv"
