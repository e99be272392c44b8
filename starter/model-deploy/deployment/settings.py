"""Settings in environment variables and JSON files: rules, and one error with all problems."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class SettingsError(Exception):
    """All missing and invalid settings, each with its rule, an example and its value."""

    def __init__(self, subject: str, problems: list[str]) -> None:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__("\n- ".join([f"{count} in {subject}:", *problems]))
        self.problems = problems


REGION = r"[a-z]{2,}(-[a-z]+)+-\d"
ENDPOINT_NAME = r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"


@dataclass(frozen=True)
class Setting:
    """Environment variable, or key of a file."""

    name: str
    rule: str
    example: str
    parse: Callable[[Any], Any]
    is_optional: bool = False
    default: Any = None


def read(
    settings: Mapping[str, Setting], source: Mapping[str, Any], prefix: str = ""
) -> tuple[dict[str, Any], list[str]]:
    """Returns the values by field name, and the problems."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    for field, setting in settings.items():
        value = source.get(setting.name)
        is_missing = value is None or value == ""
        if is_missing and setting.is_optional:
            values[field] = setting.default
            continue
        try:
            values[field] = setting.parse(value)
        except ValueError:
            got = "but is not set" if is_missing else f"got {as_json(value)}"
            problems.append(
                f"{prefix}{setting.name} {setting.rule} (e.g. {setting.example}), {got}"
            )
    return values, problems


def read_group(
    name: str, settings: Mapping[str, Setting], source: Mapping[str, Any], prefix: str
) -> tuple[dict[str, Any] | None, list[str]]:
    """Reads an optional object; None if it is not set."""
    group = source.get(name)
    if group is None:
        return None, []
    if not isinstance(group, dict):
        example = f'{{"{next(iter(settings.values())).name}": ...}}'
        return None, [f"{prefix}{name} must be an object (e.g. {example}), got {as_json(group)}"]
    values, problems = read(settings, group, f"{prefix}{name}.")
    names = [setting.name for setting in settings.values()]
    return values, problems + unknown_keys(group, names, f"{prefix}{name}.")


def unknown_keys(source: Mapping[str, Any], names: Iterable[str], prefix: str) -> list[str]:
    """One problem for each key that is not a setting."""
    known = sorted(names)
    problems: list[str] = []
    for name in sorted(source.keys() - set(known)):
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"settings are {', '.join(known)}"
        problems.append(f"{prefix}{name} is not a setting; {hint}")
    return problems


def json_file(file: Path) -> tuple[dict[str, Any], list[str]]:
    """Content of a file with a JSON object."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        return {}, [f"{file} cannot be read: {error.strerror}"]
    except ValueError as error:
        return {}, [f"{file} must be JSON: {error}"]
    if not isinstance(content, dict):
        return {}, [f"{file} must be a JSON object, got {as_json(content)}"]
    return content, []


def as_json(value: Any) -> str:
    """The value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False)


def text(name: str, what: str, example: str, pattern: str = r"\S+") -> Setting:
    """Text that matches the whole pattern."""
    return Setting(name, f"must be {what}", example, matching(pattern))


def whole(
    name: str, low: int, high: int, unit: str, example: int, default: int | None = None
) -> Setting:
    """Integer of this range; optional if it has a default."""
    rule = f"must be {low} to {high} {unit}"
    return Setting(name, rule, str(example), integer(low, high), default is not None, default)


def count(name: str, most: int, unit: str, example: int, *, is_optional: bool = False) -> Setting:
    """Environment variable with an integer from 0; 0 if it is optional and not set."""

    def parse(value: Any) -> int:
        if not isinstance(value, str) or not re.fullmatch(r"\d{1,9}", value) or int(value) > most:
            raise ValueError(value)
        return int(value)

    return Setting(name, f"must be 0 to {most} {unit}", str(example), parse, is_optional, 0)


def matching(pattern: str) -> Callable[[Any], str]:
    """Text that matches the whole pattern."""

    def parse(value: Any) -> str:
        if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
            raise ValueError(value)
        return value

    return parse


def number(minimum: float, maximum: float = float("inf")) -> Callable[[Any], float]:
    """Number of this range, both ends included."""

    def parse(value: Any) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        # Python's JSON parser accepts NaN; every comparison with NaN is false.
        if not is_number or not minimum <= value <= maximum or value == float("inf"):
            raise ValueError(value)
        return value

    return parse


def integer(minimum: int, maximum: float = float("inf")) -> Callable[[Any], int]:
    """Integer of this range, both ends included."""

    def parse(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(value)
        if not minimum <= value <= maximum:
            raise ValueError(value)
        return value

    return parse


def json_list(value: Any) -> list[str]:
    """Texts, written as a JSON list."""
    try:
        items = json.loads(value)
    except (TypeError, ValueError) as error:
        raise ValueError(value) from error
    if not isinstance(items, list) or not items or not all(isinstance(it, str) for it in items):
        raise ValueError(value)
    return items


def mapping(value: Any) -> dict[str, Any]:
    """JSON object."""
    if not isinstance(value, dict):
        raise ValueError(value)
    return value
