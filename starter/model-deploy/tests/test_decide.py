"""What an execution deploys: the version of its event, an earlier one, or nothing."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest
from fakes import ENVIRONMENT, PREFIX, REGISTERED, FakeS3, FakeSageMaker, fake_aws

from deployment.api import DeploymentError
from deployment.decide import Decision, Question, decide
from deployment.executions import Execution, executions_ahead, own_execution, stop_execution

PROD, STAGING = ENVIRONMENT.prod_endpoint_name, ENVIRONMENT.endpoint_name
SETTINGS = {"prod": "1a", "staging": "2b"}


@pytest.fixture
def sagemaker() -> FakeSageMaker:
    return FakeSageMaker()


def decision(
    sagemaker: FakeSageMaker, arn: str, trigger: str = "CloudWatchEvent", *ahead: Execution
) -> Decision:
    aws = fake_aws(s3=FakeS3(), sagemaker=sagemaker)
    return decide(aws, ENVIRONMENT, Question(arn, trigger, list(ahead), SETTINGS))


def test_deploys_the_approved_version_of_the_event_and_not_the_latest(
    sagemaker: FakeSageMaker,
) -> None:
    for number in (1, 2, 3):
        sagemaker.add_version(number)
    sagemaker.serve(PROD, 1)
    found = decision(sagemaker, f"{PREFIX}2")
    assert found.version is not None
    assert found.version.number == 2
    assert found.handover == {
        "modelPackageArn": f"{PREFIX}2",
        "modelVersion": 2,
        "metrics": {},
        "reason": "approved",
        "running": {"modelPackageArn": f"{PREFIX}1", "modelVersion": 1, "metrics": {}},
    }


def test_the_handover_names_the_sample_set(sagemaker: FakeSageMaker) -> None:
    metadata = {"SampleLocation": "s3://b/sample", "Accuracy": "0.99"}
    arn = sagemaker.add_version(1, CustomerMetadataProperties=metadata)
    handover = decision(sagemaker, arn).handover
    assert handover["sampleLocation"] == "s3://b/sample"
    assert "comparison" not in handover
    # Metrics come from the evaluation report: metadata can be edited.
    assert handover["metrics"] == {}


def test_the_handover_has_the_comparison_with_the_champion(sagemaker: FakeSageMaker) -> None:
    metadata = {"Comparison": "better - version 1 as champion"}
    arn = sagemaker.add_version(2, CustomerMetadataProperties=metadata)
    assert decision(sagemaker, arn).handover["comparison"] == "better - version 1 as champion"


@pytest.mark.parametrize("arn", ["", "none"])
def test_the_first_execution_of_a_pipeline_deploys_nothing(
    sagemaker: FakeSageMaker, arn: str
) -> None:
    assert "came with the pipeline" in decision(sagemaker, arn, "CreatePipeline").nothing
    with pytest.raises(DeploymentError, match=r"MODEL_PACKAGE_ARN must be .*model-package"):
        decision(sagemaker, arn, "StartPipelineExecution")


@pytest.mark.parametrize(
    "arn",
    [f"{PREFIX}0", f"{PREFIX}1x", PREFIX, PREFIX.replace("churn", "other") + "1", f"{PREFIX}1\n"],
)
def test_refuses_versions_of_other_projects(sagemaker: FakeSageMaker, arn: str) -> None:
    sagemaker.add_version(1)
    with pytest.raises(DeploymentError, match="must be a model version of this project"):
        decision(sagemaker, arn)


def test_refuses_a_version_that_does_not_exist(sagemaker: FakeSageMaker) -> None:
    with pytest.raises(DeploymentError, match="does not exist"):
        decision(sagemaker, f"{PREFIX}1")


@pytest.mark.parametrize(
    ("approval", "status"), [("PendingManualApproval", "Completed"), ("Approved", "Failed")]
)
def test_refuses_a_version_that_is_not_approved_or_not_complete(
    sagemaker: FakeSageMaker, approval: str, status: str
) -> None:
    arn = sagemaker.add_version(1, approval, ModelPackageStatus=status)
    with pytest.raises(DeploymentError, match=f"version 1 is {approval} and {status}"):
        decision(sagemaker, arn)


def test_a_repeated_event_deploys_nothing(sagemaker: FakeSageMaker) -> None:
    arn = sagemaker.add_version(1)
    sagemaker.serve(PROD, 1, settings="1a")
    sagemaker.serve(STAGING, 1, settings="2b")
    assert "serve version 1 already" in decision(sagemaker, arn).nothing
    sagemaker.serve(STAGING, 1, settings="other settings")
    assert decision(sagemaker, arn).nothing == ""


@pytest.mark.parametrize("status", [None, "Deleting"])
def test_an_expired_staging_is_nothing_to_compare_with(
    sagemaker: FakeSageMaker, status: str | None
) -> None:
    arn = sagemaker.add_version(1)
    sagemaker.serve(PROD, 1, settings="1a")
    if status:
        sagemaker.serve(STAGING, 1, settings="other")
        sagemaker.endpoints[STAGING]["EndpointStatus"] = status
    assert "production serves version 1 already" in decision(sagemaker, arn).nothing
    sagemaker.serve(PROD, 1, settings="other settings")
    assert decision(sagemaker, arn).nothing == ""


def test_an_execution_that_expires_staging_deploys_nothing(sagemaker: FakeSageMaker) -> None:
    assert "deletion of staging" in decision(sagemaker, "expire-staging").nothing


def test_an_execution_ahead_that_deploys_the_same_is_enough(sagemaker: FakeSageMaker) -> None:
    arn = sagemaker.add_version(1)
    after = Execution("other", arn, REGISTERED + timedelta(minutes=1))
    assert "execution other" in decision(sagemaker, arn, "", after).nothing
    # One that began before the approval may be about the rejection before it.
    before = Execution("other", arn, REGISTERED - timedelta(minutes=1))
    assert decision(sagemaker, arn, "", before).nothing == ""


def test_rejecting_the_production_version_deploys_the_newest_approved_earlier_one(
    sagemaker: FakeSageMaker,
) -> None:
    for number, approval in ((1, "Approved"), (2, "Approved"), (3, "Rejected"), (4, "Rejected")):
        sagemaker.add_version(number, approval)
    sagemaker.serve(PROD, 4, earlier="3 2 1")
    found = decision(sagemaker, f"{PREFIX}4")
    assert found.handover["modelVersion"] == 2
    assert found.handover["reason"] == "rejected"
    assert found.handover["rejectedModelPackageArn"] == f"{PREFIX}4"


def test_rejecting_another_version_deploys_nothing(sagemaker: FakeSageMaker) -> None:
    sagemaker.add_version(1)
    arn = sagemaker.add_version(2, "Rejected")
    assert "production does not serve it" in decision(sagemaker, arn).nothing
    sagemaker.serve(PROD, 1)
    assert "production does not serve it" in decision(sagemaker, arn).nothing


def test_a_rejected_version_on_its_way_is_followed_by_what_production_serves(
    sagemaker: FakeSageMaker,
) -> None:
    sagemaker.add_version(1)
    arn = sagemaker.add_version(2, "Rejected", LastModifiedTime=REGISTERED.timestamp() + 60)
    sagemaker.serve(PROD, 1)
    ahead = Execution("other", arn, REGISTERED)
    assert decision(sagemaker, arn, "", ahead).handover["modelVersion"] == 1


def test_a_rollback_without_an_approved_version_is_an_error(sagemaker: FakeSageMaker) -> None:
    sagemaker.add_version(1, "Rejected")
    arn = sagemaker.add_version(2, "Rejected")
    sagemaker.serve(PROD, 2, earlier="1")
    with pytest.raises(DeploymentError, match=r"none of its earlier versions \(1\) is approved"):
        decision(sagemaker, arn)


def codepipeline(executions: list[tuple[str, str, int]], calls: list[Any]) -> Any:
    """A pipeline with executions (id, status, minute of the start)."""

    def started(minute: int) -> datetime:
        return datetime(2026, 11, 1, 12, minute, tzinfo=timezone.utc)

    summaries = [
        {"pipelineExecutionId": id_, "status": status, "startTime": started(minute)}
        for id_, status, minute in executions
    ]

    def get_pipeline_execution(pipelineName: str, pipelineExecutionId: str) -> Any:  # noqa: N803
        assert pipelineName == "deploy"
        variables = [
            {"name": "OTHER", "resolvedValue": "x"},
            {"name": "MODEL_PACKAGE_ARN", "resolvedValue": f"arn of {pipelineExecutionId}"},
        ]
        trigger = {"triggerType": "CloudWatchEvent"}
        return {"pipelineExecution": {"variables": variables, "trigger": trigger}}

    return SimpleNamespace(
        get_pipeline_execution=get_pipeline_execution,
        get_paginator=lambda _: SimpleNamespace(
            paginate=lambda **_: [{"pipelineExecutionSummaries": summaries}]
        ),
        stop_pipeline_execution=lambda **request: calls.append(request),
    )


def test_reads_the_variable_of_its_own_execution() -> None:
    aws = fake_aws(codepipeline=codepipeline([], []))
    assert own_execution(aws, ENVIRONMENT) == ("arn of own", "CloudWatchEvent")


def test_executions_ahead_began_earlier_and_are_in_progress() -> None:
    executions = [
        ("later", "InProgress", 9),
        ("own", "InProgress", 5),
        ("ahead", "InProgress", 3),
        ("over", "Succeeded", 1),
    ]
    aws = fake_aws(codepipeline=codepipeline(executions, []))
    found = list(executions_ahead(aws, ENVIRONMENT))
    assert [(it.id, it.model_package_arn) for it in found] == [("ahead", "arn of ahead")]


def test_stops_its_own_execution_with_a_short_reason() -> None:
    calls: list[Any] = []
    stop_execution(fake_aws(codepipeline=codepipeline([], calls)), ENVIRONMENT, "x" * 300)
    assert calls == [
        {
            "pipelineName": "deploy",
            "pipelineExecutionId": "own",
            "abandon": True,
            "reason": "x" * 200,
        }
    ]
