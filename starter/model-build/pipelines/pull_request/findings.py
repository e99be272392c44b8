"""Strict reader of the findings of `compare`: text from a pull request."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

MOST_BYTES = 200_000
MOST_METRICS = 10
MOST_EXAMPLES = 5
VERDICTS = ["better", "worse", "no difference beyond noise"]

Reader = Callable[[Any, str], Any]


class FindingsError(Exception):
    """The findings have another shape than those of the main branch."""


def read_findings(content: bytes) -> dict[str, Any]:
    """Findings with exactly the known fields, types and ranges."""
    if len(content) > MOST_BYTES:
        raise FindingsError(f"the findings have more than {MOST_BYTES:,} bytes")
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise FindingsError("the findings are not JSON") from error
    return _FINDINGS(value, "findings")


def _check(is_valid: bool, path: str, rule: str) -> None:
    if not is_valid:
        raise FindingsError(f"{path} must be {rule}")


def _text(value: Any, path: str) -> str:
    # The report cuts a text and removes invisible characters.
    _check(isinstance(value, str), path, "a text")
    return value


def _matching(pattern: str, rule: str) -> Reader:
    def read(value: Any, path: str) -> str:
        _check(isinstance(value, str) and re.fullmatch(pattern, value) is not None, path, rule)
        return value

    return read


def _number(low: float, high: float) -> Reader:
    def read(value: Any, path: str) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        # False for NaN, too.
        _check(is_number and low <= value <= high, path, f"a number from {low:g} to {high:g}")
        return value

    return read


def _count(value: Any, path: str) -> int:
    is_count = isinstance(value, int) and not isinstance(value, bool)
    _check(is_count and 0 <= value <= 10**12, path, "a count")
    return value


def _flag(value: Any, path: str) -> bool:
    _check(isinstance(value, bool), path, "true or false")
    return value


def _optional(item: Reader) -> Reader:
    return lambda value, path: None if value is None else item(value, path)


def _list(item: Reader, most: int = 1000, least: int = 0) -> Reader:
    def read(value: Any, path: str) -> list[Any]:
        is_list = isinstance(value, list) and least <= len(value) <= most
        _check(is_list, path, f"a list of {least} to {most}")
        return [item(one, f"{path}[{number}]") for number, one in enumerate(value)]

    return read


def _map(item: Reader) -> Reader:
    def read(value: Any, path: str) -> dict[str, Any]:
        _check(isinstance(value, dict), path, "an object")
        return {key: item(one, f"{path}.*") for key, one in value.items()}

    return read


def _object(fields: dict[str, Reader]) -> Reader:
    def read(value: Any, path: str) -> dict[str, Any]:
        is_object = isinstance(value, dict) and value.keys() == fields.keys()
        _check(is_object, path, f"an object with exactly {', '.join(fields)}")
        return {
            name: read_field(value[name], f"{path}.{name}") for name, read_field in fields.items()
        }

    return read


def _sides(item: Reader) -> Reader:
    return _object({"base": item, "head": item})


def _same_keys(item: Reader) -> Reader:
    def read(value: Any, path: str) -> dict[str, dict[str, Any]]:
        sides = _sides(item)(value, path)
        _check(sides["base"].keys() == sides["head"].keys(), path, "the same checks of both sides")
        return sides

    return read


_VERDICT = _matching("|".join(VERDICTS), f"one of {', '.join(VERDICTS)}")
_METRIC_NAME = _matching(r"[A-Za-z0-9][A-Za-z0-9 _.@-]{0,29}", "an alphanumeric name")
_SHARE = _number(0, 1)
_FINITE = _number(-1e9, 1e9)
_POSITIVE = _number(1e-9, 1e12)

_FINDINGS = _object(
    {
        "base": _text,
        "head": _text,
        "verdict": _VERDICT,
        "rows": _object(
            {
                "data": _list(
                    _object(
                        {
                            "file": _text,
                            "rows": _count,
                            "sha256": _matching("[0-9a-f]{64}", "a SHA-256"),
                        }
                    ),
                    most=20,
                ),
                "data_changed": _flag,
                "tested": _count,
                "missing_in_head": _count,
                "moved_by_head": _count,
            }
        ),
        "metrics": _list(
            _object(
                {
                    "metric": _METRIC_NAME,
                    "base": _FINITE,
                    "head": _FINITE,
                    "change": _FINITE,
                    "low": _FINITE,
                    "high": _FINITE,
                    "verdict": _VERDICT,
                }
            ),
            most=MOST_METRICS,
            least=1,
        ),
        "bootstrap": _object(
            {
                "confidence": _SHARE,
                "metric_confidence": _SHARE,
                "resamples": _count,
                "seed": _count,
            }
        ),
        "power": _object(
            {"power": _SHARE, "detectable_loss": _SHARE, "loss": _SHARE, "rows_needed": _count}
        ),
        "flips": _object(
            {
                "count": _count,
                "to_wrong": _count,
                "to_correct": _count,
                "examples": _list(
                    _object({"row": _count, "label": _FINITE, "base": _FINITE, "head": _FINITE}),
                    most=MOST_EXAMPLES,
                ),
            }
        ),
        "model_bytes": _sides(_POSITIVE),
        "latency_ms": _sides(_POSITIVE),
        "rejected": _sides(_optional(_text)),
        "data_checks": _same_keys(_map(_FINITE)),
        "changed_steps": _map(_list(_text)),
        "changed_scripts": _list(_text),
    }
)
