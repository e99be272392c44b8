"""Instance types that a version lists for its endpoints, and those of the config files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fakes import CONTAINER, PREFIX, FakeS3, FakeSageMaker, fake_aws

from deployment import stage
from deployment.api import DeploymentError
from deployment.handover import FILE
from deployment.variables import PIPELINE, RUN, STAGE

LISTED = ["ml.t2.medium", "ml.m5.large"]


def variables(**changes: str) -> dict[str, str]:
    tables = [PIPELINE, STAGE, RUN]
    return {it.name: it.example for table in tables for it in table.values()} | changes


def deploys(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    to: str = "staging",
    listed: Any = LISTED,
    staging: str = "ml.m5.large",
    prod: str = "ml.m5.large",
    **changes: str,
) -> None:
    """Deploys a version that lists these types, until the check has passed."""
    for name, instance_type in {"staging": staging, "prod": prod}.items():
        content = {"instanceType": instance_type, "instanceCount": 2}
        (folder / f"{name}-config.json").write_text(json.dumps(content))
    sagemaker = FakeSageMaker()
    inference: dict[str, Any] = {"Containers": [CONTAINER]}
    if listed is not None:
        inference["SupportedRealtimeInferenceInstanceTypes"] = listed
    arn = sagemaker.add_version(3, InferenceSpecification=inference)
    aws = fake_aws(s3=FakeS3(), sagemaker=sagemaker)
    monkeypatch.setattr(stage, "create_clients", lambda _region: aws)
    monkeypatch.setattr(stage, "own_execution", lambda *_: (arn, "StartPipelineExecution"))
    monkeypatch.setattr(stage, "executions_ahead", lambda *_: [])
    for step in ("image_by_digest", "renew_deletion"):
        monkeypatch.setattr(stage, step, _continues)
    monkeypatch.setattr(stage, "tested", lambda *_: stage.Served("", None, {}))
    monkeypatch.setattr(stage, "verify_copy", lambda *_: None)
    (folder / FILE).write_text(json.dumps({"modelPackageArn": arn, "container": {}}))
    changes["CODEBUILD_SRC_DIR_Deployment"] = str(folder)
    stage.deploy_stage(to, variables(**changes), folder)


class PassedError(Exception):
    """The check has passed: the deployment continues."""


def _continues(*_: Any) -> None:
    raise PassedError


def rejection(*arguments: Any, **changes: Any) -> str:
    with pytest.raises(DeploymentError) as error:
        deploys(*arguments, **changes)
    return str(error.value)


def test_one_error_names_key_files_values_and_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rejection(tmp_path, monkeypatch, staging="ml.c5.large", prod="ml.c5.xlarge") == (
        "instanceType must be in SupportedRealtimeInferenceInstanceTypes of version 3 "
        "(ml.t2.medium, ml.m5.large), got ml.c5.large in staging-config.json and ml.c5.xlarge in "
        "prod-config.json. Next: change the file, or add the type to the list in the model build "
        "repository, or remove the list, and register a new version"
    )


def test_staging_rejects_the_type_of_production(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = rejection(tmp_path, monkeypatch, prod="ml.c5.xlarge")
    assert "got ml.c5.xlarge in prod-config.json." in found


def test_production_rejects_its_own_type_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = rejection(tmp_path, monkeypatch, "prod", staging="ml.c5.large", prod="ml.c5.xlarge")
    assert "got ml.c5.xlarge in prod-config.json." in found
    with pytest.raises(PassedError):
        deploys(tmp_path, monkeypatch, "prod", staging="ml.c5.large")


def test_decide_rejects_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PassedError):
        deploys(tmp_path, monkeypatch)
    content = {"instanceType": "ml.c5.large", "instanceCount": 2}
    (tmp_path / "prod-config.json").write_text(json.dumps(content))
    with pytest.raises(DeploymentError, match=r"got ml\.c5\.large in prod-config\.json\."):
        stage.decide_only(variables(), tmp_path, f"{PREFIX}3")


@pytest.mark.parametrize("listed", [None, [], LISTED, ["ml.m5.large"]])
def test_accepts_a_listed_type_and_every_type_without_a_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listed: Any
) -> None:
    instance_type = "ml.m5.large" if listed else "ml.c5.large"
    with pytest.raises(PassedError):
        deploys(tmp_path, monkeypatch, listed=listed, staging=instance_type, prod=instance_type)


def test_a_serverless_staging_has_no_instance_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(PassedError):
        deploys(tmp_path, monkeypatch, staging="ml.c5.large", STAGING_KIND="serverless")
