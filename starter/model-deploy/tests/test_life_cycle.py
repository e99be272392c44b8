"""Life-cycle stages in the registry follow the endpoints."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError
from conftest import DEPLOYMENT
from fakes import AFTER, ENVIRONMENT, PREFIX, REGISTERED, FakeSageMaker, fake_aws

from acceptance import command
from acceptance.settings import read_settings
from deployment import api, waiting
from deployment.api import Aws
from deployment.life_cycle import PRODUCTION, record_decision, record_served
from deployment.life_cycle import STAGING as STAGING_STAGE
from deployment.registry import model_version
from deployment.variables import PIPELINE, QUEUE, RUN

STAGING = ENVIRONMENT.staging_endpoint_name
PROD = ENVIRONMENT.prod_endpoint_name
VARIABLES = {**PIPELINE, **QUEUE, **RUN}


@pytest.fixture
def sagemaker() -> FakeSageMaker:
    found = FakeSageMaker()
    for number in (1, 2, 3):
        found.add_version(number)
    return found


@pytest.fixture
def aws(sagemaker: FakeSageMaker) -> Aws:
    return fake_aws(sagemaker=sagemaker)


def stages(sagemaker: FakeSageMaker) -> dict[int, str]:
    cycles = {number: it.get("ModelLifeCycle") for number, it in sagemaker.packages.items()}
    return {it: f"{cycle['Stage']} {cycle['StageStatus']}" for it, cycle in cycles.items() if cycle}


def deploy(aws: Aws, sagemaker: FakeSageMaker, number: int) -> None:
    for endpoint in (STAGING, PROD):
        sagemaker.serve(endpoint, number)
        record(aws, endpoint, number)


def record(aws: Aws, endpoint: str, number: int) -> None:
    stage = PRODUCTION if endpoint == PROD else STAGING_STAGE
    record_served(aws, stage, endpoint, PREFIX, number)


def decide(aws: Aws, sagemaker: FakeSageMaker, number: int, approval: str) -> None:
    sagemaker.packages[number]["ModelApprovalStatus"] = approval
    version = model_version(aws, f"{PREFIX}{number}")
    assert version is not None
    record_decision(aws, version)


def test_stages_follow_staging_and_production(aws: Aws, sagemaker: FakeSageMaker) -> None:
    sagemaker.serve(STAGING, 1)
    record(aws, STAGING, 1)
    assert stages(sagemaker) == {1: "Staging Deployed"}
    sagemaker.serve(PROD, 1)
    record(aws, PROD, 1)
    assert stages(sagemaker) == {1: "Production Deployed"}
    deploy(aws, sagemaker, 2)
    assert stages(sagemaker) == {1: "Archived Replaced", 2: "Production Deployed"}


def test_a_version_that_did_not_reach_production_is_archived_by_the_next_one(
    aws: Aws, sagemaker: FakeSageMaker
) -> None:
    deploy(aws, sagemaker, 1)
    sagemaker.serve(STAGING, 2)
    record(aws, STAGING, 2)
    # The schedule deleted the staging endpoint: its endpoint config remains.
    del sagemaker.endpoints[STAGING]
    sagemaker.serve(STAGING, 3)
    record(aws, STAGING, 3)
    assert stages(sagemaker) == {
        1: "Production Deployed",
        2: "Archived Replaced",
        3: "Staging Deployed",
    }


def test_a_rejected_version_is_archived_after_the_rollback(
    aws: Aws, sagemaker: FakeSageMaker
) -> None:
    deploy(aws, sagemaker, 1)
    deploy(aws, sagemaker, 2)
    decide(aws, sagemaker, 2, "Rejected")
    assert stages(sagemaker)[2] == "Production Rejected"
    deploy(aws, sagemaker, 1)
    assert stages(sagemaker) == {1: "Production Deployed", 2: "Archived Rejected"}


def test_a_rejected_version_that_is_not_in_production(aws: Aws, sagemaker: FakeSageMaker) -> None:
    sagemaker.serve(STAGING, 1)
    record(aws, STAGING, 1)
    for number in (1, 2):
        decide(aws, sagemaker, number, "Rejected")
    assert stages(sagemaker) == {1: "Staging Rejected", 2: "Archived Rejected"}
    # Staging still serves version 1; version 2 is deployed after its approval.
    for number in (1, 2):
        decide(aws, sagemaker, number, "Approved")
    assert stages(sagemaker) == {1: "Staging Deployed", 2: "Archived Rejected"}


def test_a_new_test_of_the_version_in_production_leaves_its_stage(
    aws: Aws, sagemaker: FakeSageMaker
) -> None:
    deploy(aws, sagemaker, 1)
    record(aws, STAGING, 1)
    assert stages(sagemaker) == {1: "Production Deployed"}


def test_an_unchanged_stage_is_not_written_again(aws: Aws, sagemaker: FakeSageMaker) -> None:
    record(aws, PROD, 1)
    record(aws, PROD, 1)
    assert sagemaker.updates == 1


def test_a_deleted_version_is_left_out(aws: Aws, sagemaker: FakeSageMaker) -> None:
    deploy(aws, sagemaker, 1)
    del sagemaker.packages[1]
    deploy(aws, sagemaker, 2)
    assert stages(sagemaker) == {2: "Production Deployed"}


def test_the_build_that_tests_staging_records_it(
    aws: Aws,
    sagemaker: FakeSageMaker,
    build: Callable[..., dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(api, "create_clients", lambda _region: aws)
    sagemaker.serve(STAGING, 2)
    of_version = {**DEPLOYMENT, "modelPackageArn": f"{PREFIX}2"}
    command.record_staging(read_settings(build(deployment=of_version)))
    assert stages(sagemaker) == {2: "Staging Deployed"}


def test_the_build_of_stage_queue_records_a_rejection(
    aws: Aws, sagemaker: FakeSageMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(aws, sagemaker, 1)
    sagemaker.packages[1]["ModelApprovalStatus"] = "Rejected"
    monkeypatch.setattr(waiting, "create_clients", lambda _region: aws)
    monkeypatch.setattr(waiting, "own_execution", lambda *_: (f"{PREFIX}1", ""))
    monkeypatch.setattr(waiting, "_pending_approval", lambda *_: "")
    assert waiting.report_queue({it.name: it.example for it in VARIABLES.values()}) == 0
    assert stages(sagemaker) == {1: "Production Rejected"}


def test_a_denied_update_fails_no_deployment(
    aws: Aws, sagemaker: FakeSageMaker, capsys: pytest.CaptureFixture[str]
) -> None:
    sagemaker.update_error = "AccessDeniedException"
    record(aws, PROD, 1)
    assert "The registry does not show version 1 as Production" in capsys.readouterr().out
    sagemaker.update_error = "ThrottlingException"
    with pytest.raises(ClientError):
        record(aws, PROD, 1)


def test_the_time_of_the_decision_outlives_the_change_of_the_stage(
    aws: Aws, sagemaker: FakeSageMaker
) -> None:
    def decided() -> object:
        return model_version(aws, f"{PREFIX}1").decided

    record(aws, PROD, 1)
    assert sagemaker.packages[1]["LastModifiedTime"] == AFTER.timestamp()
    assert decided() == REGISTERED
    # Another decision is as new as the last change.
    sagemaker.packages[1]["ModelApprovalStatus"] = "Rejected"
    assert decided() == AFTER


@pytest.mark.parametrize("text", ["Approved since lunch", "Approved since 2026-11-01T10:00:00"])
def test_an_edited_description_has_no_time_of_the_decision(
    aws: Aws, sagemaker: FakeSageMaker, text: str
) -> None:
    record(aws, PROD, 1)
    sagemaker.packages[1]["ModelLifeCycle"]["StageDescription"] = text
    assert model_version(aws, f"{PREFIX}1").decided == AFTER
