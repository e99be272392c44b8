"""CodePipeline: executions that begin with the pipeline, are pinned to revisions, and end when they are told to."""

import json
from typing import Any

from moto.codepipeline import models
from moto.codepipeline.models import CodePipelineBackend, PipelineExecution
from moto.codepipeline.responses import CodePipelineResponse
from moto.core.exceptions import JsonRESTError
from moto.core.utils import unix_time, utcnow

REVISION_TYPES = ("COMMIT_ID", "IMAGE_DIGEST", "S3_OBJECT_VERSION_ID", "S3_OBJECT_KEY")
STATUSES = ("Cancelled", "InProgress", "Stopped", "Stopping", "Succeeded", "Superseded", "Failed")

moto_create_pipeline = CodePipelineBackend.create_pipeline
moto_to_dict = PipelineExecution.to_dict
moto_to_summary_dict = PipelineExecution.to_summary_dict


def close() -> None:
    # AWS answers dates as numbers; moto as text, which AWS's JavaScript SDK refuses.
    models.iso_8601_datetime_with_milliseconds = unix_time
    CodePipelineBackend.create_pipeline = create_pipeline
    PipelineExecution.to_dict = to_dict
    PipelineExecution.to_summary_dict = to_summary_dict
    CodePipelineResponse.start_pipeline_execution = start_pipeline_execution
    CodePipelineResponse.emulator_update_pipeline_execution = emulator_update_pipeline_execution


def create_pipeline(
    self: CodePipelineBackend, pipeline: dict[str, Any], tags: list[dict[str, str]]
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    # AWS starts a pipeline as soon as it is created; moto starts nothing.
    answer = moto_create_pipeline(self, pipeline, tags)
    begin(self, pipeline["name"], "CreatePipeline", None, [])
    return answer


def start_pipeline_execution(self: CodePipelineResponse) -> str:
    # AWS answers a repeated token with the execution that it started, and pins source actions to revisions;
    # moto starts another one, and drops the revisions.
    name = self._get_param("name")
    token = self._get_param("clientRequestToken")
    revisions = self._get_param("sourceRevisions") or []
    self.codepipeline_backend.get_pipeline(name)
    executions = self.codepipeline_backend.pipelines[name].executions.values()
    execution = next((one for one in executions if token and one.token == token), None)
    if execution is None:
        check_revisions(self.codepipeline_backend.pipelines[name].pipeline, revisions)
        execution = begin(
            self.codepipeline_backend,
            name,
            "StartPipelineExecution",
            self._get_param("variables"),
            [{"actionName": r["actionName"], "revisionId": r["revisionValue"]} for r in revisions],
        )
        execution.token = token
    return json.dumps({"pipelineExecutionId": execution.pipeline_execution_id})


def emulator_update_pipeline_execution(self: CodePipelineResponse) -> str:
    # AWS plays its executions itself and has no such operation: here a player says how far one got.
    execution = self.codepipeline_backend.get_pipeline_execution(
        self._get_param("pipelineName"), self._get_param("pipelineExecutionId")
    )
    status = self._get_param("status")
    if status is not None and status not in STATUSES:
        known = ", ".join(STATUSES)
        raise JsonRESTError("ValidationException", f"status must be one of {known}, got {status}")
    execution.status = status or execution.status
    execution.status_summary = self._get_param("statusSummary") or execution.status_summary
    execution.source_revisions = self._get_param("sourceRevisions") or execution.source_revisions
    execution.last_update_time = utcnow()
    return json.dumps({"pipelineExecution": execution.to_dict()})


def to_dict(self: PipelineExecution) -> dict[str, Any]:
    # AWS tells which revision each source action took, and what started the execution; moto neither.
    artifacts = [
        {"name": self.artifacts.get(one["actionName"], ""), "revisionId": one["revisionId"]}
        for one in self.source_revisions
    ]
    return moto_to_dict(self) | {"artifactRevisions": artifacts, "trigger": self.trigger}


def to_summary_dict(self: PipelineExecution) -> dict[str, Any]:
    # See to_dict.
    facts = {"sourceRevisions": self.source_revisions, "trigger": self.trigger}
    return moto_to_summary_dict(self) | facts


def begin(
    backend: CodePipelineBackend,
    name: str,
    trigger: str,
    variables: list[dict[str, str]] | None,
    revisions: list[dict[str, str]],
) -> PipelineExecution:
    pipeline = backend.pipelines[name]
    execution = PipelineExecution(name, pipeline.pipeline["version"], variables)
    # AWS's executions take their time; moto's have succeeded at once.
    execution.status = "InProgress"
    execution.source_revisions = revisions
    execution.trigger = {"triggerType": trigger, "triggerDetail": ""}
    execution.token = None
    execution.artifacts = {
        action["name"]: artifact["name"]
        for action in source_actions(pipeline.pipeline)
        for artifact in action["outputArtifacts"]
    }
    pipeline.executions[execution.pipeline_execution_id] = execution
    return execution


def check_revisions(pipeline: dict[str, Any], revisions: list[dict[str, str]]) -> None:
    names = [action["name"] for action in source_actions(pipeline)]
    for revision in revisions:
        if revision["actionName"] not in names or revision["revisionType"] not in REVISION_TYPES:
            raise JsonRESTError(
                "ValidationException",
                f"sourceRevisions must name a source action and a type, got {json.dumps(revision)}",
            )


def source_actions(pipeline: dict[str, Any]) -> list[dict[str, Any]]:
    actions = [action for stage in pipeline["stages"] for action in stage["actions"]]
    return [action for action in actions if action["actionTypeId"]["category"] == "Source"]
