"""Report of a comparison in Markdown."""

from __future__ import annotations

from typing import Any

from pipelines.comparison.picture import text_picture
from pipelines.comparison.text import code, fenced, listed, table, within


def markdown(found: dict[str, Any]) -> str:
    """Report for a terminal or a pull request."""
    parts = [
        f"## Model comparison: {found['verdict']}",
        _rows(found),
        _metrics(found),
        fenced(text_picture(found["metrics"])),
        _power(found),
        _flips(found["flips"], found["rows"]["tested"]),
        _model(found),
        _data(found["data_checks"]),
        _definition(found),
    ]
    return within(parts)


def _rows(found: dict[str, Any]) -> str:
    rows = found["rows"]
    lines = [
        f"**Base**: {code(found['base'])}",
        f"**Head**: {code(found['head'])}",
        f"**Rows**: the sample in the repository, {_files(rows['data'])}. Both models answered the "
        f"same {rows['tested']} test rows, from the split of base.",
    ]
    if rows["data_changed"]:
        lines.append("The sample differs between base and head: both ran on that of head.")
    if rows["missing_in_head"]:
        lines.append(f"{rows['missing_in_head']} test rows of base are left out: not in head.")
    if rows["moved_by_head"]:
        lines.append(
            f"Head splits the data differently: {rows['moved_by_head']} of these test rows are "
            "in its own training set. For the comparison, both models used the split of base."
        )
    for side, reason in found["rejected"].items():
        if reason:
            lines.append(f"**{side.capitalize()} would not be registered**: {code(reason)}")
    return listed(lines)


def _files(data: list[dict[str, Any]]) -> str:
    return ", ".join(
        f"{code(item['file'])} ({item['rows']:,} rows, SHA-256 `{item['sha256'][:12]}`)"
        for item in data
    )


def _metrics(found: dict[str, Any]) -> str:
    bootstrap = found["bootstrap"]
    metrics = table(
        ["metric", "base", "head", "change", f"{bootstrap['confidence']:.0%} interval", "verdict"],
        [
            [
                code(item["metric"]),
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
    return f"{metrics}\n\n{note}"


def _power(found: dict[str, Any]) -> str:
    power = found["power"]
    return (
        f"With {found['rows']['tested']} rows, the smallest loss of accuracy that this comparison "
        f"detects in {power['power']:.0%} of cases is {100 * power['detectable_loss']:.1f} points. "
        f"A loss of {100 * power['loss']:g} points needs {power['rows_needed']:,} test rows."
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
        + table(["test row", "label", "probability of base", "of head"], examples)
    )


def _model(found: dict[str, Any]) -> str:
    size, latency = found["model_bytes"], found["latency_ms"]
    rows = [
        ["model archive (bytes)", *_figures(size, ",.0f")],
        ["latency of one request (ms, median, this machine)", *_figures(latency, ".2f")],
    ]
    return "### Size and latency\n\n" + table(["", "base", "head", "change"], rows)


def _figures(sides: dict[str, float], form: str) -> list[str]:
    change = sides["head"] / sides["base"] - 1
    return [format(sides["base"], form), format(sides["head"], form), f"{change:+.1%}"]


def _data(checks: dict[str, dict[str, float]]) -> str:
    rows = [
        [
            code(name),
            str(value),
            str(checks["head"][name]),
            "" if value == checks["head"][name] else "yes",
        ]
        for name, value in checks["base"].items()
    ]
    return "### Data checks\n\n" + table(["", "base", "head", "changed"], rows)


def _definition(found: dict[str, Any]) -> str:
    lines = [
        f"{code(step)}: {code(change)}"
        for step, changes in found["changed_steps"].items()
        for change in changes
    ]
    steps = listed(lines) or "No step has a changed definition."
    scripts = listed([code(name) for name in found["changed_scripts"]]) or "No script changed."
    return f"### Changed steps\n\n{steps}\n\n### Changed scripts\n\n{scripts}"
