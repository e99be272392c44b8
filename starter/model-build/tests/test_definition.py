"""Pipeline definition: steps, role, tags, KMS key, image, data and network of the jobs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
from conftest import BUILD, KEY, ROLE

from pipelines.settings import read_settings
from pipelines.training.jobs import has_local_storage
from pipelines.training.pipeline import image_uri

Define = Callable[..., dict[str, Any]]


def test_definition_has_five_steps_and_a_fail_step(define: Define) -> None:
    steps = [(step["Name"], step["Type"]) for step in _steps(define())]
    assert steps == [
        ("Preprocess", "Processing"),
        ("Train", "Training"),
        ("Evaluate", "Processing"),
        ("CheckQuality", "Condition"),
        ("Register", "RegisterModel"),
        ("Reject", "Fail"),
    ]


def test_definition_creates_no_experiment(define: Define) -> None:
    assert define()["PipelineExperimentConfig"] is None


def test_definition_does_not_depend_on_the_commit(define: Define) -> None:
    other_commit = define(
        CODEBUILD_RESOLVED_SOURCE_VERSION="0" * 40, CODEPIPELINE_EXECUTION_ID="2222"
    )
    assert other_commit == define()


def test_execution_requires_the_commit_and_the_codepipeline_execution(define: Define) -> None:
    parameters = define()["Parameters"]
    required = [it["Name"] for it in parameters if "DefaultValue" not in it]
    assert required == ["GitCommit", "CodePipelineExecutionId"]


def test_every_job_has_the_project_role_and_tags(define: Define) -> None:
    jobs = _jobs(define())
    assert [job["RoleArn"] for job in jobs] == [ROLE] * 3
    assert [job["Tags"] for job in jobs] == [
        [
            {"Key": "sagemaker:project-id", "Value": "dev"},
            {"Key": "sagemaker:project-name", "Value": "churn"},
        ]
    ] * 3


def test_every_job_may_run_for_one_hour(define: Define) -> None:
    conditions = [job["StoppingCondition"] for job in _jobs(define())]
    assert conditions == [{"MaxRuntimeInSeconds": 3600}] * 3


def test_every_output_and_volume_is_encrypted_with_the_project_key(define: Define) -> None:
    definition = define()
    preprocess, train, evaluate = _jobs(definition)
    for job in (preprocess, evaluate):
        assert job["ProcessingOutputConfig"]["KmsKeyId"] == KEY
        assert job["ProcessingResources"]["ClusterConfig"]["VolumeKmsKeyId"] == KEY
    assert train["OutputDataConfig"]["KmsKeyId"] == KEY
    assert train["ResourceConfig"]["VolumeKmsKeyId"] == KEY


def test_volume_has_no_key_on_instances_with_local_storage(define: Define) -> None:
    preprocess, train, evaluate = _jobs(
        define(PROCESSING_INSTANCE_TYPE="ml.g4dn.xlarge", TRAINING_INSTANCE_TYPE="ml.r5d.large")
    )
    for job in (preprocess, evaluate):
        assert job["ProcessingResources"]["ClusterConfig"] == {
            "InstanceType": "ml.g4dn.xlarge",
            "InstanceCount": 1,
            "VolumeSizeInGB": 10,
        }
        assert job["ProcessingOutputConfig"]["KmsKeyId"] == KEY
    assert "VolumeKmsKeyId" not in train["ResourceConfig"]
    assert train["OutputDataConfig"]["KmsKeyId"] == KEY


def test_instance_families_with_local_storage_are_known() -> None:
    model = boto3.client("sagemaker", region_name="us-east-1").meta.service_model
    types = {
        instance_type
        for shape in ("ProcessingInstanceType", "TrainingInstanceType")
        for instance_type in model.shape_for(shape).enum
    }
    families = {it.split(".")[1] for it in types if has_local_storage(it)}
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/InstanceStorage.html, without the
    # generations that are newer than the boto3 of uv.lock.
    assert families == {
        *("g4dn", "g5", "g6", "g6e", "g7", "g7e", "p3dn", "p4d", "p4de", "p5", "p5e", "p5en"),
        *("p6-b200", "p6-b300", "p6e-gb200", "r5d", "trn1", "trn1n", "trn2"),
    }


def test_joins_contain_only_texts_and_references(define: Define) -> None:
    # AWS's schema of pipeline definitions allows nothing else, and no value of a file:
    # https://github.com/aws-sagemaker-mlops/sagemaker-model-building-pipeline-definition-JSON-schema
    joins = [it["Std:Join"]["Values"] for it in _objects(define()) if "Std:Join" in it]
    assert joins
    for values in joins:
        assert [it for it in values if not isinstance(it, str) and list(it) != ["Get"]] == []


def test_registration_states_no_life_cycle_stage(define: Define) -> None:
    # The stage of a version is the approvers' to set; the role may not register one.
    register = next(step for step in _steps(define()) if step["Name"] == "Register")["Arguments"]
    assert register["ModelApprovalStatus"] == "PendingManualApproval"
    assert "ModelLifeCycle" not in register


def test_registration_takes_the_model_card_whole_from_evaluate(define: Define) -> None:
    register = next(step for step in _steps(define()) if step["Name"] == "Register")["Arguments"]
    file = {"Get": "Steps.Evaluate.PropertyFiles.EvaluationTexts"}
    assert register["ModelCard"] == {
        "ModelCardContent": {"Std:JsonGet": {"PropertyFile": file, "Path": "ModelCard"}},
        "ModelCardStatus": "PendingReview",
    }


def test_registration_allows_every_instance_type(define: Define) -> None:
    # A list would limit the config files of the deploy repository. It is optional:
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceSpecification.html
    register = next(step for step in _steps(define()) if step["Name"] == "Register")["Arguments"]
    names = register["InferenceSpecification"].keys()
    assert names == {"Containers", "SupportedContentTypes", "SupportedResponseMIMETypes"}


def test_every_s3_uri_is_in_the_artifact_bucket(define: Define) -> None:
    uris = [text for text in _texts(define()) if text.startswith("s3:")]
    assert uris
    assert {uri.split("/")[2] for uri in uris} == {BUILD["ARTIFACT_BUCKET"]}


def test_jobs_have_the_default_names_that_the_role_allows(define: Define) -> None:
    for job in _jobs(define()):
        assert not job.keys() & {"ProcessingJobName", "TrainingJobName", "ExperimentConfig"}


def test_training_and_endpoint_use_the_same_image(define: Define) -> None:
    definition = define()
    preprocess, train, evaluate = _jobs(definition)
    register = next(step for step in _steps(definition) if step["Name"] == "Register")["Arguments"]
    [container] = register["InferenceSpecification"]["Containers"]
    assert {
        preprocess["AppSpecification"]["ImageUri"],
        train["AlgorithmSpecification"]["TrainingImage"],
        evaluate["AppSpecification"]["ImageUri"],
        container["Image"],
    } == {"683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.9-0-cpu-py3"}


def test_image_is_from_the_region_of_the_build() -> None:
    image = image_uri(read_settings({**BUILD, "AWS_REGION": "cn-north-1"}))
    assert image.startswith("450853457545.dkr.ecr.cn-north-1.amazonaws.com.cn/")


def test_data_s3_uri_replaces_the_sample_data(define: Define) -> None:
    parameters = define(DATA_S3_URI="s3://churn-data/2026-11/")["Parameters"]
    assert parameters[2] == {
        "Name": "DataLocation",
        "Type": "String",
        "DefaultValue": "s3://churn-data/2026-11/",
    }


def test_jobs_run_in_the_configured_subnets_with_network_isolation(define: Define) -> None:
    definition = define(
        SUBNET_IDS='["subnet-1"]',
        SECURITY_GROUP_IDS='["sg-1"]',
        ENABLE_NETWORK_ISOLATION="true",
        ENCRYPT_INTER_CONTAINER_TRAFFIC="true",
    )
    preprocess, train, evaluate = _jobs(definition)
    network = {
        "EnableNetworkIsolation": True,
        "EnableInterContainerTrafficEncryption": True,
        "VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
    }
    assert preprocess["NetworkConfig"] == evaluate["NetworkConfig"] == network
    assert {key: train[key] for key in network} == network


def test_definition_is_below_the_size_limit(define: Define) -> None:
    assert len(json.dumps(define()).encode()) < 100_000


def _jobs(definition: dict[str, Any]) -> list[dict[str, Any]]:
    kinds = {"Processing", "Training"}
    return [step["Arguments"] for step in _steps(definition) if step["Type"] in kinds]


def _steps(definition: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for step in definition["Steps"]:
        yield step
        for branch in ("IfSteps", "ElseSteps"):
            yield from step["Arguments"].get(branch, [])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for item in _items(value):
        yield from _texts(item)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for item in _items(value):
        yield from _objects(item)


def _items(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
