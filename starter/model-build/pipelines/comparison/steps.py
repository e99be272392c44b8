"""Steps whose definition or script differs between two pipelines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipelines.local.definition import Pipeline

# Folders of code and data are named by their hash: every changed script would change every step.
_HASH = re.compile(r"[0-9a-f]{64}")


def changed_steps(base: Pipeline, head: Pipeline) -> dict[str, list[str]]:
    """What differs, by step."""
    before, after = _steps(base.definition), _steps(head.definition)
    changes: dict[str, list[str]] = {}
    for name in dict.fromkeys([*before, *after]):
        if name not in after:
            changes[name] = ["removed"]
        elif name not in before:
            changes[name] = ["added"]
        elif differences := list(_differences("", before[name], after[name])):
            changes[name] = differences
    return changes


def changed_scripts(base: Pipeline, head: Pipeline) -> list[str]:
    """Names of the scripts of the jobs that differ."""
    before, after = _files(base, ".py"), _files(head, ".py")
    return sorted(name for name in before | after if before.get(name) != after.get(name))


def data_files(pipeline: Pipeline) -> dict[str, bytes]:
    """Content of the uploaded data by file name."""
    return _files(pipeline, ".csv")


def _files(pipeline: Pipeline, suffix: str) -> dict[str, bytes]:
    files = {uri.rsplit("/", 1)[-1]: content for uri, content in pipeline.inputs.items()}
    return {name: content for name, content in files.items() if name.endswith(suffix)}


def _steps(definition: dict[str, Any]) -> dict[str, Any]:
    steps = {"Parameters": {item["Name"]: item for item in definition["Parameters"]}}
    pending = list(definition["Steps"])
    while pending:
        step = dict(pending.pop(0))
        arguments = dict(step["Arguments"])
        pending += [*arguments.pop("IfSteps", []), *arguments.pop("ElseSteps", [])]
        steps[step["Name"]] = {**step, "Arguments": arguments}
    return steps


def _differences(path: str, before: Any, after: Any) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            yield from _differences(f"{path}.{key}", before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, pair in enumerate(zip(before, after, strict=True)):
            yield from _differences(f"{path}[{number}]", *pair)
    elif _plain(before) != _plain(after):
        yield f"{path.removeprefix('.').removeprefix('Arguments.')}: {before} -> {after}"


def _plain(value: Any) -> Any:
    return _HASH.sub("*", value) if isinstance(value, str) else value
