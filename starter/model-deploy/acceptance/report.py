"""Test report as JSON, and the one-line summary for the approver."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from acceptance.settings import TIME, Settings
from acceptance.verdict import Figures

# The summary is part of CustomData of the approval action: at most 1000 characters.
# https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
MAX_SUMMARY_LENGTH = 700
# CodePipeline resolves `#{` as a variable; a quote or a line break would end the text.
_ALLOWED_PUNCTUATION = " .,:;()%/=+@_-"


def report(settings: Settings, figures: Figures | None, reasons: list[str]) -> dict[str, Any]:
    """Content of test-results.json: deployment, thresholds, figures, verdict and reasons."""
    deployment = asdict(settings.deployment)
    return {
        "verdict": "failed" if reasons else "passed",
        "reasons": reasons,
        "endpointName": settings.endpoint_name,
        **_camel(deployment),
        "thresholds": _camel(asdict(settings.thresholds)),
        "figures": None if figures is None else _figures(figures),
    }


def summary(settings: Settings, figures: Figures | None, reasons: list[str]) -> str:
    """One line of plain text: verdict, figures, and comparison with the production version."""
    deployment = settings.deployment
    subject = f"Version {deployment.model_version}"
    if figures is None or reasons:
        text = f"{subject} failed the test on {settings.endpoint_name}: {'; '.join(reasons)}"
        return _plain_text(text)
    matching = figures.rows - len(figures.disagreements)
    measured = [f"{matching} of {figures.rows} answers match the evaluation"]
    if figures.accuracy is not None:
        measured.append(f"accuracy {figures.accuracy:.4g}")
    measured.append(f"p95 latency {figures.p95_milliseconds:.0f} ms")
    sentences = [f"{subject} passed the test on {settings.endpoint_name}: {', '.join(measured)}."]
    if deployment.reason == "rejected":
        rejected = (deployment.rejected_model_package_arn or "the version").rpartition("/")[2]
        sentences.append(f"It replaces version {rejected}, which was rejected.")
    if deployment.comparison:
        sentences.append(f"In training, on the same rows: {deployment.comparison}.")
    expiry = _expiry(settings)
    text = _plain_text(" ".join([*sentences, *_comparison(settings)]), len(expiry))
    return f"{text}{expiry}"


def _expiry(settings: Settings) -> str:
    """Until when the approver can try the endpoint."""
    until, hours = settings.deployment.staging_until, settings.staging_hours
    if until is None or not hours or not settings.approval_timeout_minutes:
        return ""
    at = datetime.strptime(until, TIME)
    return (
        f" The staging endpoint is deleted {hours} {'hour' if hours == 1 else 'hours'} after the "
        f"decision, at the latest on {at:%Y-%m-%d at %H:%M} UTC."
    )


def _comparison(settings: Settings) -> list[str]:
    metrics, running = settings.deployment.metrics, settings.deployment.running
    version = "none" if running is None else str(running.model_version)
    current = {} if running is None else running.metrics
    if not metrics:
        return [f"Production version: {version}.", "The version has no metrics."]
    shown = [
        f"{name} {value:.4g} ({current[name]:.4g})" if name in current else f"{name} {value:.4g}"
        for name, value in sorted(metrics.items())
    ]
    title = "Metrics (in brackets: production)" if current else "Metrics"
    return [f"Production version: {version}.", f"{title}: {', '.join(shown)}."]


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "rows": figures.rows,
        "agreement": figures.agreement,
        "accuracy": figures.accuracy,
        "label": figures.label,
        "latencyMilliseconds": {"p50": figures.p50_milliseconds, "p95": figures.p95_milliseconds},
        "repeatedCalls": figures.repeated_calls,
        "disagreements": [asdict(it) for it in figures.disagreements],
    }


def _plain_text(text: str, reserved: int = 0) -> str:
    allowed = "".join(it if it.isalnum() or it in _ALLOWED_PUNCTUATION else " " for it in text)
    line = " ".join(allowed.split())
    limit = MAX_SUMMARY_LENGTH - reserved
    if len(line) <= limit:
        return line
    return f"{line[: limit - 4].rpartition(' ')[0]} ..."


def _camel(values: dict[str, Any]) -> dict[str, Any]:
    """Keys in camel case, as in the config files."""
    return {_camel_name(name): _camel_value(name, value) for name, value in values.items()}


def _camel_value(name: str, value: Any) -> Any:
    return _camel(value) if isinstance(value, dict) and name != "metrics" else value


def _camel_name(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(it.capitalize() for it in others)
