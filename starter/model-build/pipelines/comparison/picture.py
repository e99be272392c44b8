"""Pictures of the metrics: base, head, and the interval of the change.

SVG for the artifact of a job, and text for the comment: GitHub shows no SVG in comments and job
summaries, and its Mermaid charts have no intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from xml.sax.saxutils import escape

WIDTH = 41
COLORS = {"better": "#1a7f37", "worse": "#cf222e"}
STYLE = "font-family: sans-serif; font-size: 12px"


def text_picture(metrics: Sequence[dict[str, Any]]) -> str:
    """A line for each metric: | base, o head, [---] interval; one scale for all."""
    place = _scale(metrics, WIDTH - 1, "low", "high", "change")
    longest = max(len(item["metric"]) for item in metrics)
    lines = []
    for item in metrics:
        low, high = round(place(item["low"])), round(place(item["high"]))
        line = [" "] * WIDTH
        line[low : high + 1] = "-" * (high + 1 - low)
        line[low], line[high] = "[", "]"
        line[round(place(0))] = "|"
        line[round(place(item["change"]))] = "o"
        lines.append(f"{item['metric']:<{longest}}  {''.join(line)}  {item['change']:+.4f}")
    return "\n".join([*(line.rstrip() for line in lines), "", "| base  o head  [---] interval"])


def svg_picture(metrics: Sequence[dict[str, Any]]) -> str:
    """A row for each metric with its values; one scale for all."""
    values = [
        {
            **item,
            "from": item["base"] + item["low"],
            "to": item["base"] + item["high"],
        }
        for item in metrics
    ]
    place = _scale(values, 400, "base", "head", "from", "to")
    rows = []
    for number, item in enumerate(values):
        y = 30 + 40 * number
        color = COLORS.get(item["verdict"], "#57606a")
        start, end, base, head = (
            f"{150 + place(item[key]):.1f}" for key in ("from", "to", "base", "head")
        )
        rows.append(
            f'<text x="10" y="{y + 4}">{escape(item["metric"])}</text>\n'
            f'<line x1="{start}" x2="{end}" y1="{y}" y2="{y}" stroke="{color}" stroke-width="3"/>\n'
            f'<circle cx="{base}" cy="{y}" r="6" fill="none" stroke="#1f2328"/>\n'
            f'<circle cx="{head}" cy="{y}" r="4" fill="{color}"/>\n'
            f'<text x="570" y="{y + 4}">{item["base"]:.4f} to {item["head"]:.4f}: '
            f"{escape(item['verdict'])}</text>"
        )
    height = 30 + 40 * len(values)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="860" height="{height + 30}" '
        f'style="{STYLE}; background: white">\n'
        + "\n".join(rows)
        + f'\n<text x="10" y="{height + 10}">ring: base, dot: head, line: interval of head</text>\n'
        "</svg>\n"
    )


def _scale(items: Sequence[dict[str, Any]], width: float, *keys: str) -> Callable[[float], float]:
    """Position of a value on a line with all values of these keys."""
    values = [item[key] for item in items for key in keys]
    low, high = min(values), max(values)
    if "change" in keys:
        # The base is at zero, with room on both sides.
        low, high = min(low, -0.01), max(high, 0.01)
    span = max(high - low, 1e-6)
    return lambda value: (value - low) / span * width
