"""Executions of the deployment pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deployment.api import Aws, change
from deployment.environment import Environment

VARIABLE = "MODEL_PACKAGE_ARN"
# Limit of CodePipeline.
_MAX_REASON = 200


@dataclass(frozen=True)
class Execution:
    """Execution that began before this one and is not over."""

    id: str
    model_package_arn: str
    started: datetime


def own_execution(aws: Aws, environment: Environment) -> tuple[str, str]:
    """Model version of this execution, and what triggered it.

    Read from CodePipeline: text that it puts into a build's environment could be code.
    """
    execution = _execution(aws, environment, environment.execution_id or "")
    return _variable(execution), execution.get("trigger", {}).get("triggerType", "")


def executions_ahead(aws: Aws, environment: Environment) -> Iterator[Execution]:
    """Executions in progress that started before this one."""
    summaries = list(_summaries(aws, environment))
    own = [it for it in summaries if it["pipelineExecutionId"] == environment.execution_id]
    for summary in summaries:
        started = summary["startTime"]
        is_later = summary in own or (own and started >= own[0]["startTime"])
        if summary["status"] != "InProgress" or is_later:
            continue
        found = _execution(aws, environment, summary["pipelineExecutionId"])
        yield Execution(summary["pipelineExecutionId"], _variable(found), started)


def stop_execution(aws: Aws, environment: Environment, reason: str) -> None:
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


def _execution(aws: Aws, environment: Environment, execution_id: str) -> dict[str, Any]:
    answer = aws.codepipeline.get_pipeline_execution(
        pipelineName=environment.pipeline_name, pipelineExecutionId=execution_id
    )
    return answer["pipelineExecution"]


def _summaries(aws: Aws, environment: Environment) -> Iterator[dict[str, Any]]:
    pages = aws.codepipeline.get_paginator("list_pipeline_executions")
    recent = {"MaxItems": 500}
    for page in pages.paginate(pipelineName=environment.pipeline_name, PaginationConfig=recent):
        yield from page["pipelineExecutionSummaries"]


def _variable(execution: dict[str, Any]) -> str:
    variables = execution.get("variables", [])
    return next((it["resolvedValue"] for it in variables if it["name"] == VARIABLE), "")
