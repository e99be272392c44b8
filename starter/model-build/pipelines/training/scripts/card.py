"""Model card of a version: purpose, data, metrics with intervals, champion, limits.

https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-details.html#model-card-schema
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import gate
import numpy as np

from pipelines.comparison import config
from pipelines.comparison.metrics import measure
from pipelines.comparison.power import detectable_loss
from pipelines.comparison.verdict import metric_intervals

# Limits of the schema. The whole card may have 100,000 characters, and a file takes below 1,700.
MAX_OBSERVATION = 2096
MAX_FILES = 20


def model_card(
    labels: np.ndarray,
    probabilities: np.ndarray,
    comparison: gate.Comparison | None,
    sentence: str,
    manifest: str,
    location: str,
) -> str:
    """Card as one JSON text; `manifest`: of Preprocess, about the data at `location` in S3."""
    rows = json.loads(manifest)["rows"]
    counts = f"{rows['read']} rows read, {rows['train']} for training, {rows['test']} for the test."
    card = {
        "intended_uses": {
            "purpose_of_model": config.PURPOSE,
            "intended_uses": config.INTENDED_USES,
            "factors_affecting_model_efficiency": config.FACTORS,
            "risk_rating": config.RISK_RATING,
            "explanations_for_risk_rating": config.RISK_EXPLANATION,
        },
        "training_details": {
            "training_observations": counts,
            "training_job_details": {"training_datasets": [location]},
        },
        "evaluation_details": [
            {
                "name": "Test set",
                "evaluation_observation": sentence[:MAX_OBSERVATION],
                "metadata": {"Rows": str(len(labels))},
                "metric_groups": [
                    {"name": "Metrics", "metric_data": _metrics(labels, probabilities)},
                    {"name": "Power", "metric_data": [_power(len(labels), comparison)]},
                ],
            },
            _champion(comparison),
        ],
        "additional_information": {
            "caveats_and_recommendations": config.LIMITS,
            "custom_details": _files(manifest),
        },
    }
    # One line, and no NaN: the API accepts nothing else.
    return json.dumps(card, allow_nan=False)


def _metrics(labels: np.ndarray, probabilities: np.ndarray) -> list[dict[str, Any]]:
    intervals = metric_intervals(labels, probabilities)
    how = f"{config.CONFIDENCE:.0%} interval, bootstrap with {config.RESAMPLES} resamples"
    metrics = []
    for name, value in measure(labels, probabilities).items():
        low, high = intervals[name]
        metrics.append(_metric(gate.TITLES[name], value, f"{low:.4f} to {high:.4f}: {how}"))
    return metrics


def _power(rows: int, comparison: gate.Comparison | None) -> dict[str, Any]:
    flipped = comparison.flips["count"] if comparison and comparison.flips else 0
    flips = f"with {flipped} flipped answers" if flipped else "if only lost answers flip"
    notes = f"Loss of accuracy that {rows} rows detect in {config.POWER:.0%} of cases, {flips}"
    return _metric("SmallestDetectableLoss", detectable_loss(rows, flipped / rows), notes)


def _champion(comparison: gate.Comparison | None) -> dict[str, Any]:
    texts = gate.metadata(comparison)
    found: dict[str, Any] = {
        "name": "Champion",
        "evaluation_observation": texts["Comparison"],
        "metadata": {"Version": texts["ChampionVersion"], "Flips": texts["Flips"]},
    }
    if comparison is None or comparison.problem:
        return found
    how = f"{config.CONFIDENCE:.0%} for all intervals together, paired bootstrap"
    return {
        **found,
        "metric_groups": [
            {
                "name": "Champion on the same rows",
                "metric_data": [
                    _metric(gate.TITLES[it.metric], it.base) for it in comparison.changes
                ],
            },
            {
                "name": "Difference",
                "metric_data": [
                    _metric(
                        gate.TITLES[it.metric],
                        it.change,
                        f"{it.low:+.4f} to {it.high:+.4f}, {it.verdict}: {how}",
                    )
                    for it in comparison.changes
                ],
            },
        ],
    }


def _metric(name: str, value: float, notes: str = "") -> dict[str, Any]:
    return {"name": name, "type": "number", "value": value, **({"notes": notes} if notes else {})}


def _files(manifest: str) -> dict[str, str]:
    files = json.loads(manifest)["files"]
    listed = {
        f"Data file {it['name']}": f"{it['bytes']} bytes, SHA-256 {it['sha256']}"
        for it in files[:MAX_FILES]
    }
    digest = hashlib.sha256(manifest.encode()).hexdigest()
    of_all = f"{len(files)}, listed in manifest.json of step Preprocess, SHA-256 {digest}"
    return {**listed, "Data files": of_all}
