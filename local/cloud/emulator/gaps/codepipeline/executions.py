"""Executions of AWS CodePipeline: start, variables, source revisions, stop and trigger."""

import json
from typing import Any

from moto.codepipeline import models
from moto.codepipeline.models import CodePipelineBackend, PipelineExecution
from moto.codepipeline.responses import CodePipelineResponse
from moto.core.exceptions import JsonRESTError
from moto.core.utils import unix_time, utcnow

from .. import callers
from .structure import check_structure

REVISION_TYPES = ("COMMIT_ID", "IMAGE_DIGEST", "S3_OBJECT_VERSION_ID", "S3_OBJECT_KEY")
UNDER_WAY = ("InProgress", "Stopping")

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
    CodePipelineResponse.stop_pipeline_execution = stop_pipeline_execution


def create_pipeline(
    self: CodePipelineBackend, pipeline: dict[str, Any], tags: list[dict[str, str]]
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    # AWS starts a pipeline as soon as it is created; moto starts nothing.
    check_structure(pipeline)
    answer = moto_create_pipeline(self, pipeline, tags)
    begin(self, pipeline["name"], "CreatePipeline", [], [])
    return answer


def start_pipeline_execution(self: CodePipelineResponse) -> str:
    # AWS answers the same execution for a repeated token, pins source actions to revisions, and
    # checks variables; moto starts another execution, drops the revisions, and checks nothing.
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
            trigger_type(),
            self._get_param("variables") or [],
            [{"actionName": r["actionName"], "revisionId": r["revisionValue"]} for r in revisions],
        )
        execution.token = token
    return json.dumps({"pipelineExecutionId": execution.pipeline_execution_id})


def trigger_type() -> str:
    # A rule of EventBridge starts the pipeline in a session named after the service.
    session = callers.session()
    by_rule = session is not None and session.session_name.startswith("events-")
    return "CloudWatchEvent" if by_rule else "StartPipelineExecution"


def stop_pipeline_execution(self: CodePipelineResponse) -> str:
    # AWS ends or abandons actions in progress; moto has no StopPipelineExecution.
    execution = self.codepipeline_backend.get_pipeline_execution(
        self._get_param("pipelineName"), self._get_param("pipelineExecutionId")
    )
    abandon, reason = self._get_param("abandon"), self._get_param("reason")
    if len(reason or "") > 200:
        raise JsonRESTError("ValidationException", "reason must have at most 200 characters")
    if execution.status not in UNDER_WAY:
        raise JsonRESTError(
            "PipelineExecutionNotStoppableException", f"The execution is {execution.status}."
        )
    if execution.status == "Stopping" and not abandon:
        raise JsonRESTError("DuplicatedStopRequestException", "The execution is Stopping already.")
    execution.status = "Stopped" if abandon else "Stopping"
    execution.status_summary = reason
    execution.last_update_time = utcnow()
    for action in execution.actions:
        if abandon and action["status"] == "InProgress":
            action.update(status="Abandoned", lastStatusChange=utcnow())
    return json.dumps({"pipelineExecutionId": execution.pipeline_execution_id})


def stage_status(stage: dict[str, Any], execution: PipelineExecution) -> str | None:
    """Status of the execution in the stage; None if it has not reached the stage."""
    there = [one for one in execution.actions if one["stageName"] == stage["name"]]
    if not there:
        return None
    latest = {one["actionName"]: one for one in there if not one.get("retried")}
    statuses = {one["status"] for one in latest.values()}
    if "Failed" in statuses:
        return "Failed"
    if execution.status in ("Stopped", "Stopping"):
        return execution.status
    complete = len(latest) == len(stage["actions"]) and statuses == {"Succeeded"}
    return "Succeeded" if complete else "InProgress"


def to_dict(self: PipelineExecution) -> dict[str, Any]:
    # AWS answers source revisions and trigger; moto no revisions, and always the same trigger.
    artifacts = [
        {"name": self.artifacts.get(one["actionName"], ""), "revisionId": one["revisionId"]}
        for one in self.source_revisions
    ]
    return moto_to_dict(self) | {"artifactRevisions": artifacts} | facts_of(self)


def to_summary_dict(self: PipelineExecution) -> dict[str, Any]:
    # See to_dict.
    stopped = self.status in ("Stopped", "Stopping")
    stop = {"stopTrigger": {"reason": self.status_summary}} if stopped else {}
    revisions = {"sourceRevisions": self.source_revisions}
    return moto_to_summary_dict(self) | revisions | facts_of(self) | stop


def facts_of(execution: PipelineExecution) -> dict[str, Any]:
    target = execution.rollback_target
    kind = "STANDARD" if target is None else "ROLLBACK"
    facts = {"executionMode": execution.mode, "executionType": kind, "trigger": execution.trigger}
    if target is None:
        return facts
    return facts | {"rollbackMetadata": {"rollbackTargetPipelineExecutionId": target}}


def begin(
    backend: CodePipelineBackend,
    name: str,
    trigger: str,
    variables: list[dict[str, str]],
    revisions: list[dict[str, str]],
) -> PipelineExecution:
    pipeline = backend.pipelines[name]
    resolved = resolved_variables(pipeline.pipeline, variables, trigger)
    execution = PipelineExecution(name, pipeline.pipeline["version"], resolved)
    # An execution of AWS takes time; moto's has succeeded at once.
    execution.status = "InProgress"
    execution.mode = pipeline.pipeline.get("executionMode", "SUPERSEDED")
    execution.source_revisions = revisions
    execution.trigger = {"triggerType": trigger, "triggerDetail": ""}
    execution.token = None
    execution.rollback_target = None
    # Executions of actions, in the order of their starts.
    execution.actions = []
    execution.artifacts = {
        action["name"]: artifact["name"]
        for action in source_actions(pipeline.pipeline)
        for artifact in action["outputArtifacts"]
    }
    pipeline.executions[execution.pipeline_execution_id] = execution
    return execution


def resolved_variables(
    pipeline: dict[str, Any], given: list[dict[str, str]], trigger: str
) -> list[dict[str, str]]:
    # AWS rejects undeclared and empty variables, and fills in the defaults of omitted ones.
    values = {one["name"]: one["value"] for one in given}
    declared = {one["name"]: one.get("defaultValue") for one in pipeline.get("variables") or []}
    for name, value in values.items():
        if name not in declared or value == "":
            raise JsonRESTError(
                "ValidationException", f"variable {name} is not declared, or its value is empty"
            )
    resolved = {name: values.get(name, default) for name, default in declared.items()}
    missing = [name for name, value in resolved.items() if value is None]
    if missing and trigger != "CreatePipeline":
        raise JsonRESTError("ValidationException", f"variables without a value: {missing}")
    return [{"name": name, "value": value} for name, value in resolved.items() if value is not None]


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
