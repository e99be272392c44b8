"""Schedule that deletes the staging endpoint, and the build of stage Queue."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest
from fakes import ENVIRONMENT, PREFIX, FakeSageMaker, error, fake_aws

from deployment import waiting
from deployment.__main__ import main
from deployment.api import Aws
from deployment.handover import with_expiry
from deployment.staging_expiry import renew_deletion, schedule_deletion
from deployment.variables import PIPELINE, QUEUE, RUN

STAGING = ENVIRONMENT.staging_endpoint_name
KEEP = replace(ENVIRONMENT, staging_hours=0)


class FakeScheduler:
    """One schedule."""

    def __init__(self, schedule: dict[str, Any] | None = None) -> None:
        self.schedule = schedule
        self.calls: list[str] = []

    def update_schedule(self, **request: Any) -> dict[str, Any]:
        """Replaces the schedule."""
        self.calls.append("update")
        if self.schedule is None:
            raise error("ResourceNotFoundException")
        self.schedule = request
        return {}

    def create_schedule(self, **request: Any) -> None:
        """Creates the schedule."""
        self.calls.append("create")
        self.schedule = request

    def delete_schedule(self, GroupName: str, Name: str) -> dict[str, Any]:  # noqa: N803
        """Deletes the schedule."""
        self.calls.append("delete")
        if self.schedule is None:
            raise error("ResourceNotFoundException")
        self.schedule = None
        return {}


def aws_with(scheduler: FakeScheduler, *, has_staging: bool = True) -> Aws:
    sagemaker = FakeSageMaker()
    if has_staging:
        sagemaker.serve(STAGING, 1)
    return fake_aws(scheduler=scheduler, sagemaker=sagemaker)


def test_the_deletion_is_after_the_approval_and_the_hours_of_staging() -> None:
    scheduler = FakeScheduler()
    began = datetime.now(timezone.utc).replace(microsecond=0)
    at = schedule_deletion(aws_with(scheduler, has_staging=False), ENVIRONMENT, 10_080)
    assert at is not None
    assert timedelta(0) <= at - began - timedelta(days=8) < timedelta(minutes=1)
    assert scheduler.schedule == {
        "ActionAfterCompletion": "DELETE",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "GroupName": "mlops-churn--dev--staging",
        "Name": "delete-endpoint",
        "ScheduleExpression": f"at({at:%Y-%m-%dT%H:%M:%S})",
        "ScheduleExpressionTimezone": "UTC",
        "State": "ENABLED",
        "Target": {
            "Arn": "arn:aws:scheduler:::aws-sdk:sagemaker:deleteEndpoint",
            "DeadLetterConfig": {"Arn": ENVIRONMENT.dlq_arn},
            "Input": json.dumps({"EndpointName": STAGING}),
            "RetryPolicy": {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 24},
            "RoleArn": ENVIRONMENT.staging_schedule_role_arn,
        },
    }
    assert with_expiry({"a": 1}, at) == {"a": 1, "stagingUntil": f"{at:%Y-%m-%dT%H:%M:%SZ}"}


def test_the_next_deployment_renews_the_schedule() -> None:
    scheduler = FakeScheduler({})
    assert schedule_deletion(aws_with(scheduler), ENVIRONMENT, 0)
    assert renew_deletion(aws_with(scheduler), ENVIRONMENT)
    assert scheduler.calls == ["update", "update"]


def test_staging_without_hours_is_kept() -> None:
    scheduler = FakeScheduler({})
    assert schedule_deletion(aws_with(scheduler), KEEP, 10_080) is None
    assert with_expiry({"a": 1}, None) == {"a": 1}
    assert not renew_deletion(aws_with(scheduler), KEEP)
    assert (scheduler.schedule, scheduler.calls) == (None, ["delete", "delete"])


def test_only_the_deployment_of_staging_creates_a_schedule() -> None:
    scheduler = FakeScheduler()
    assert not renew_deletion(aws_with(scheduler), ENVIRONMENT)
    assert not renew_deletion(aws_with(scheduler, has_staging=False), ENVIRONMENT)
    assert scheduler.calls == ["update"]


class FakePipeline:
    """Pipeline with the executions `own` and `other`; `other` may wait for its approval."""

    def __init__(self, own: str, other: str = "", approval: str | None = None) -> None:
        self.variables = {"own": own, **({"other": other} if other else {})}
        self.approval = approval
        self.stopped: list[str] = []

    def get_pipeline_execution(self, pipelineName: str, pipelineExecutionId: str) -> Any:  # noqa: N803
        """Variable of an execution."""
        value = self.variables[pipelineExecutionId]
        variables = [{"name": "MODEL_PACKAGE_ARN", "resolvedValue": value}]
        return {"pipelineExecution": {"variables": variables}}

    def get_pipeline_state(self, name: str) -> Any:
        """State of the approval."""
        latest = {"latestExecution": {"status": self.approval}} if self.approval else {}
        return {
            "stageStates": [
                {"stageName": "Source"},
                {
                    "stageName": "DeployStaging",
                    "latestExecution": {"pipelineExecutionId": "other"},
                    "actionStates": [{"actionName": "ApproveDeployment", **latest}],
                },
            ]
        }

    def get_paginator(self, _name: str) -> Any:
        """Executions in progress."""
        started = {"status": "InProgress", "startTime": datetime.now(timezone.utc)}
        summaries = [{"pipelineExecutionId": it, **started} for it in self.variables]
        pages = [{"pipelineExecutionSummaries": summaries}]
        return SimpleNamespace(paginate=lambda **_: pages)

    def stop_pipeline_execution(self, pipelineExecutionId: str, **_: Any) -> None:  # noqa: N803
        """Stops an execution."""
        self.stopped.append(pipelineExecutionId)


def queue(
    monkeypatch: pytest.MonkeyPatch,
    pipeline: FakePipeline,
    scheduler: FakeScheduler | None = None,
    *,
    has_staging: bool = True,
    approval: str = "Approved",
) -> list[str]:
    """Runs the build; returns its notifications."""
    sagemaker, sent = FakeSageMaker(), []
    sagemaker.add_version(3, approval)
    if has_staging:
        sagemaker.serve(STAGING, 1)
    aws = fake_aws(
        codepipeline=pipeline,
        sagemaker=sagemaker,
        scheduler=scheduler or SimpleNamespace(),
        sns=SimpleNamespace(publish=lambda TopicArn, Message: sent.append(Message)),  # noqa: N803
    )
    monkeypatch.setattr(waiting, "create_clients", lambda _region: aws)
    for table in (PIPELINE, QUEUE, RUN):
        for it in table.values():
            monkeypatch.setenv(it.name, it.example)
    monkeypatch.setenv("CODEPIPELINE_EXECUTION_ID", "own")
    assert main(["queue"]) == 0
    return sent


def test_one_notification_names_both_versions_and_the_link(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pipeline = FakePipeline(f"{PREFIX}3", f"{PREFIX}2", "InProgress")
    (message,) = queue(monkeypatch, pipeline)
    lines = message.splitlines()
    assert lines[0] == (
        "Version 3 of churn (dev) is approved, and the deployment of version 2 is pending approval."
    )
    assert [re.sub(": .*", "", line) for line in lines[1:]] == ["What", "Next", "Link"]
    assert lines[-1] == f"Link: {QUEUE['pipeline_url'].example}"
    assert pipeline.stopped == []


def test_a_rejected_version_is_called_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = FakePipeline(f"{PREFIX}3", f"{PREFIX}2", "InProgress")
    (message,) = queue(monkeypatch, pipeline, approval="Rejected")
    assert message.startswith("Version 3 of churn (dev) is rejected, ")


@pytest.mark.parametrize(
    ("own", "pending", "approval"),
    [
        (f"{PREFIX}3", f"{PREFIX}3", "InProgress"),
        (f"{PREFIX}3", f"{PREFIX}2", "Succeeded"),
        (f"{PREFIX}3", f"{PREFIX}2", None),
        ("none", f"{PREFIX}2", "InProgress"),
        (f"{PREFIX}4", f"{PREFIX}2", "InProgress"),
        (f"{PREFIX}3\n1", f"{PREFIX}2", "InProgress"),
    ],
)
def test_no_notification_otherwise(
    monkeypatch: pytest.MonkeyPatch, own: str, pending: str, approval: str | None
) -> None:
    assert queue(monkeypatch, FakePipeline(own, pending, approval)) == []


def test_a_failed_stage_renews_the_schedule_and_stops_its_execution(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pipeline, scheduler = FakePipeline("expire-staging", "expire-staging"), FakeScheduler({})
    assert queue(monkeypatch, pipeline, scheduler) == []
    assert (pipeline.stopped, scheduler.calls) == (["own"], ["update"])


@pytest.mark.parametrize(
    ("other", "has_staging", "calls"),
    [(f"{PREFIX}2", True, []), ("", False, ["delete"])],
)
def test_staging_that_is_in_use_or_missing_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, other: str, has_staging: bool, calls: list[str]
) -> None:
    pipeline, scheduler = FakePipeline("expire-staging", other), FakeScheduler({})
    queue(monkeypatch, pipeline, scheduler, has_staging=has_staging)
    assert (pipeline.stopped, scheduler.calls) == (["own"], calls)
