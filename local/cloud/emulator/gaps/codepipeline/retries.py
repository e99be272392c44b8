"""Retries of a failed stage of AWS CodePipeline.

https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_RetryStageExecution.html
"""

import json

from moto.codepipeline.responses import CodePipelineResponse
from moto.core.exceptions import JsonRESTError
from moto.core.utils import utcnow

from .actions import latest_of
from .executions import stage_status

MODES = ("FAILED_ACTIONS", "ALL_ACTIONS")


def close() -> None:
    CodePipelineResponse.retry_stage_execution = retry_stage_execution


def retry_stage_execution(self: CodePipelineResponse) -> str:
    """The execution is in progress again, from the actions that failed or from all of the stage."""
    name, stage_name = self._get_param("pipelineName"), self._get_param("stageName")
    backend, mode = self.codepipeline_backend, self._get_param("retryMode")
    execution = backend.get_pipeline_execution(name, self._get_param("pipelineExecutionId"))
    if mode not in MODES:
        raise JsonRESTError("ValidationException", f"retryMode must be one of {', '.join(MODES)}")
    pipeline = backend.pipelines[name]
    stage = next((one for one in pipeline.pipeline["stages"] if one["name"] == stage_name), None)
    if stage is None:
        raise JsonRESTError("StageNotFoundException", f"{name} has no stage {stage_name}")
    there = [one for one in pipeline.executions.values() if latest_of(one, stage_name)]
    there.sort(key=lambda one: latest_of(one, stage_name)["startTime"])
    if there and there[-1] is not execution:
        raise JsonRESTError(
            "NotLatestPipelineExecutionException",
            f"The stage {stage_name} has a later execution, {there[-1].pipeline_execution_id}.",
        )
    has_changed = execution.pipeline_version != pipeline.pipeline["version"]
    if has_changed or execution.status != "Failed" or stage_status(stage, execution) != "Failed":
        raise JsonRESTError(
            "StageNotRetryableException",
            f"The stage {stage_name} of the execution did not fail, or the pipeline has changed.",
        )
    for action in execution.actions:
        if action["stageName"] == stage_name and (
            mode == "ALL_ACTIONS" or action["status"] == "Failed"
        ):
            action["retried"] = True
    execution.status = "InProgress"
    execution.last_update_time = utcnow()
    return json.dumps({"pipelineExecutionId": execution.pipeline_execution_id})
