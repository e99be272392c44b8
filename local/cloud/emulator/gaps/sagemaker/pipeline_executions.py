"""Executions of SageMaker Pipelines: parameters, steps, idempotent start, stop and lists."""

import json
import threading
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.sagemaker import models, utils
from moto.sagemaker.exceptions import ConflictException, ResourceNotFound, ValidationError
from moto.sagemaker.models import FakePipeline, FakePipelineExecution, SageMakerModelBackend
from moto.sagemaker.responses import SageMakerResponse

from .pipelines import pipeline_named
from .requests import page

moto_start_pipeline_execution = SageMakerModelBackend.start_pipeline_execution
moto_describe_pipeline_execution = SageMakerModelBackend.describe_pipeline_execution

ENDED = ("Stopped", "Failed", "Succeeded")
# Parameters of StartPipelineExecution that local/services does not simulate.
NOT_SUPPORTED = ("SelectiveExecutionConfig", "PipelineVersionId", "PipelineVersionAlias", "RoleArn")
starting = threading.Lock()


def close() -> None:
    for module in (models, utils):
        module.get_pipeline_execution_from_arn = execution_of
    SageMakerModelBackend.describe_pipeline_execution = describe_pipeline_execution
    SageMakerResponse.start_pipeline_execution = start_pipeline_execution
    SageMakerResponse.stop_pipeline_execution = stop_pipeline_execution
    SageMakerResponse.list_pipeline_executions = list_pipeline_executions
    SageMakerResponse.list_pipeline_execution_steps = list_pipeline_execution_steps


def execution_of(
    pipelines: dict[str, FakePipeline], pipeline_execution_arn: str
) -> FakePipelineExecution:
    # AWS answers ResourceNotFound; moto ValidationException.
    for pipeline in pipelines.values():
        if pipeline_execution_arn in pipeline.pipeline_executions:
            return pipeline.pipeline_executions[pipeline_execution_arn]
    raise ResourceNotFound(f"Pipeline execution '{pipeline_execution_arn}' does not exist.")


def start_pipeline_execution(self: SageMakerResponse) -> ActionResult:
    # AWS starts one execution per token, and checks its parameters; moto starts another one for
    # each request, which has Succeeded at once, with any parameters.
    for field in NOT_SUPPORTED:
        if self._get_param(field) is not None:
            raise ValidationError(f"{field} is not supported by this emulator.")
    backend = self.sagemaker_backend
    pipeline = pipeline_named(backend.pipelines, self._get_param("PipelineName"))
    token = self._get_param("ClientRequestToken")
    with starting:
        for known in pipeline.pipeline_executions.values():
            if token and known.client_request_token == token:
                return ActionResult({"PipelineExecutionArn": known.arn})
        answer = moto_start_pipeline_execution(
            backend,
            pipeline_name=pipeline.pipeline_name,
            pipeline_execution_display_name=self._get_param("PipelineExecutionDisplayName"),
            pipeline_parameters=filled_parameters(pipeline, self._get_param("PipelineParameters")),
            pipeline_execution_description=self._get_param("PipelineExecutionDescription"),
            parallelism_configuration=self._get_param("ParallelismConfiguration"),
            client_request_token=token,
        )
        execution = pipeline.pipeline_executions[answer["PipelineExecutionArn"]]
        execution.pipeline_execution_status = "Executing"
        execution.steps = {}
    return ActionResult(answer)


def filled_parameters(
    pipeline: FakePipeline, given: list[dict[str, str]] | None
) -> list[dict[str, str]]:
    # AWS rejects parameters that the definition lacks, and lists omitted ones with their default.
    declared = json.loads(pipeline.pipeline_definition).get("Parameters") or []
    values = {one["Name"]: one["Value"] for one in given or []}
    unknown = sorted(values.keys() - {one["Name"] for one in declared})
    if unknown:
        raise ValidationError(f"Unknown pipeline parameters: [{', '.join(unknown)}]")
    without = [
        one["Name"] for one in declared if one["Name"] not in values and "DefaultValue" not in one
    ]
    if without:
        raise ValidationError(f"Missing values for pipeline parameters: [{', '.join(without)}]")
    return [
        {"Name": one["Name"], "Value": values.get(one["Name"], as_text(one.get("DefaultValue")))}
        for one in declared
    ]


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def stop_pipeline_execution(self: SageMakerResponse) -> ActionResult:
    # AWS stops the running step first; moto has no StopPipelineExecution.
    arn = self._get_param("PipelineExecutionArn")
    execution = execution_of(self.sagemaker_backend.pipelines, arn)
    if execution.pipeline_execution_status in ENDED:
        raise ConflictException(
            f"Pipeline execution {arn} is {execution.pipeline_execution_status}. "
            "Only pipelines with 'Executing' status can be stopped."
        )
    set_status(execution, "Stopping")
    return ActionResult({"PipelineExecutionArn": arn})


def describe_pipeline_execution(
    self: SageMakerModelBackend, pipeline_execution_arn: str
) -> dict[str, Any]:
    # AWS answers FailureReason, and omits fields that are not set; moto always answers "".
    execution = execution_of(self.pipelines, pipeline_execution_arn)
    answer = moto_describe_pipeline_execution(self, pipeline_execution_arn)
    answer["FailureReason"] = execution.pipeline_execution_failure_reason
    return {key: value for key, value in answer.items() if value not in (None, {})}


def list_pipeline_executions(self: SageMakerResponse) -> ActionResult:
    # AWS filters, sorts (newest first) and pages; moto lists all, with the failure reason "None".
    pipeline = pipeline_named(self.sagemaker_backend.pipelines, self._get_param("PipelineName"))
    after, before = self._get_param("CreatedAfter"), self._get_param("CreatedBefore")
    found = [
        one
        for one in pipeline.pipeline_executions.values()
        if (after is None or one.creation_time > naive(after))
        and (before is None or one.creation_time < naive(before))
    ]
    by_arn = self._get_param("SortBy") == "PipelineExecutionArn"
    found.sort(
        key=lambda one: one.arn if by_arn else one.creation_time,
        reverse=self._get_param("SortOrder", "Descending") == "Descending",
    )
    return page(self, "PipelineExecutionSummaries", [summary(one) for one in found])


def naive(moment: Any) -> Any:
    return moment.replace(tzinfo=None)


def summary(execution: FakePipelineExecution) -> dict[str, Any]:
    answer = {
        "PipelineExecutionArn": execution.arn,
        "StartTime": execution.start_time,
        "PipelineExecutionStatus": execution.pipeline_execution_status,
        "PipelineExecutionDescription": execution.pipeline_execution_description,
        "PipelineExecutionDisplayName": execution.pipeline_execution_display_name,
        "PipelineExecutionFailureReason": execution.pipeline_execution_failure_reason,
    }
    return {key: value for key, value in answer.items() if value is not None}


def list_pipeline_execution_steps(self: SageMakerResponse) -> ActionResult:
    # AWS lists the steps that have begun, the newest first; moto has no ListPipelineExecutionSteps.
    arn = self._get_param("PipelineExecutionArn")
    steps = list(execution_of(self.sagemaker_backend.pipelines, arn).steps.values())
    if self._get_param("SortOrder", "Descending") == "Descending":
        steps.reverse()
    return page(self, "PipelineExecutionSteps", steps)


def set_status(execution: FakePipelineExecution, status: str) -> None:
    execution.pipeline_execution_status = status
    execution.last_modified_time = utcnow()
