"""Report of a comparison in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def markdown(found: dict[str, Any]) -> str:
    """Report for a terminal or a pull request."""
    parts = [
        f"## Model comparison: {found['verdict']}",
        _rows(found),
        _metrics(found),
        _power(found),
        _flips(found["flips"], found["rows"]["tested"]),
        _model(found),
        _data(found["data_checks"]),
        _definition(found),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _rows(found: dict[str, Any]) -> str:
    rows = found["rows"]
    lines = [
        f"- **Base**: {found['base']}",
        f"- **Head**: {found['head']}",
        f"- **Rows**: the sample data of head ({', '.join(rows['data'])}). Both models answered "
        f"the same {rows['tested']} test rows, from the split of base.",
    ]
    if rows["data_changed"]:
        lines.append("- The sample data differ between base and head: both ran on those of head.")
    if rows["missing_in_head"]:
        lines.append(f"- {rows['missing_in_head']} test rows of base are left out: not in head.")
    if rows["moved_by_head"]:
        lines.append(
            f"- Head splits the data differently: {rows['moved_by_head']} of these test rows are "
            "in its own training set. For the comparison, both models used the split of base."
        )
    for side, reason in found["rejected"].items():
        if reason:
            lines.append(f"- **{side.capitalize()} would not be registered**: {reason}")
    return "\n".join(lines)


def _metrics(found: dict[str, Any]) -> str:
    bootstrap = found["bootstrap"]
    table = _table(
        ["metric", "base", "head", "change", f"{bootstrap['confidence']:.0%} interval", "verdict"],
        [
            [
                item["metric"],
                f"{item['base']:.4f}",
                f"{item['head']:.4f}",
                f"{item['change']:+.4f}",
                f"{item['low']:+.4f} to {item['high']:+.4f}",
                item["verdict"],
            ]
            for item in found["metrics"]
        ],
    )
    note = (
        f"Paired bootstrap, {bootstrap['resamples']} resamples of {found['rows']['tested']} rows, "
        f"seed {bootstrap['seed']}. The intervals of all metrics together hold with "
        f"{bootstrap['confidence']:.0%}: each is one of {bootstrap['metric_confidence']:.1%}."
    )
    return f"{table}\n\n{note}"


def _power(found: dict[str, Any]) -> str:
    power = found["power"]
    return (
        f"With {found['rows']['tested']} rows, the smallest loss of accuracy that this comparison "
        f"detects in {power['power']:.0%} of cases is {100 * power['detectable_loss']:.1f} points. "
        f"A loss of {100 * power['loss']:g} points needs {power['rows_needed']} test rows."
    )


def _flips(flips: dict[str, Any], rows: int) -> str:
    text = f"### Answers\n\n{flips['count']} of {rows} answers flipped"
    if not flips["count"]:
        return f"{text}."
    examples = [
        [str(item["row"]), str(item["label"]), f"{item['base']:.3f}", f"{item['head']:.3f}"]
        for item in flips["examples"]
    ]
    return (
        f"{text}: {flips['to_wrong']} from correct to wrong, {flips['to_correct']} from wrong to "
        f"correct. The largest changes:\n\n"
        + _table(["test row", "label", "probability of base", "of head"], examples)
    )


def _model(found: dict[str, Any]) -> str:
    size, latency = found["model_bytes"], found["latency_ms"]
    rows = [
        ["model archive (bytes)", *_figures(size, ",.0f")],
        ["latency of one request (ms, median, this machine)", *_figures(latency, ".2f")],
    ]
    return "### Size and latency\n\n" + _table(["", "base", "head", "change"], rows)


def _figures(sides: dict[str, float], form: str) -> list[str]:
    change = sides["head"] / sides["base"] - 1
    return [format(sides["base"], form), format(sides["head"], form), f"{change:+.1%}"]


def _data(checks: dict[str, dict[str, float]]) -> str:
    rows = [
        [
            name,
            str(value),
            str(checks["head"][name]),
            "" if value == checks["head"][name] else "yes",
        ]
        for name, value in checks["base"].items()
    ]
    return "### Data checks\n\n" + _table(["", "base", "head", "changed"], rows)


def _definition(found: dict[str, Any]) -> str:
    lines = [
        f"- {step}: `{change}`"
        for step, changes in found["changed_steps"].items()
        for change in changes
    ]
    steps = "\n".join(lines) or "No step has a changed definition."
    scripts = ", ".join(f"`{name}`" for name in found["changed_scripts"]) or "none"
    return f"### Changed steps\n\n{steps}\n\nChanged scripts: {scripts}."


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
