"""Executions of the deployment pipeline, and the environment of their builds."""

from __future__ import annotations

import emulated
from account import (
    BUCKET,
    ENDPOINTS,
    GROUP,
    KEY,
    PIPELINE,
    PROJECT_TAGS,
    ROLE_PREFIX,
    SCHEDULE,
    STEM,
    TOPIC,
    client,
    end_executions,
)

_QUEUE = f"arn:aws:sqs:{emulated.REGION}:{emulated.ACCOUNT}:{STEM}--undelivered-events"


def start_execution(variable: str, *, is_only: bool = True) -> str:
    """Starts the deployment pipeline; `is_only`: when no other execution is in progress."""
    if is_only:
        end_executions()
    answer = client("codepipeline").start_pipeline_execution(
        name=PIPELINE, variables=[{"name": "MODEL_PACKAGE_ARN", "value": variable}]
    )
    return answer["pipelineExecutionId"]


def wait_for_approval(execution_id: str) -> None:
    """The execution waits for its approval."""
    execution = emulated.backend("codepipeline").pipelines[PIPELINE].executions[execution_id]
    now = emulated.now()
    action = {"stageName": "DeployStaging", "actionName": "ApproveDeployment"}
    times = {"startTime": now, "lastStatusChange": now}
    execution.actions.append({**action, **times, "status": "InProgress"})


def expire_staging() -> None:
    """EventBridge Scheduler has deleted the staging endpoint, and its schedule."""
    del emulated.backend("sagemaker").endpoints[ENDPOINTS["staging"]]
    group, name = SCHEDULE.split("/")
    emulated.backend("scheduler").schedule_groups[group].schedules.pop(name, None)


def variables_of(stage: str, execution_id: str, kind: str = "instances") -> dict[str, str]:
    """Environment variables of a stage's deployment build."""
    return {
        "APPROVAL_TIMEOUT_MINUTES": "10080",
        "ARTIFACT_BUCKET": BUCKET,
        "ARTIFACT_BUCKET_KMS_ID": KEY,
        "AWS_REGION": emulated.REGION,
        "CODEBUILD_INITIATOR": f"codepipeline/{PIPELINE}",
        "CODEPIPELINE_EXECUTION_ID": execution_id,
        "DEAD_LETTER_QUEUE_ARN": _QUEUE,
        "ENDPOINT_NAME": ENDPOINTS.get(stage, ENDPOINTS["staging"]),
        "MAXIMUM_ERRORS": "0",
        "MAXIMUM_LATENCY_MILLISECONDS": "1000",
        "MODEL_EXECUTION_ROLE_ARN": f"{ROLE_PREFIX}serve-{stage}-use1",
        "NOTIFICATION_TOPIC_ARN": TOPIC,
        "PIPELINE_URL": "https://console/pipeline",
        "PROD_ENDPOINT_NAME": ENDPOINTS["prod"],
        "SAGEMAKER_PROJECT_ID": PROJECT_TAGS["sagemaker:project-id"],
        "SAGEMAKER_PROJECT_NAME": PROJECT_TAGS["sagemaker:project-name"],
        "SOURCE_MODEL_PACKAGE_GROUP_NAME": GROUP,
        "STAGE_NAME": stage,
        "STAGING_ENDPOINT_NAME": ENDPOINTS["staging"],
        "STAGING_HOURS": "24",
        "STAGING_SCHEDULE": SCHEDULE,
        "STAGING_SCHEDULE_ROLE_ARN": f"{ROLE_PREFIX}expire-staging-use1",
        "STAGING_KIND": kind,
    }
