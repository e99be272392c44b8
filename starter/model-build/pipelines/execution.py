"""SageMaker pipeline execution: find, start, wait, console link."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from typing import Any

from pipelines.settings import Run, Settings

POLL_SECONDS = 15
_CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}


# SageMaker's own event already sends a notification for a failed step or a stopped execution. The
# infrastructure sends no second notification for a build that ends with this exit status.
ALREADY_NOTIFIED = 99


class TrainingError(Exception):
    """Failed or stopped execution: final status, and each failed step with its reason."""

    def __init__(self, message: str, exit_status: int) -> None:
        super().__init__(message)
        self.exit_status = exit_status


def list_executions(sagemaker: Any, settings: Settings, run: Run) -> list[dict[str, Any]]:
    """Executions of this commit, newest first."""
    # One page is enough: a running execution is among the newest hundred.
    newest = sagemaker.list_pipeline_executions(
        PipelineName=settings.pipeline_name,
        SortBy="CreationTime",
        SortOrder="Descending",
        MaxResults=100,
    )["PipelineExecutionSummaries"]
    return [
        summary
        for summary in newest
        if summary.get("PipelineExecutionDisplayName") == _display_name(run)
    ]


def running_execution_arn(executions: list[dict[str, Any]]) -> str | None:
    """ARN of the newest running execution, or None."""
    arns = (
        summary["PipelineExecutionArn"]
        for summary in executions
        if summary["PipelineExecutionStatus"] in {"Executing", "Stopping"}
    )
    return next(arns, None)


def start_execution(
    sagemaker: Any, settings: Settings, run: Run, attempt: int, champion: Mapping[str, str]
) -> str:
    """Starts an execution and returns its ARN; idempotent for the same build and attempt."""
    token = f"{run.commit}/{run.codepipeline_execution_id}/{attempt}"
    parameters = {
        "GitCommit": run.commit,
        "CodePipelineExecutionId": run.codepipeline_execution_id,
        **champion,
    }
    return sagemaker.start_pipeline_execution(
        PipelineName=settings.pipeline_name,
        PipelineExecutionDisplayName=_display_name(run),
        PipelineParameters=[{"Name": name, "Value": value} for name, value in parameters.items()],
        ClientRequestToken=hashlib.sha256(token.encode()).hexdigest(),
    )["PipelineExecutionArn"]


def wait_for_execution(
    sagemaker: Any,
    arn: str,
    log: Callable[[str], None],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Logs each change of a step until the execution succeeds; raises if it fails or is stopped."""
    logged: dict[str, str] = {}
    while True:
        execution = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
        steps = _steps(sagemaker, arn)
        for step in steps:
            name, status = step["StepName"], step["StepStatus"]
            if logged.get(name) != status:
                log(f"{name}: {status}")
            logged[name] = status
        status = execution["PipelineExecutionStatus"]
        if status == "Succeeded":
            return
        if status in {"Failed", "Stopped"}:
            raise _training_error(status, execution, steps)
        sleep(POLL_SECONDS)


def console_link(settings: Settings) -> str:
    """Console link to the Studio landing page; Studio itself has no URL that all users share."""
    host = _CONSOLES.get(settings.role.split(":")[1], _CONSOLES["aws"])
    region = settings.region
    return f"https://{region}.{host}/sagemaker/home?region={region}#/studio-landing"


def _display_name(run: Run) -> str:
    return f"commit-{run.commit}"


def _steps(sagemaker: Any, arn: str) -> list[dict[str, Any]]:
    pages = sagemaker.get_paginator("list_pipeline_execution_steps").paginate(
        PipelineExecutionArn=arn, SortOrder="Ascending"
    )
    return [step for page in pages for step in page["PipelineExecutionSteps"]]


def _training_error(
    status: str, execution: dict[str, Any], steps: list[dict[str, Any]]
) -> TrainingError:
    step_reasons = [
        f"step {step['StepName']}: {step.get('FailureReason', step['StepStatus'])}"
        for step in steps
        if step["StepStatus"] in {"Failed", "Stopped"}
    ]
    reasons = step_reasons or [execution.get("FailureReason", "SageMaker reports no reason")]
    is_notified = status == "Stopped" or any(step["StepStatus"] == "Failed" for step in steps)
    outcome = "was stopped" if status == "Stopped" else "failed"
    message = "\n- ".join([f"Training {outcome}:", *reasons])
    return TrainingError(message, ALREADY_NOTIFIED if is_notified else 1)
