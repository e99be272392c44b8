"""Executions of the deployment pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deployment.api import Aws, change
from deployment.environment import PipelineBuild

VARIABLE = "MODEL_PACKAGE_ARN"
# Value of the variable in an execution that only schedules the deletion of staging.
EXPIRE_STAGING = "expire-staging"
# Limit of CodePipeline.
_MAX_REASON = 200


@dataclass(frozen=True)
class Execution:
    """Execution that is not over."""

    id: str
    model_package_arn: str
    started: datetime


def own_execution(aws: Aws, environment: PipelineBuild) -> tuple[str, str]:
    """Model version of this execution, and what triggered it.

    Read from CodePipeline: text that it puts into a build's environment could be code.
    """
    execution = _execution(aws, environment, environment.execution_id or "")
    return _variable(execution), execution.get("trigger", {}).get("triggerType", "")


def executions_ahead(aws: Aws, environment: PipelineBuild) -> Iterator[Execution]:
    """Executions in progress that started before this one, and deploy."""
    for execution, is_earlier in _others_in_progress(aws, environment):
        if is_earlier:
            yield execution


def other_executions(aws: Aws, environment: PipelineBuild) -> list[Execution]:
    """All other executions in progress that deploy."""
    return [execution for execution, _ in _others_in_progress(aws, environment)]


def execution_version(aws: Aws, environment: PipelineBuild, execution_id: str) -> str:
    """Model version of an execution."""
    return _variable(_execution(aws, environment, execution_id))


def _others_in_progress(aws: Aws, environment: PipelineBuild) -> Iterator[tuple[Execution, bool]]:
    """Other executions in progress, and whether each started before this one."""
    summaries = list(_summaries(aws, environment))
    own = [it for it in summaries if it["pipelineExecutionId"] == environment.execution_id]
    for summary in summaries:
        if summary["status"] != "InProgress" or summary in own:
            continue
        id_, started = summary["pipelineExecutionId"], summary["startTime"]
        arn = execution_version(aws, environment, id_)
        if arn != EXPIRE_STAGING:
            yield Execution(id_, arn, started), not own or started < own[0]["startTime"]


def stop_execution(aws: Aws, environment: PipelineBuild, reason: str) -> None:
    """Stops this execution without waiting for this build, its only action in progress."""
    execution_id = environment.execution_id or ""
    change(
        f"StopPipelineExecution {execution_id}",
        lambda: aws.codepipeline.stop_pipeline_execution(
            pipelineName=environment.pipeline_name,
            pipelineExecutionId=execution_id,
            abandon=True,
            reason=reason[:_MAX_REASON],
        ),
        lambda: _execution(aws, environment, execution_id)["status"] in {"Stopping", "Stopped"},
    )


def _execution(aws: Aws, environment: PipelineBuild, execution_id: str) -> dict[str, Any]:
    answer = aws.codepipeline.get_pipeline_execution(
        pipelineName=environment.pipeline_name, pipelineExecutionId=execution_id
    )
    return answer["pipelineExecution"]


def _summaries(aws: Aws, environment: PipelineBuild) -> Iterator[dict[str, Any]]:
    pages = aws.codepipeline.get_paginator("list_pipeline_executions")
    recent = {"MaxItems": 500}
    for page in pages.paginate(pipelineName=environment.pipeline_name, PaginationConfig=recent):
        yield from page["pipelineExecutionSummaries"]


def _variable(execution: dict[str, Any]) -> str:
    variables = execution.get("variables", [])
    return next((it["resolvedValue"] for it in variables if it["name"] == VARIABLE), "")
