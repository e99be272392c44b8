"""One execution of the pipeline: found or started, watched, and shown to people."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any

from pipelines.settings import Run, Settings

POLL_SECONDS = 15
_CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}


# People are told of a failed step or a stop by SageMaker's own event. By this exit status of the
# build they are not told twice (toldAlready in the infrastructure's components/messages.ts).
TOLD_ALREADY = 99


class TrainingError(Exception):
    """Says how the execution ended, and which step did it and why."""

    def __init__(self, message: str, exit_status: int) -> None:
        super().__init__(message)
        self.exit_status = exit_status


def executions_of(sagemaker: Any, settings: Settings, run: Run) -> list[dict[str, Any]]:
    """The executions of this commit, newest first."""
    # One page: what still runs is among the newest hundred.
    newest = sagemaker.list_pipeline_executions(
        PipelineName=settings.pipeline_name,
        SortBy="CreationTime",
        SortOrder="Descending",
        MaxResults=100,
    )["PipelineExecutionSummaries"]
    return [it for it in newest if it.get("PipelineExecutionDisplayName") == _display_name(run)]


def running(executions: list[dict[str, Any]]) -> str | None:
    """ARN of the execution that has not ended, if there is one."""
    arns = (
        it["PipelineExecutionArn"]
        for it in executions
        if it["PipelineExecutionStatus"] in {"Executing", "Stopping"}
    )
    return next(arns, None)


def start(sagemaker: Any, settings: Settings, run: Run, attempt: int) -> str:
    """Starts an execution and gives its ARN; the same build's second call starts nothing more."""
    token = f"{run.commit}/{run.codepipeline_execution_id}/{attempt}"
    return sagemaker.start_pipeline_execution(
        PipelineName=settings.pipeline_name,
        PipelineExecutionDisplayName=_display_name(run),
        PipelineParameters=[
            {"Name": "GitCommit", "Value": run.commit},
            {"Name": "CodePipelineExecutionId", "Value": run.codepipeline_execution_id},
        ],
        ClientRequestToken=hashlib.sha256(token.encode()).hexdigest(),
    )["PipelineExecutionArn"]


def wait(
    sagemaker: Any,
    arn: str,
    say: Callable[[str], None],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Tells of every step until the execution has succeeded; raises if it failed or was stopped."""
    told: dict[str, str] = {}
    while True:
        execution = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
        steps = _steps(sagemaker, arn)
        for step in steps:
            name, status = step["StepName"], step["StepStatus"]
            if told.get(name) != status:
                say(f"{name}: {status}")
            told[name] = status
        status = execution["PipelineExecutionStatus"]
        if status == "Succeeded":
            return
        if status in {"Failed", "Stopped"}:
            raise _ending(status, execution, steps)
        sleep(POLL_SECONDS)


def console_link(settings: Settings) -> str:
    """Where a person finds the pipeline: Studio has no address of its own for everybody."""
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


def _ending(status: str, execution: dict[str, Any], steps: list[dict[str, Any]]) -> TrainingError:
    culprits = [
        f"step {step['StepName']}: {step.get('FailureReason', step['StepStatus'])}"
        for step in steps
        if step["StepStatus"] in {"Failed", "Stopped"}
    ]
    reasons = culprits or [execution.get("FailureReason", "SageMaker gives no reason")]
    is_told = status == "Stopped" or any(step["StepStatus"] == "Failed" for step in steps)
    message = "\n- ".join([f"The training has ended as {status}:", *reasons])
    return TrainingError(message, TOLD_ALREADY if is_told else 1)
