"""Gate: not worse than the champion by more than noise, and not below the minimum."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from pipelines.comparison.config import (
    CONFIDENCE,
    MINIMUM_ROC_AUC,
    POWER,
    REJECT_NOT_COMPARABLE,
    REJECT_WORSE,
    RESAMPLES,
    SEED,
)
from pipelines.comparison.flips import find_flips
from pipelines.comparison.power import detectable_loss
from pipelines.comparison.verdict import WORSE, Change, compare_answers, overall

NO_CHAMPION = "none"
TITLES = {"accuracy": "Accuracy", "auc": "RocAuc", "f1": "F1"}
_WORDS = {"accuracy": "accuracy", "auc": "ROC AUC", "f1": "F1"}
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackage.html
MAX_METADATA = 256
_NOT_IN_METADATA = re.compile(r"[^\w .:/=+@-]+")


@dataclass(frozen=True)
class Comparison:
    """New model and champion on the same rows; `problem`: why there are no figures."""

    version: str
    rows: int
    problem: str = ""
    changes: tuple[Change, ...] = ()
    flips: Mapping[str, Any] | None = None

    @property
    def verdict(self) -> str:
        """Verdict of all metrics together."""
        return "not comparable" if self.problem else overall(list(self.changes))

    @property
    def flipped(self) -> str:
        """How many answers flipped, and to which side."""
        flips = self.flips or {}
        return (
            f"{flips['count']} of {self.rows} answers flipped: {flips['to_wrong']} to wrong and "
            f"{flips['to_correct']} to correct"
        )

    @property
    def detectable_loss(self) -> float:
        """Smallest loss of accuracy that these rows detect."""
        return detectable_loss(self.rows, (self.flips or {})["count"] / self.rows)


def compare(
    version: str, labels: np.ndarray, champion: np.ndarray, answers: np.ndarray
) -> Comparison:
    """Compares the new model with the champion by their answers to the same rows."""
    return Comparison(
        version,
        len(labels),
        changes=tuple(compare_answers(labels, champion, answers)),
        flips=find_flips(labels, champion, answers),
    )


def decide(roc_auc: float, comparison: Comparison | None, commit: str) -> tuple[bool, str]:
    """Whether the model is registered, and the sentence that says why."""
    problems = []
    if roc_auc < MINIMUM_ROC_AUC:
        minimum = f"the minimum of {MINIMUM_ROC_AUC}"
        problems.append(f"ROC AUC {roc_auc} on the test set is below {minimum}")
    if comparison and REJECT_WORSE and comparison.verdict == WORSE:
        worse = [_WORDS[it.metric] for it in comparison.changes if it.verdict == WORSE]
        problems.append(f"worse than the champion by more than noise: {' and '.join(worse)}")
    if comparison and REJECT_NOT_COMPARABLE and comparison.problem:
        problems.append("the champion is not comparable")
    figures = f"{_champion_sentences(comparison)} Commit {commit}."
    if problems:
        reason = ", and ".join(problems)
        next_step = "Next: change the model or the data, and push."
        return False, f"The model is not registered: {reason}. {figures} {next_step}"
    reached = f"ROC AUC {roc_auc} on the test set reaches the minimum of {MINIMUM_ROC_AUC}."
    return True, f"The model is registered: {reached} {figures}"


def _champion_sentences(comparison: Comparison | None) -> str:
    if comparison is None:
        return "There is no champion: only the minimum decides."
    champion = f"Champion: version {comparison.version}"
    if comparison.problem:
        then = "no model is registered" if REJECT_NOT_COMPARABLE else "only the minimum decides"
        return f"{champion}, not comparable ({comparison.problem}): {then}."
    changes = ", ".join(
        f"{_WORDS[it.metric]} {it.base:.4f} to {it.head:.4f} ({it.change:+.4f}, "
        f"interval {it.low:+.4f} to {it.high:+.4f})"
        for it in comparison.changes
    )
    return (
        f"{champion}, on the same {comparison.rows} test rows: {changes}: {comparison.verdict}. "
        f"{comparison.flipped}. The smallest loss of accuracy that these rows detect in "
        f"{POWER:.0%} of cases is {100 * comparison.detectable_loss:.1f} points."
    )


def metadata(comparison: Comparison | None) -> dict[str, str]:
    """Texts of the comparison in the metadata of the model version, with the same keys always."""
    version = comparison.version if comparison else NO_CHAMPION
    changes = {it.metric: it for it in comparison.changes} if comparison else {}
    texts = {"ChampionVersion": version, "Comparison": _summary(comparison), "Flips": NO_CHAMPION}
    for metric, title in TITLES.items():
        change = changes.get(metric)
        texts[f"Champion{title}"] = str(change.base) if change else NO_CHAMPION
        texts[f"{title}Difference"] = _difference(change) if change else NO_CHAMPION
    if comparison and changes:
        texts["Flips"] = comparison.flipped
    return {key: _NOT_IN_METADATA.sub(" ", text)[:MAX_METADATA] for key, text in texts.items()}


def _summary(comparison: Comparison | None) -> str:
    if comparison is None:
        return "no champion"
    if comparison.problem:
        return f"not comparable with version {comparison.version}: {comparison.problem}"
    figures = [
        f"{_WORDS[it.metric]} {it.base:.4f} to {it.head:.4f} = {_difference(it)}"
        for it in comparison.changes
        if it.metric != "f1"
    ]
    subject = f"{comparison.verdict} - version {comparison.version} as champion"
    return " - ".join([subject, *figures, f"{(comparison.flips or {})['count']} flips"])


def _difference(change: Change) -> str:
    return f"{change.change:+.4f} interval {change.low:+.4f} to {change.high:+.4f}"


def report(comparison: Comparison | None) -> dict[str, Any]:
    """Comparison as JSON, with the settings of its statistics."""
    if comparison is None:
        return {"champion": NO_CHAMPION}
    found: dict[str, Any] = {
        "champion": comparison.version,
        "verdict": comparison.verdict,
        "rows": comparison.rows,
    }
    if comparison.problem:
        return {**found, "reason": comparison.problem}
    return {
        **found,
        "metrics": [asdict(change) for change in comparison.changes],
        "flips": comparison.flips,
        "bootstrap": {"confidence": CONFIDENCE, "resamples": RESAMPLES, "seed": SEED},
        "power": {"power": POWER, "detectable_loss": comparison.detectable_loss},
    }
