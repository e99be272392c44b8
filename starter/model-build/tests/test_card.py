"""Model card: AWS's schema of model packages, data, metrics with intervals, champion, limits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import card
import gate
import numpy as np
import pytest
from conftest import COMMIT
from jsonschema import Draft202012Validator
from sklearn.metrics import accuracy_score

from pipelines.comparison import config
from pipelines.comparison.verdict import metric_intervals
from pipelines.local.execution import LocalExecution

LOCATION = "s3://churn-data/2026-11"
SAMPLE = Path(__file__).parents[1] / "data/sample"
FILE = {"name": "a.csv", "bytes": 3, "sha256": "0a" * 32}


def text(length: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": length}


def closed(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    kind = {"type": "object", "additionalProperties": False}
    return {**kind, "properties": properties, "required": required}


def listed(items: dict[str, Any], **limits: int) -> dict[str, Any]:
    return {"type": "array", "items": items, **limits}


METRIC = closed(
    {"name": text(255), "notes": text(1024), "type": {"const": "number"}, "value": {}},
    *("name", "type", "value"),
)
# The keys that the card has, with the limits of AWS:
# https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-details.html#model-card-schema
SCHEMA = closed(
    {
        "intended_uses": closed(
            {
                **dict.fromkeys(
                    [
                        *("purpose_of_model", "intended_uses", "explanations_for_risk_rating"),
                        "factors_affecting_model_efficiency",
                    ],
                    text(2048),
                ),
                "risk_rating": {"enum": ["High", "Medium", "Low", "Unknown"]},
            }
        ),
        "training_details": closed(
            {
                "training_observations": text(1024),
                "training_job_details": closed(
                    {"training_datasets": listed(text(1024), maxItems=15)}
                ),
            }
        ),
        "evaluation_details": listed(
            closed(
                {
                    "name": text(63),
                    "evaluation_observation": text(2096),
                    "metadata": {"type": "object", "additionalProperties": text(1024)},
                    "metric_groups": listed(
                        closed(
                            {"name": text(63), "metric_data": listed(METRIC)},
                            *("name", "metric_data"),
                        )
                    ),
                },
                "name",
            )
        ),
        "additional_information": closed(
            {
                "caveats_and_recommendations": text(2048),
                "custom_details": {"type": "object", "additionalProperties": text(1024)},
            }
        ),
    }
)


def written(
    comparison: gate.Comparison | None = None,
    files: list[dict[str, Any]] | None = None,
    sentence: str = "The model is registered.",
) -> dict[str, Any]:
    """Card of a model on planted answers; it follows the schema and fits the API."""
    content = card.model_card(*answers(), comparison, sentence, manifest(files), LOCATION)
    assert len(content) <= 100_000
    assert "\n" not in content
    found = json.loads(content)
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(found)] == []
    return found


def manifest(files: list[dict[str, Any]] | None = None) -> str:
    rows = {"read": 800, "train": 600, "test": 200}
    return json.dumps({"files": files or [FILE], "rows": rows})


def answers(noise: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    labels = random.integers(0, 2, size=200)
    return labels, np.clip(random.normal(0.2 + 0.6 * labels, noise), 0, 1)


def groups(evaluation: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        group["name"]: {it["name"]: it for it in group["metric_data"]}
        for group in evaluation["metric_groups"]
    }


def test_card_has_purpose_limits_data_and_rows() -> None:
    found = written()
    assert found["intended_uses"]["purpose_of_model"] == config.PURPOSE
    assert found["additional_information"] == {
        "caveats_and_recommendations": config.LIMITS,
        "custom_details": {
            "Data file a.csv": f"3 bytes, SHA-256 {FILE['sha256']}",
            "Data files": (
                "1, listed in manifest.json of step Preprocess, SHA-256 "
                + hashlib.sha256(manifest().encode()).hexdigest()
            ),
        },
    }
    assert found["training_details"] == {
        "training_observations": "800 rows read, 600 for training, 200 for the test.",
        "training_job_details": {"training_datasets": [LOCATION]},
    }


def test_metrics_have_intervals_and_the_smallest_detectable_loss() -> None:
    labels, probabilities = answers()
    test, champion = written()["evaluation_details"]
    found = groups(test)
    accuracy = found["Metrics"]["Accuracy"]
    assert accuracy["value"] == accuracy_score(labels, probabilities >= 0.5)
    low, high = metric_intervals(labels, probabilities)["accuracy"]
    assert accuracy["notes"] == (
        f"{low:.4f} to {high:.4f}: 95% interval, bootstrap with 2000 resamples"
    )
    # The textbook's interval of a share.
    width = 1.96 * np.sqrt(accuracy["value"] * (1 - accuracy["value"]) / len(labels))
    assert low == pytest.approx(accuracy["value"] - width, abs=0.01)
    assert high == pytest.approx(accuracy["value"] + width, abs=0.01)
    loss = found["Power"]["SmallestDetectableLoss"]
    assert 0 < loss["value"] < 0.1
    assert loss["notes"].endswith("if only lost answers flip")
    assert champion == {
        "name": "Champion",
        "evaluation_observation": "no champion",
        "metadata": {"Version": "none", "Flips": "none"},
    }


def test_champion_has_its_metrics_and_the_paired_difference() -> None:
    labels, probabilities = answers()
    comparison = gate.compare("3", labels, answers(noise=0.5)[1], probabilities)
    test, champion = written(comparison)["evaluation_details"]
    [change] = [it for it in comparison.changes if it.metric == "accuracy"]
    found = groups(champion)
    assert champion["metadata"]["Version"] == "3"
    assert found["Champion on the same rows"]["Accuracy"]["value"] == change.base
    assert found["Difference"]["Accuracy"] == {
        "name": "Accuracy",
        "type": "number",
        "value": change.change,
        "notes": (
            f"{change.low:+.4f} to {change.high:+.4f}, better: "
            "95% for all intervals together, paired bootstrap"
        ),
    }
    loss = groups(test)["Power"]["SmallestDetectableLoss"]
    assert loss["value"] == comparison.detectable_loss
    assert loss["notes"].endswith(f"with {comparison.flips['count']} flipped answers")


def test_champion_that_is_not_comparable_has_the_reason_and_no_figures() -> None:
    comparison = gate.Comparison("3", 200, problem="other columns")
    champion = written(comparison)["evaluation_details"][1]
    assert champion["evaluation_observation"] == "not comparable with version 3: other columns"
    assert "metric_groups" not in champion


def test_long_sentence_and_many_files_fit_the_api() -> None:
    files = [{**FILE, "name": f"{number:03}{'é' * 120}"} for number in range(200)]
    found = written(files=files, sentence="x" * 3072)
    details = found["additional_information"]["custom_details"]
    assert len(details) == card.MAX_FILES + 1
    assert details["Data files"].startswith("200, ")


def test_schema_rejects_other_keys_and_long_texts() -> None:
    found = written()
    found["intended_uses"] |= {"purpose_of_model": "x" * 2049, "scope": "all"}
    assert len(list(Draft202012Validator(SCHEMA).iter_errors(found))) == 2


def test_registered_version_has_the_card_of_its_data_and_metrics(
    execution: LocalExecution,
) -> None:
    registered = execution.registered
    assert registered["ModelCard"]["ModelCardStatus"] == "PendingReview"
    found = json.loads(registered["ModelCard"]["ModelCardContent"])
    metadata = registered["CustomerMetadataProperties"]
    test, champion = found["evaluation_details"]
    for name, metric in groups(test)["Metrics"].items():
        assert str(metric["value"]) == metadata[name]
    assert champion["metadata"]["Version"] == metadata["ChampionVersion"]
    assert COMMIT in test["evaluation_observation"]
    job = found["training_details"]["training_job_details"]
    assert job == {"training_datasets": [metadata["DataLocation"]]}
    assert found["training_details"]["training_observations"] == (
        "569 rows read, 426 for training, 143 for the test."
    )
    details = found["additional_information"]["custom_details"]
    content = (SAMPLE / "breast-cancer.csv").read_bytes()
    assert details["Data file breast-cancer.csv"] == (
        f"{len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}"
    )
