"""Structure of AWS CodePipeline pipelines: rules that AWS enforces and moto does not.

https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html
https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from moto.codepipeline.exceptions import InvalidStructureException
from moto.codepipeline.models import CodePipelineBackend

moto_update_pipeline = CodePipelineBackend.update_pipeline
V2_OF_STAGES = ("onFailure", "onSuccess", "beforeEntry")


def close() -> None:
    CodePipelineBackend.update_pipeline = update_pipeline


def update_pipeline(self: CodePipelineBackend, pipeline: dict[str, Any]) -> dict[str, Any]:
    check_structure(pipeline)
    return moto_update_pipeline(self, pipeline)


def check_structure(pipeline: dict[str, Any]) -> None:
    for problem in problems_of(pipeline):
        raise InvalidStructureException(problem)


def problems_of(pipeline: dict[str, Any]) -> Iterator[str]:
    stages = pipeline["stages"]
    yield from repeated("stage", [stage["name"] for stage in stages])
    if pipeline.get("pipelineType", "V1") != "V2":
        for field in ("variables", "triggers"):
            if pipeline.get(field):
                yield f"{field} need a pipeline of type V2"
        if any(field in stage for stage in stages for field in V2_OF_STAGES):
            yield "conditions of stages need a pipeline of type V2"
    if stages and stages[0].get("onFailure", {}).get("result") == "ROLLBACK":
        yield "the first stage cannot be rolled back"
    artifacts: set[str] = set()
    namespaces = {"codepipeline", "variables"}
    declared = {one["name"] for one in pipeline.get("variables") or []}
    for index, stage in enumerate(stages):
        yield from repeated("action", [action["name"] for action in stage["actions"]])
        for group in by_run_order(stage["actions"]):
            for action in group:
                yield from problems_of_action(action, index == 0, artifacts, namespaces, declared)
            for action in group:
                made = [one["name"] for one in action.get("outputArtifacts") or []]
                named = [action["namespace"]] if action.get("namespace") else []
                for name in [*artifacts.intersection(made), *namespaces.intersection(named)]:
                    yield f"{name} is created by more than one action"
                artifacts.update(made)
                namespaces.update(named)


def problems_of_action(
    action: dict[str, Any],
    is_first: bool,
    artifacts: set[str],
    namespaces: set[str],
    declared: set[str],
) -> Iterator[str]:
    name, category = action["name"], action["actionTypeId"]["category"]
    if (category == "Source") != is_first:
        yield f"{name}: the first stage has all source actions, and no other ones"
    if category == "Approval" and (action.get("inputArtifacts") or action.get("outputArtifacts")):
        yield f"{name}: an approval has no artifacts"
    if category != "Approval" and action.get("timeoutInMinutes") is not None:
        yield f"{name}: timeoutInMinutes is for manual approvals only"
    for artifact in action.get("inputArtifacts") or []:
        if artifact["name"] not in artifacts:
            yield f"{name}: no action before it makes {artifact['name']}"
    text = json.dumps(action.get("configuration") or {})
    for namespace, variable in re.findall(r"#\{([^.}]+)\.([^}]+)\}", text):
        if namespace not in namespaces:
            yield f"{name}: no action before it has the namespace {namespace}"
        if namespace == "variables" and variable not in declared:
            yield f"{name}: the pipeline declares no variable {variable}"


def by_run_order(actions: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Those of one number run at the same time: none of them has what another one makes."""
    numbers = sorted({action.get("runOrder", 1) for action in actions})
    return [[one for one in actions if one.get("runOrder", 1) == number] for number in numbers]


def repeated(kind: str, names: list[str]) -> Iterator[str]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"more than one {kind} is named {name}"
