"""Result of a trial: strict readers of what the jobs wrote, and its section in the comment.

Only modules of the standard library: the job that comments installs nothing.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any

from pipelines.comparison.text import code, table
from pipelines.trial.errors import TrialError

MOST_BYTES = 100_000
VERDICTS = {"better", "worse", "no difference beyond noise", "not comparable"}
CHANGE = ("base", "head", "change", "low", "high")

# A link definition: invisible, also where HTML is shown as text.
MARKER = "[//]: # (model-trial "


def read_metrics(content: bytes) -> dict[str, float]:
    """Metrics of the report of Evaluate, in the format of SageMaker Model Registry."""
    return _read(
        content,
        lambda found: {
            _name(name): _number(value["value"])
            for name, value in found["binary_classification_metrics"].items()
        },
    )


def read_champion(content: bytes) -> dict[str, Any] | None:
    """Comparison of Evaluate with the champion; None without a champion, or without figures."""

    def read(found: Any) -> dict[str, Any] | None:
        if "metrics" not in found:
            return None
        _check(found["verdict"] in VERDICTS)
        return {
            "version": _name(found["champion"]),
            "verdict": found["verdict"],
            "rows": int(_number(found["rows"])),
            "metrics": [_change(change) for change in found["metrics"]],
        }

    return _read(content, read)


def read_result(content: bytes) -> dict[str, Any]:
    """Result file of run-trial."""

    def read(found: Any) -> dict[str, Any]:
        champion = found["champion"]
        if champion is not None:
            encoded = json.dumps({**champion, "champion": champion["version"]}).encode()
            champion = read_champion(encoded)
        return {
            "commit": _commit(found["commit"]),
            "execution": str(found["execution"]),
            "instance_minutes": {
                key: _number(found["instance_minutes"][key]) for key in ("used", "limit")
            },
            "metrics": {_name(name): _number(value) for name, value in found["metrics"].items()},
            "champion": champion,
        }

    return _read(content, read)


def section(result: dict[str, Any]) -> str:
    """Section of the comment on the pull request."""
    champion, minutes = result["champion"], result["instance_minutes"]
    if champion is None:
        rows = [[code(name), f"{value:.4f}"] for name, value in result["metrics"].items()]
        figures = table(["metric", "head"], rows)
        note = "The metrics are not compared with those of a registered version."
    else:
        figures = table(
            ["metric", "version", "head", "change", "interval", "verdict"],
            [
                [
                    code(change["metric"]),
                    *(f"{change[key]:.4f}" for key in ("base", "head")),
                    f"{change['change']:+.4f}",
                    f"{change['low']:+.4f} to {change['high']:+.4f}",
                    change["verdict"],
                ]
                for change in champion["metrics"]
            ],
        )
        note = (
            f"Compared with version {code(champion['version'])} on the same {champion['rows']} "
            f"test rows: **{champion['verdict']}**."
        )
    return _section(
        result["commit"],
        f"Commit {code(result['commit'])} with the data of training. Nothing is registered.\n\n"
        f"{figures}\n\n{note} {minutes['used']:.1f} of at most {minutes['limit']:g} instance "
        f"minutes: {code(result['execution'])}.\n",
    )


def failed_section(commit: str, log: str) -> str:
    """Section of a trial that has no figures."""
    return _section(commit, f"Commit {code(commit)}: the trial failed: [log]({log})\n")


def _section(commit: str, text: str) -> str:
    return f"{MARKER}{commit})\n\n### Trial on SageMaker\n\n{text}"


def section_in(comment: str, text: str) -> str:
    """Section in a comment, if `text` is about the same commit; else an empty text."""
    found = re.search(rf"{re.escape(MARKER)}([0-9a-f]+)\)", comment)
    if found is None or MARKER in text or code(found[1]) not in text:
        return ""
    return comment[found.start() :]


def with_section(comment: str, trial: str) -> str:
    """Comment with this section as the only one."""
    return f"{comment.partition(MARKER)[0].rstrip()}\n\n{trial}"


def _read(content: bytes, read: Callable[[Any], Any]) -> Any:
    problem = "the report of the trial has another form than Evaluate of the main branch writes"
    if len(content) > MOST_BYTES:
        raise TrialError(problem)
    try:
        return read(json.loads(content))
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise TrialError(problem) from error


def _check(is_valid: bool) -> None:
    if not is_valid:
        raise ValueError


def _change(found: Any) -> dict[str, Any]:
    _check(found["verdict"] in VERDICTS)
    figures = {key: _number(found[key]) for key in CHANGE}
    return {"metric": _name(found["metric"]), **figures, "verdict": found["verdict"]}


def _commit(value: Any) -> str:
    _check(re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", value) is not None)
    return value


def _name(value: Any) -> str:
    _check(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _.@-]{0,29}", value) is not None)
    return value


def _number(value: Any) -> float:
    _check(type(value) in {int, float} and math.isfinite(value) and abs(value) < 1e9)
    return value
