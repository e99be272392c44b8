"""CodePipeline: what becomes of an execution's actions, and of the approvals among them.

Whoever plays the service for a rehearsal tells the emulator how far an action is. AWS has no such
operation; here it is `CodePipeline_20150709.EmulatorPlayAction`. The other ones are AWS's own.
"""

import json
from typing import Any
from uuid import uuid4

from moto.codepipeline.models import PipelineExecution
from moto.codepipeline.responses import CodePipelineResponse
from moto.core.exceptions import JsonRESTError
from moto.core.utils import unix_time, utcnow

from . import callers
from .codepipeline import stage_status

STATUSES = ("InProgress", "Abandoned", "Succeeded", "Failed")
# What a player may add of what AWS tells of an action.
TOLD = ("summary", "externalExecutionId", "externalExecutionUrl", "outputVariables", "errorDetails")


def close() -> None:
    CodePipelineResponse.emulator_play_action = emulator_play_action
    CodePipelineResponse.get_pipeline_state = get_pipeline_state
    CodePipelineResponse.list_action_executions = list_action_executions
    CodePipelineResponse.put_approval_result = put_approval_result


def emulator_play_action(self: CodePipelineResponse) -> str:
    """Begins or ends an action of an execution, or only tells how far it is."""
    execution = self.codepipeline_backend.get_pipeline_execution(
        self._get_param("pipelineName"), self._get_param("pipelineExecutionId")
    )
    _, declared = declared_action(self)
    status = self._get_param("status")
    if status is not None and status not in STATUSES:
        raise JsonRESTError("ValidationException", f"status must be one of {', '.join(STATUSES)}")
    action = latest_of(execution, self._get_param("stageName"), declared["name"])
    if status == "InProgress" or (status is not None and action is None):
        action = begun(self, execution, declared)
    if action is None:
        raise JsonRESTError("ValidationException", f"{declared['name']} has not started.")
    if status is not None:
        action.update(status=status, lastStatusChange=utcnow())
        action.update({k: self._get_param(k) for k in TOLD if self._get_param(k) is not None})
    return json.dumps({"actionExecution": action}, default=unix_time)


def begun(
    response: CodePipelineResponse, execution: PipelineExecution, declared: dict[str, Any]
) -> dict[str, Any]:
    now = utcnow()
    action = {
        "pipelineExecutionId": execution.pipeline_execution_id,
        "actionExecutionId": str(uuid4()),
        "stageName": response._get_param("stageName"),
        "actionName": declared["name"],
        "status": "InProgress",
        "startTime": now,
        "lastStatusChange": now,
    }
    # Who approves shows by the token which decision he means.
    if declared["actionTypeId"]["category"] == "Approval":
        action["token"] = str(uuid4())
    execution.actions.append(action)
    return action


def put_approval_result(self: CodePipelineResponse) -> str:
    # AWS ends the approval as it is told to; moto has no PutApprovalResult.
    pipeline, declared = declared_action(self)
    result, token = self._get_param("result"), self._get_param("token")
    action = next((one for one in played(pipeline) if one.get("token") == token), None)
    place = (self._get_param("stageName"), declared["name"])
    if action is None or (action["stageName"], action["actionName"]) != place:
        raise JsonRESTError("InvalidApprovalTokenException", "The approval token is not valid.")
    if action["status"] != "InProgress":
        raise JsonRESTError("ApprovalAlreadyCompletedException", "The approval is already completed.")
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
    # AWS tells of each stage and action what the last execution did there; moto has no GetPipelineState.
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
    # The one that began there last.
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
    told = {key: value for key, value in known[-1].items() if key in ACTION_EXECUTION}
    # A decision that is made has no token any more.
    if told["status"] != "InProgress":
        told.pop("token", None)
    return {"actionName": action["name"], "latestExecution": told}


def list_action_executions(self: CodePipelineResponse) -> str:
    # AWS lists what was done, the newest first; moto has no ListActionExecutions.
    name = self._get_param("pipelineName")
    self.codepipeline_backend.get_pipeline(name)
    pipeline = self.codepipeline_backend.pipelines[name]
    wanted = (self._get_param("filter") or {}).get("pipelineExecutionId")
    found = [
        detail_of(pipeline.executions[one["pipelineExecutionId"]], one)
        for one in sorted(played(pipeline), key=lambda one: one["startTime"], reverse=True)
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


def played(pipeline: Any) -> list[dict[str, Any]]:
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
