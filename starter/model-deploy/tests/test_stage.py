"""Settings of a deployment, and the requests that follow from them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import BUCKET, DIGEST, ENVIRONMENT, GROUP, IMAGE, PREFIX, REGISTERED

from deployment import api
from deployment.__main__ import main
from deployment.archive import Archive
from deployment.endpoint import Endpoint, Version
from deployment.environment import Environment, read_environment, read_queue_environment
from deployment.guardrails import traffic_shift
from deployment.handover import Served
from deployment.plan import Plan, plan_for, settings_hash
from deployment.settings import SettingsError
from deployment.stage_config import StageConfig, read_stage_config
from deployment.variables import PIPELINE, QUEUE, RUN, STAGE

ROOT = Path(__file__).parents[1]
PROD = {"instanceType": "ml.m5.large", "instanceCount": 2}
SCALING = {"minimum": 2, "maximum": 4, "invocationsPerInstance": 500}
SERVED = Served(f"{IMAGE}@{DIGEST}", Archive(BUCKET, "key/model.tar.gz", "v1", "ab"), {"A": "1"})


def variables() -> dict[str, str]:
    tables = [PIPELINE, QUEUE, STAGE, RUN]
    return {it.name: it.example for table in tables for it in table.values()}


def test_reads_the_environment_of_a_build() -> None:
    environment = read_environment(variables())
    assert environment.versions_prefix == PREFIX
    assert environment.pipeline_name == "mlops-churn--dev--modeldeploy"
    assert environment.deployed_folder == f"{GROUP}/deployed"
    assert environment.metric_namespace == "ModelDeploy/mlops-churn--dev--staging"
    assert environment.verdict_alarm == "mlops-churn--dev--staging-canary-verdict"
    assert (environment.staging_hours, environment.maximum_errors) == (24, 0)
    assert environment.vpc_config == {
        "SecurityGroupIds": ["sg-0a1b2c3d"],
        "Subnets": ["subnet-0a1b2c3d"],
    }


def test_one_error_lists_all_problems_of_the_environment() -> None:
    with pytest.raises(SettingsError) as error:
        read_environment({"SUBNET_IDS": "subnet-1", "SECURITY_GROUP_IDS": "[]"})
    # One for each variable: required ones are missing, the two lists are no JSON lists.
    assert len(error.value.problems) == len(PIPELINE) + len(STAGE) + len(RUN)
    assert all("(e.g. " in problem for problem in error.value.problems)
    with pytest.raises(SettingsError, match="must both be set"):
        read_environment({**variables(), "SUBNET_IDS": ""})
    with pytest.raises(SettingsError, match="queue build"):
        read_queue_environment({})


@pytest.mark.parametrize("hours", ["721", "-1", "1.5", "", "a day"])
def test_hours_of_staging_are_an_integer(hours: str) -> None:
    with pytest.raises(SettingsError, match="STAGING_HOURS must be 0 to 720 hours"):
        read_environment({**variables(), "STAGING_HOURS": hours})


def test_a_decision_needs_no_execution() -> None:
    without = {it.name: it.example for it in {**PIPELINE, **STAGE}.values()}
    assert read_environment(without, needs_run=False).execution_id is None


def config(tmp_path: Path, content: Any, stage: str = "prod") -> StageConfig:
    text = content if isinstance(content, str) else json.dumps(content)
    (tmp_path / f"{stage}-config.json").write_text(text)
    return read_stage_config(tmp_path, stage)


def test_the_config_files_of_the_repository_are_valid() -> None:
    for stage in ("prod", "staging"):
        assert read_stage_config(ROOT, stage).instance_count >= 1


@pytest.mark.parametrize("shift", ["canary", "linear"])
def test_limits_of_a_canary_are_settings_of_the_stack(tmp_path: Path, shift: str) -> None:
    limits = {"maximumErrors": 3, "maximumLatencyMilliseconds": 200}
    with pytest.raises(SettingsError) as error:
        config(tmp_path, {**PROD, shift: limits})
    first, second = error.value.problems
    assert first.startswith(f"{shift}.maximumErrors is not a setting of this file")
    assert "deploy.alarms.maximumErrors" in first
    assert "deploy.alarms.maximumLatencyMilliseconds" in second


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ("{", ["must be JSON"]),
        ({}, ["instanceType must be", "instanceCount must be"]),
        ({**PROD, "instanceCount": 1}, ["at least 2 in production"]),
        ({**PROD, "canary": {"percent": 51}, "linear": {"percent": 9}}, ["5 to 50", "10 to 50"]),
        ({**PROD, "canary": {}, "linear": {}}, ["exclude each other"]),
        ({**PROD, "linear": {"percent": 10, "minutes": 60}}, ["within 7 hours"]),
        ({**PROD, "canary": {"minutes": 61}}, ["3 to 60"]),
        ({**PROD, "autoscaling": {**SCALING, "minimum": 5}}, ["at least autoscaling.minimum"]),
        ({**PROD, "autoscaling": {**SCALING, "minimum": 1}}, ["autoscaling.minimum must be at le"]),
        ({**PROD, "instanceCount": 5, "autoscaling": SCALING}, ["from autoscaling.minimum"]),
        ({**PROD, "autoscaling": 3}, ["autoscaling must be an object"]),
        ({**PROD, "canry": {}}, ["canry is not a setting; did you mean canary?"]),
        ({**PROD, "test": {}}, ["test is not a setting"]),
        ({**PROD, "instanceCount": True}, ["got true"]),
    ],
)
def test_refuses_invalid_config_files(tmp_path: Path, content: Any, problems: list[str]) -> None:
    with pytest.raises(SettingsError) as error:
        config(tmp_path, content)
    assert str(error.value).startswith(f"{len(problems)} problem")
    for problem in problems:
        assert problem in str(error.value)


def test_staging_with_a_traffic_shift_needs_two_instances(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="at least 2 with linear"):
        config(tmp_path, {**PROD, "instanceCount": 1, "linear": {}}, "staging")


def planned(config: StageConfig, stage: str = "prod", **changes: Any) -> Plan:
    environment: Environment = replace(ENVIRONMENT, **changes)
    return plan_for(stage, config, environment, (f"{PREFIX}2", 2), SERVED, None, None, 0)


def test_the_requests_have_image_archive_network_key_and_tags(tmp_path: Path) -> None:
    network = {"subnet_ids": ["subnet-1"], "security_group_ids": ["sg-1"]}
    capture = {"dataCapture": {"samplingPercentage": 20}}
    plan = planned(config(tmp_path, {**PROD, **capture}), **network)
    tags = {tag["Key"]: tag["Value"] for tag in plan.model["Tags"]}
    assert plan.model == {
        "ModelName": plan.name,
        "EnableNetworkIsolation": True,
        "ExecutionRoleArn": ENVIRONMENT.role_arn,
        "PrimaryContainer": {
            "Image": f"{IMAGE}@{DIGEST}",
            "ModelDataUrl": f"s3://{BUCKET}/key/model.tar.gz",
            "Environment": {"A": "1"},
        },
        "VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
        "Tags": plan.config["Tags"],
    }
    # The tag has the hash only when the deployment is complete.
    assert tags.pop("Settings") == "incomplete"
    assert plan.settings
    assert tags == {
        **ENVIRONMENT.project_tags,
        "ModelPackageArn": f"{PREFIX}2",
        "ModelVersion": "2",
    }
    assert plan.config["KmsKeyId"] == ENVIRONMENT.key_arn
    assert plan.config["DataCaptureConfig"]["InitialSamplingPercentage"] == 20
    assert plan.config["ProductionVariants"] == [
        {
            "VariantName": "AllTraffic",
            "InitialVariantWeight": 1,
            "InstanceType": "ml.m5.large",
            "InitialInstanceCount": 2,
            "ModelName": plan.name,
        }
    ]


def test_a_serverless_model_has_what_sagemaker_supports(tmp_path: Path) -> None:
    content = {**PROD, "dataCapture": {"samplingPercentage": 20}, "autoscaling": SCALING}
    plan = planned(config(tmp_path, content, "staging"), "staging", staging_kind="serverless")
    assert plan.model["EnableNetworkIsolation"] is False
    assert plan.config.keys() == {"EndpointConfigName", "ProductionVariants", "Tags"}
    (variant,) = plan.config["ProductionVariants"]
    assert variant["ServerlessConfig"] == {"MemorySizeInMB": 2048, "MaxConcurrency": 5}
    assert "InstanceType" not in variant
    # Only staging can be serverless.
    prod = planned(config(tmp_path, content), "prod", staging_kind="serverless")
    assert prod.model["EnableNetworkIsolation"] is True


@pytest.mark.parametrize(
    "instance_type",
    ["ml.m5d.large", "ml.g5.xlarge", "ml.g4dn.4xlarge", "ml.p4d.24xlarge", "ml.dl1.24xlarge"],
)
def test_no_key_for_disks_of_the_host(tmp_path: Path, instance_type: str) -> None:
    plan = planned(config(tmp_path, {**PROD, "instanceType": instance_type}))
    assert "KmsKeyId" not in plan.config


def test_each_setting_that_shapes_the_endpoint_changes_its_name(tmp_path: Path) -> None:
    one = config(tmp_path, PROD)
    names = {
        planned(one).name,
        planned(one, role_arn="arn:aws:iam::123456789012:role/other").name,
        planned(one, key_arn="arn:aws:kms:us-east-1:123456789012:key/other").name,
        planned(one, subnet_ids=["s"], security_group_ids=["g"]).name,
        planned(config(tmp_path, {**PROD, "instanceCount": 3})).name,
        planned(config(tmp_path, {**PROD, "dataCapture": {"samplingPercentage": 1}})).name,
    }
    assert len(names) == 6
    assert planned(config(tmp_path, {**PROD, "canary": {}})).name in names


def test_thresholds_do_not_change_the_settings(tmp_path: Path) -> None:
    limits = replace(ENVIRONMENT, maximum_errors=9, maximum_latency_milliseconds=9)
    strict = config(tmp_path, {**PROD, "test": {"tolerance": 0.5}}, "staging")
    loose = config(tmp_path, PROD, "staging")
    assert strict.test["tolerance"] == 0.5
    assert settings_hash("staging", strict, ENVIRONMENT, "e") == settings_hash(
        "staging", loose, limits, "e"
    )


def running(config_name: str, instances: int) -> Endpoint:
    return Endpoint("e", "arn", "InService", config_name, "", REGISTERED, instances, "", "", None)


def test_an_update_keeps_the_instances_of_the_autoscaling(tmp_path: Path) -> None:
    scaled = config(tmp_path, {**PROD, "autoscaling": SCALING})

    def counts(name: str, instances: int, initial: int) -> tuple[str, int]:
        of = (f"{PREFIX}2", 2)
        now = running(name, instances)
        before = Version(f"{PREFIX}1", 1, [3, 2], "")
        plan = plan_for("prod", scaled, ENVIRONMENT, of, SERVED, now, before, initial)
        tags = {tag["Key"]: tag["Value"] for tag in plan.config["Tags"]}
        assert tags["EarlierVersions"] == "1 3"
        return plan.name, plan.config["ProductionVariants"][0]["InitialInstanceCount"]

    assert counts("other", 3, 2)[1] == 3
    assert counts("other", 9, 2)[1] == 4
    assert counts("other", 1, 2)[1] == 2
    # Scaling alone creates no new endpoint config.
    name, _ = counts("other", 3, 2)
    assert counts(name, 4, 3) == (name, 3)


def test_traffic_shifts_and_the_alarm(tmp_path: Path) -> None:
    canary = config(tmp_path, {**PROD, "canary": {"percent": 20, "minutes": 10}})
    linear = config(tmp_path, {**PROD, "linear": {"percent": 30, "minutes": 10}})

    def shift(config: StageConfig) -> tuple[Any, int]:
        policy = traffic_shift(config.shift, "verdict")["BlueGreenUpdatePolicy"]
        routing = policy["TrafficRoutingConfiguration"]
        return routing, policy["MaximumExecutionTimeoutInSeconds"]

    assert shift(canary) == (
        {
            "Type": "CANARY",
            "WaitIntervalInSeconds": 600,
            "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 20},
        },
        2100,
    )
    assert shift(linear) == (
        {
            "Type": "LINEAR",
            "WaitIntervalInSeconds": 600,
            "LinearStepSize": {"Type": "CAPACITY_PERCENT", "Value": 30},
        },
        3300,
    )
    at_once = {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}
    assert shift(config(tmp_path, PROD)) == (at_once, 1800)
    alarms = {"Alarms": [{"AlarmName": "verdict"}]}
    assert traffic_shift(canary.shift, "verdict")["AutoRollbackConfiguration"] == alarms


def test_staging_without_a_shift_has_no_alarm_and_ends_its_old_instances_at_once() -> None:
    found = traffic_shift(None, None)
    assert "AutoRollbackConfiguration" not in found
    assert found["BlueGreenUpdatePolicy"]["TerminationWaitInSeconds"] == 0


def test_names_the_api_members_that_boto3_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    members = {"s3": {"PutObject": "IfNoneMatch IfTomorrow"}, "ecr": {"PutTomorrow": ""}}
    monkeypatch.setattr(api, "MEMBERS", {**members, "sagemaker": {"UpdateEndpoint": "A.B"}})
    with pytest.raises(api.DeploymentError) as error:
        api.create_clients("us-east-1")
    assert "PutObject.IfTomorrow, PutTomorrow, UpdateEndpoint.A.B" in str(error.value)


def test_a_change_that_took_effect_is_done() -> None:
    def fail() -> None:
        raise api.ClientError({"Error": {"Code": "InternalFailure"}}, "CreateModel")

    assert api.change("CreateModel m", lambda: None, lambda: False) is True
    assert api.change("CreateModel m", fail, lambda: True) is False
    with pytest.raises(api.ClientError):
        api.change("CreateModel m", fail, lambda: False)


def test_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as error:
        main(["deploy", "--stage", "dev"])
    assert error.value.code == 2
    monkeypatch.chdir(tmp_path)
    for variable in variables():
        monkeypatch.delenv(variable, raising=False)
    assert main(["deploy", "--stage", "prod"]) == 2
    assert "problems in the environment of the deployment" in capsys.readouterr().err
    for name, value in variables().items():
        monkeypatch.setenv(name, value)
    assert main(["decide"]) == 2
    assert "staging-config.json cannot be read" in capsys.readouterr().err
