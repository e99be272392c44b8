"""The report for machines, and the summary that the approver reads."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from acceptance.settings import Settings
from acceptance.verdict import Figures

# The summary stands in an action's configuration, of which CodePipeline takes 1000 characters.
LONGEST_SUMMARY = 700
# `#{` would be another variable to CodePipeline, and a quote or a line's end the end of the text.
_PLAIN = " .,:;()%/=+@_-"


def report(settings: Settings, figures: Figures | None, reasons: list[str]) -> dict[str, Any]:
    """All that was asked for, measured and decided."""
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
    """One line of plain text: the verdict, and how the version compares with what runs."""
    deployment = settings.deployment
    subject = f"Version {deployment.model_version}"
    if figures is None or reasons:
        text = f"{subject} fails on {settings.endpoint_name}: {'; '.join(reasons)}"
        return _plain(text)
    agreeing = figures.rows - len(figures.disagreements)
    measured = [f"{agreeing} of {figures.rows} answers as expected"]
    if figures.accuracy is not None:
        measured.append(f"accuracy {figures.accuracy:.4g}")
    measured.append(f"latency p95 {figures.p95_milliseconds:.0f} ms")
    sentences = [f"{subject} passes on {settings.endpoint_name}: {', '.join(measured)}."]
    if deployment.reason == "rejected":
        rejected = (deployment.rejected_model_package_arn or "the version").rpartition("/")[2]
        sentences.append(f"It is to take the place of version {rejected}, which was rejected.")
    return _plain(" ".join([*sentences, *_comparison(settings)]))


def _comparison(settings: Settings) -> list[str]:
    metrics, running = settings.deployment.metrics, settings.deployment.running
    runs = "nothing yet" if running is None else f"version {running.model_version}"
    theirs = {} if running is None else running.metrics
    if not metrics:
        return [f"Production runs {runs}.", "The version carries no metrics."]
    shown = [
        f"{name} {value:.4g} ({theirs[name]:.4g})" if name in theirs else f"{name} {value:.4g}"
        for name, value in sorted(metrics.items())
    ]
    which = "Metrics (of what runs)" if theirs else "Metrics"
    return [f"Production runs {runs}.", f"{which}: {', '.join(shown)}."]


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


def _plain(text: str) -> str:
    kept = "".join(it if it.isalnum() or it in _PLAIN else " " for it in text)
    line = " ".join(kept.split())
    if len(line) <= LONGEST_SUMMARY:
        return line
    return f"{line[: LONGEST_SUMMARY - 4].rpartition(' ')[0]} ..."


def _camel(values: dict[str, Any]) -> dict[str, Any]:
    """Names as in the files that people write."""
    return {_camel_name(name): _inside(name, value) for name, value in values.items()}


def _inside(name: str, value: Any) -> Any:
    return _camel(value) if isinstance(value, dict) and name != "metrics" else value


def _camel_name(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(it.capitalize() for it in others)
