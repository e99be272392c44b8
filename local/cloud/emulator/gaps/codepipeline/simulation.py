"""Operations of the emulator itself, which AWS does not have; not for upstream.

CodePipeline runs executions itself. Here `local/services` simulates it, and reports progress with
`CodePipeline_20150709.EmulatorUpdatePipelineExecution`, `.EmulatorPlayAction` and
`.EmulatorStartRollback`.
"""

import json
from typing import Any
from uuid import uuid4

from moto.codepipeline.models import PipelineExecution
from moto.codepipeline.responses import CodePipelineResponse
from moto.core.exceptions import JsonRESTError
from moto.core.utils import unix_time, utcnow

from .actions import declared_action, latest_of
from .executions import UNDER_WAY, begin, stage_status

STATUSES = ("Cancelled", "InProgress", "Stopped", "Stopping", "Succeeded", "Superseded", "Failed")
ACTION_STATUSES = ("InProgress", "Abandoned", "Succeeded", "Failed")
# Results of an action that the simulation may report.
RESULTS = (
    "summary",
    "externalExecutionId",
    "externalExecutionUrl",
    "outputVariables",
    "errorDetails",
)
TRIGGERS = (
    "CreatePipeline",
    "StartPipelineExecution",
    "PollForSourceChanges",
    "Webhook",
    "CloudWatchEvent",
    "PutActionRevision",
    "WebhookV2",
    "ManualRollback",
    "AutomatedRollback",
)


def close() -> None:
    CodePipelineResponse.emulator_play_action = emulator_play_action
    CodePipelineResponse.emulator_start_rollback = emulator_start_rollback
    CodePipelineResponse.emulator_update_pipeline_execution = emulator_update_pipeline_execution


def emulator_update_pipeline_execution(self: CodePipelineResponse) -> str:
    """Sets the status, trigger and source revisions of an execution."""
    execution = self.codepipeline_backend.get_pipeline_execution(
        self._get_param("pipelineName"), self._get_param("pipelineExecutionId")
    )
    status = self._get_param("status") or execution.status
    if status not in STATUSES:
        known = ", ".join(STATUSES)
        raise JsonRESTError("ValidationException", f"status must be one of {known}, got {status}")
    if execution.status not in UNDER_WAY and status != execution.status:
        raise JsonRESTError("ValidationException", f"The execution is {execution.status} already.")
    trigger = self._get_param("trigger") or execution.trigger
    if trigger["triggerType"] not in TRIGGERS:
        known = ", ".join(TRIGGERS)
        raise JsonRESTError("ValidationException", f"triggerType must be one of {known}")
    execution.status = status
    execution.status_summary = self._get_param("statusSummary") or execution.status_summary
    execution.source_revisions = self._get_param("sourceRevisions") or execution.source_revisions
    execution.trigger = trigger
    execution.last_update_time = utcnow()
    return json.dumps({"pipelineExecution": execution.to_dict()})


def emulator_start_rollback(self: CodePipelineResponse) -> str:
    """Starts the automatic rollback of a failed stage to an execution that succeeded there."""
    backend, name = self.codepipeline_backend, self._get_param("pipelineName")
    stage_name = self._get_param("stageName")
    failed = backend.get_pipeline_execution(name, self._get_param("pipelineExecutionId"))
    target = backend.get_pipeline_execution(name, self._get_param("targetPipelineExecutionId"))
    pipeline = backend.pipelines[name].pipeline
    stage = next((one for one in pipeline["stages"] if one["name"] == stage_name), None)
    if stage is None:
        raise JsonRESTError("StageNotFoundException", f"{name} has no stage {stage_name}")
    if stage_status(stage, target) != "Succeeded":
        raise JsonRESTError(
            "UnableToRollbackStageException", f"The target did not succeed in {stage_name}."
        )
    if target.pipeline_version != pipeline["version"]:
        raise JsonRESTError(
            "PipelineExecutionOutdatedException", "The target ran another version of the pipeline."
        )
    execution = begin(backend, name, "AutomatedRollback", target.variables, target.source_revisions)
    execution.trigger["triggerDetail"] = failed.pipeline_execution_id
    execution.rollback_target = target.pipeline_execution_id
    return json.dumps({"pipelineExecutionId": execution.pipeline_execution_id})


def emulator_play_action(self: CodePipelineResponse) -> str:
    """Starts or ends an action of an execution, and answers its state."""
    execution = self.codepipeline_backend.get_pipeline_execution(
        self._get_param("pipelineName"), self._get_param("pipelineExecutionId")
    )
    _, declared = declared_action(self)
    status = self._get_param("status")
    if status is not None and status not in ACTION_STATUSES:
        known = ", ".join(ACTION_STATUSES)
        raise JsonRESTError("ValidationException", f"status must be one of {known}")
    action = latest_of(execution, self._get_param("stageName"), declared["name"])
    if status == "InProgress" or (status is not None and action is None):
        action = begun(self, execution, declared)
    if action is None:
        raise JsonRESTError("ValidationException", f"{declared['name']} has not started.")
    if status is not None:
        action.update(status=status, lastStatusChange=utcnow())
        action.update({k: self._get_param(k) for k in RESULTS if self._get_param(k) is not None})
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
    # PutApprovalResult names the approval by this token.
    if declared["actionTypeId"]["category"] == "Approval":
        action["token"] = str(uuid4())
    execution.actions.append(action)
    return action
