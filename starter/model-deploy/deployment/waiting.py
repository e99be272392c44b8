"""Stage Queue: records a decision on a version, and reports a version that waits for another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from deployment.api import Aws, create_clients, say
from deployment.environment import QueueEnvironment, read_queue_environment
from deployment.executions import (
    EXPIRE_STAGING,
    execution_version,
    other_executions,
    own_execution,
    stop_execution,
)
from deployment.life_cycle import record_decision
from deployment.registry import ModelVersion, model_version
from deployment.staging_expiry import cancel_deletion, has_staging, renew_deletion

# Names of the pipeline, as the stack has them.
APPROVAL_STAGE = "DeployStaging"
APPROVAL_ACTION = "ApproveDeployment"


def report_queue(variables: Mapping[str, str]) -> int:
    """Publishes at most one notification; returns the exit status."""
    environment = read_queue_environment(variables)
    aws = create_clients(environment.region)
    arn, _ = own_execution(aws, environment)
    if arn == EXPIRE_STAGING:
        return _expire_staging(aws, environment)
    version = _version(aws, environment, arn)
    if version is not None:
        record_decision(aws, version)
    pending = _pending_approval(aws, environment)
    if pending in ("", arn):
        say("No deployment of another version is pending approval.")
        return 0
    if version is None:
        say(f'Nothing to report: "{arn}" is no model version of this project.')
        return 0
    message = _message(environment, version, pending)
    aws.sns.publish(TopicArn=environment.notification_topic_arn, Message=message)
    say(f"Notification:\n{message}")
    return 0


def _expire_staging(aws: Aws, environment: QueueEnvironment) -> int:
    """Staging failed, or its approval was rejected or timed out: it is not needed any more."""
    others = other_executions(aws, environment)
    if others:
        reason = f"execution {others[0].id} is in progress, and schedules it"
    elif renew_deletion(aws, environment):
        reason = "scheduled"
    else:
        # Without an endpoint, the schedule would fail.
        if not has_staging(aws, environment):
            cancel_deletion(aws, environment)
        reason = "there is no endpoint of this project, or it has no schedule"
    # Before the stage of staging: its failed execution can still be retried.
    stop_execution(aws, environment, f"deletion of staging: {reason}")
    say(f"Deletion of {environment.staging_endpoint_name}: {reason}.")
    return 0


def _pending_approval(aws: Aws, environment: QueueEnvironment) -> str:
    """Model version of the execution that waits for its approval; empty if none does."""
    state = aws.codepipeline.get_pipeline_state(name=environment.pipeline_name)
    stage = _named(state["stageStates"], "stageName", APPROVAL_STAGE)
    action = _named(stage.get("actionStates", []), "actionName", APPROVAL_ACTION)
    if action.get("latestExecution", {}).get("status") != "InProgress":
        return ""
    execution_id = stage["latestExecution"]["pipelineExecutionId"]
    if execution_id == environment.execution_id:
        return ""
    return execution_version(aws, environment, execution_id)


def _named(states: list[dict[str, Any]], key: str, name: str) -> dict[str, Any]:
    return next((it for it in states if it[key] == name), {})


def _version(aws: Aws, environment: QueueEnvironment, arn: str) -> ModelVersion | None:
    """Version of the execution; None if it is none of this project."""
    is_version = re.fullmatch(rf"{re.escape(environment.versions_prefix)}[1-9]\d*", arn)
    return model_version(aws, arn) if is_version else None


def _message(environment: QueueEnvironment, version: ModelVersion, pending: str) -> str:
    """Text of the notification."""
    project = f"{environment.project_name} ({environment.project_id})"
    decided = "rejected" if version.approval == "Rejected" else "approved"
    number = pending.removeprefix(environment.versions_prefix)
    lines = [
        f"Version {version.number} of {project} is {decided}, "
        f"and the deployment of version {number} is pending approval.",
        f"What: the deployments run one after the other, so that of version {version.number} "
        f"waits until version {number} is approved or rejected, or its approval times out.",
        f"Next: read the test results of version {number} in the approval, "
        "then approve or reject it.",
        f"Link: {environment.pipeline_url}",
    ]
    return "\n".join(lines)
