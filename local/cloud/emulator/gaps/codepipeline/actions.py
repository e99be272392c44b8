"""Actions of an execution of AWS CodePipeline, and manual approvals."""

import json
from typing import Any

from moto.codepipeline.models import PipelineExecution
from moto.codepipeline.responses import CodePipelineResponse
from moto.core.exceptions import JsonRESTError
from moto.core.utils import unix_time, utcnow

from .. import callers
from .executions import stage_status


def close() -> None:
    CodePipelineResponse.get_pipeline_state = get_pipeline_state
    CodePipelineResponse.list_action_executions = list_action_executions
    CodePipelineResponse.put_approval_result = put_approval_result


def put_approval_result(self: CodePipelineResponse) -> str:
    # AWS ends the approval with this result; moto has no PutApprovalResult.
    pipeline, declared = declared_action(self)
    result, token = self._get_param("result"), self._get_param("token")
    action = next((one for one in action_executions(pipeline) if one.get("token") == token), None)
    place = (self._get_param("stageName"), declared["name"])
    if action is None or (action["stageName"], action["actionName"]) != place:
        raise JsonRESTError("InvalidApprovalTokenException", "The approval token is not valid.")
    if action["status"] != "InProgress":
        raise JsonRESTError("ApprovalAlreadyCompletedException", "The approval is completed.")
    if result["status"] not in ("Approved", "Rejected") or len(result["summary"]) > 512:
        raise JsonRESTError("ValidationException", f"{json.dumps(result)} is not a result")
    session = callers.session()
    action.update(
        status="Succeeded" if result["status"] == "Approved" else "Failed",
        summary=result["summary"],
        lastUpdatedBy=callers.owner() if session is None else session.arn,
        lastStatusChange=utcnow(),
    )
    return json.dumps({"approvedAt": unix_time(action["lastStatusChange"])})


def get_pipeline_state(self: CodePipelineResponse) -> str:
    # AWS answers the last execution of each stage and action; moto has no GetPipelineState.
    name = self._get_param("name")
    pipeline, metadata = self.codepipeline_backend.get_pipeline(name)
    executions = list(self.codepipeline_backend.pipelines[name].executions.values())
    state = {
        "pipelineName": name,
        "pipelineVersion": pipeline["version"],
        "stageStates": [stage_state(stage, executions) for stage in pipeline["stages"]],
        "created": metadata["created"],
        "updated": metadata["updated"],
    }
    return json.dumps(state, default=unix_time)


def stage_state(stage: dict[str, Any], executions: list[PipelineExecution]) -> dict[str, Any]:
    there = [one for one in executions if stage_status(stage, one) is not None]
    state: dict[str, Any] = {
        "stageName": stage["name"],
        "inboundTransitionState": {"enabled": True},
        "actionStates": [action_state(stage, action, there) for action in stage["actions"]],
    }
    there.sort(key=lambda one: latest_of(one, stage["name"])["startTime"])
    if there:
        state["latestExecution"] = {
            "pipelineExecutionId": there[-1].pipeline_execution_id,
            "status": stage_status(stage, there[-1]),
        }
    return state


ACTION_EXECUTION = (
    "actionExecutionId",
    "status",
    "summary",
    "lastStatusChange",
    "token",
    "lastUpdatedBy",
    "externalExecutionId",
    "externalExecutionUrl",
    "errorDetails",
)


def action_state(
    stage: dict[str, Any], action: dict[str, Any], executions: list[PipelineExecution]
) -> dict[str, Any]:
    found = [latest_of(one, stage["name"], action["name"]) for one in executions]
    known = sorted((one for one in found if one is not None), key=lambda one: one["startTime"])
    if not known or known[-1].get("retried"):
        return {"actionName": action["name"]}
    latest = {key: value for key, value in known[-1].items() if key in ACTION_EXECUTION}
    # A completed approval has no token.
    if latest["status"] != "InProgress":
        latest.pop("token", None)
    return {"actionName": action["name"], "latestExecution": latest}


def list_action_executions(self: CodePipelineResponse) -> str:
    # AWS lists the newest action first; moto has no ListActionExecutions.
    name = self._get_param("pipelineName")
    self.codepipeline_backend.get_pipeline(name)
    pipeline = self.codepipeline_backend.pipelines[name]
    wanted = (self._get_param("filter") or {}).get("pipelineExecutionId")
    found = [
        detail_of(pipeline.executions[one["pipelineExecutionId"]], one)
        for one in sorted(
            action_executions(pipeline), key=lambda one: one["startTime"], reverse=True
        )
        if wanted in (None, one["pipelineExecutionId"])
    ]
    return json.dumps({"actionExecutionDetails": found}, default=unix_time)


def detail_of(execution: PipelineExecution, action: dict[str, Any]) -> dict[str, Any]:
    names = {
        "externalExecutionId": "externalExecutionId",
        "externalExecutionSummary": "summary",
        "externalExecutionUrl": "externalExecutionUrl",
        "errorDetails": "errorDetails",
    }
    result = {name: action[key] for name, key in names.items() if key in action}
    kept = ("pipelineExecutionId", "actionExecutionId", "stageName", "actionName", "startTime")
    detail = {key: action[key] for key in (*kept, "status")} | {
        "pipelineVersion": execution.pipeline_version,
        "lastUpdateTime": action["lastStatusChange"],
        "output": {
            "executionResult": result,
            "outputVariables": action.get("outputVariables", {}),
        },
    }
    if "lastUpdatedBy" in action:
        detail["updatedBy"] = action["lastUpdatedBy"]
    return detail


def declared_action(response: CodePipelineResponse) -> tuple[Any, dict[str, Any]]:
    """The pipeline that the request names, and the action as it is declared there."""
    name = response._get_param("pipelineName")
    response.codepipeline_backend.get_pipeline(name)
    pipeline = response.codepipeline_backend.pipelines[name]
    stage_name, action_name = response._get_param("stageName"), response._get_param("actionName")
    for stage in pipeline.pipeline["stages"]:
        if stage["name"] == stage_name:
            for action in stage["actions"]:
                if action["name"] == action_name:
                    return pipeline, action
            raise JsonRESTError("ActionNotFoundException", f"{stage_name} has no {action_name}")
    raise JsonRESTError("StageNotFoundException", f"{name} has no stage {stage_name}")


def action_executions(pipeline: Any) -> list[dict[str, Any]]:
    return [action for one in pipeline.executions.values() for action in one.actions]


def latest_of(
    execution: PipelineExecution, stage_name: str, action_name: str | None = None
) -> dict[str, Any] | None:
    found = [
        one
        for one in execution.actions
        if one["stageName"] == stage_name and action_name in (None, one["actionName"])
    ]
    return found[-1] if found else None
