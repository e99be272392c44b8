"""The model of a version: refusals, the copy of its archive, its image, the handover."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from fakes import (
    ARCHIVE,
    BEFORE,
    BUCKET,
    CONTAINER,
    DIGEST,
    IMAGE,
    REGISTERED,
    REPORT,
    FakeS3,
    FakeSageMaker,
    error,
    fake_aws,
)

from deployment import handover as handovers
from deployment.api import DeploymentError
from deployment.archive import MAX_BYTES, Archive, copy_archive, verify_copy
from deployment.handover import Served, read_handover
from deployment.image import image_by_digest
from deployment.registry import Container, container_of, metrics_of, model_version

FOLDER = "mlops-churn--dev--models/deployed/1"
SHA256 = hashlib.sha256(b"model").hexdigest()
OTHER_SOURCE = {"S3Uri": "s3://other/model.tar.gz"}
S3_SOURCE = {"S3Uri": ARCHIVE, "S3DataType": "S3Object", "CompressionType": "Gzip"}


def container(*containers: dict[str, Any]) -> Container:
    sagemaker = FakeSageMaker()
    arn = sagemaker.add_version(1, containers=list(containers))
    version = model_version(fake_aws(sagemaker=sagemaker), arn)
    assert version is not None
    return container_of(version)


def test_a_version_has_one_image_and_one_archive() -> None:
    assert container({**CONTAINER, "Environment": {"A": "1"}}) == Container(
        f"{IMAGE}:1.4-2", DIGEST, ARCHIVE, {"A": "1"}
    )
    source = {"Image": IMAGE, "ModelDataSource": {"S3DataSource": S3_SOURCE}}
    assert container(source) == Container(IMAGE, None, ARCHIVE, {})
    assert container({**source, "ModelDataUrl": ARCHIVE}).archive == ARCHIVE


@pytest.mark.parametrize(
    ("containers", "problem"),
    [
        ([CONTAINER, CONTAINER], r"one container .*, got 2"),
        ([{"Image": IMAGE}], "one archive .*, got no archive"),
        ([{**CONTAINER, "ModelDataUrl": f"{ARCHIVE}/"}], "one archive"),
        (
            [{**CONTAINER, "ModelDataSource": {"S3DataSource": {"S3Uri": "s3://b/k"}}}],
            "one archive",
        ),
        ([{"ModelDataUrl": ARCHIVE}], "an image, got none"),
        (
            [{**CONTAINER, "AdditionalS3DataSource": {"S3Uri": "s3://b/k"}}],
            "AdditionalS3DataSource",
        ),
        ([{**CONTAINER, "AdditionalModelDataSources": [{}]}], "AdditionalModelDataSources"),
        ([{**CONTAINER, "MemberOfTomorrow": "x"}], "MemberOfTomorrow"),
        ([{**CONTAINER, "ProductId": "p"}], "ProductId"),
    ],
)
def test_refuses_what_it_cannot_copy(containers: list[dict[str, Any]], problem: str) -> None:
    with pytest.raises(DeploymentError, match=problem):
        container(*containers)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"S3DataType": "S3Prefix"}, "S3Prefix"),
        ({"CompressionType": "None"}, "None"),
        ({"ManifestS3Uri": "s3://b/manifest"}, "ManifestS3Uri"),
        ({"ModelAccessConfig": {"AcceptEula": True}}, "ModelAccessConfig"),
    ],
)
def test_refuses_other_sources(change: dict[str, Any], problem: str) -> None:
    source = {"S3DataSource": {**S3_SOURCE, **change}}
    with pytest.raises(DeploymentError, match=problem):
        container({"Image": IMAGE, "ModelDataSource": source})


def test_refuses_a_source_outside_s3() -> None:
    source = {"S3DataSource": S3_SOURCE, "SourceOfTomorrow": {"Uri": "x"}}
    with pytest.raises(DeploymentError, match="SourceOfTomorrow"):
        container({"Image": IMAGE, "ModelDataSource": source})


def copied(s3: FakeS3, sagemaker: FakeSageMaker | None = None) -> Archive:
    aws = fake_aws(s3=s3, sagemaker=sagemaker)
    return copy_archive(aws, ARCHIVE, REGISTERED, BUCKET, FOLDER)


def test_copies_the_approved_bytes_once() -> None:
    s3 = FakeS3()
    s3.add(ARCHIVE, b"model")
    s3.add(f"{ARCHIVE}.old", b"another object")
    copy = copied(s3)
    assert copy == Archive(BUCKET, f"{FOLDER}/{SHA256}/model.tar.gz", "v1", SHA256)
    assert copied(s3) == copy
    (upload,) = s3.uploads
    assert upload["IfNoneMatch"] == "*"
    assert len(upload["ChecksumSHA256"]) == 44


@pytest.mark.parametrize(
    ("versions", "problem"),
    [
        ([], "exactly one version, got 0"),
        ([{}, {}], "exactly one version, got 2"),
        ([{"written": REGISTERED + timedelta(seconds=1)}], "before its registration"),
        ([{"Size": MAX_BYTES + 1}], "at most 5 GB"),
        ([{"ETag": '"0-2"'}], "output of a training job"),
    ],
)
def test_refuses_an_archive_that_is_not_the_registered_one(
    versions: list[dict[str, Any]], problem: str
) -> None:
    s3 = FakeS3()
    for version in versions:
        s3.add(ARCHIVE, b"model", **version)
    with pytest.raises(DeploymentError, match=problem):
        copied(s3, FakeSageMaker())
    assert s3.uploads == []


def test_accepts_an_upload_in_parts_by_a_training_job() -> None:
    s3, sagemaker = FakeS3(), FakeSageMaker()
    s3.add(ARCHIVE, b"model", ETag='"0-2"')
    sagemaker.jobs["pipelines-a-Train"] = "s3://other/model.tar.gz"
    with pytest.raises(DeploymentError, match="output of a training job"):
        copied(s3, sagemaker)
    sagemaker.jobs["pipelines-a-Train"] = ARCHIVE
    # It uploads nothing, so that the only version may be of another program.
    sagemaker.job_status = "Stopped"
    with pytest.raises(DeploymentError, match="output of a training job"):
        copied(s3, sagemaker)
    sagemaker.job_status = "Completed"
    assert copied(s3, sagemaker).sha256 == SHA256


def test_deploys_a_version_again_without_its_training_results() -> None:
    s3 = FakeS3()
    s3.add(ARCHIVE, b"model")
    copy = copied(s3)
    s3.add(ARCHIVE, b"another model")
    assert copied(s3) == copy
    s3.versions.pop(ARCHIVE.removeprefix(f"s3://{BUCKET}/"))
    assert copied(s3) == copy


def test_ignores_a_copy_of_an_earlier_version_of_the_same_number() -> None:
    s3 = FakeS3()
    # The model package group was deleted and created again.
    s3.add(f"{FOLDER}/{'a' * 64}/model.tar.gz", b"old model", BEFORE)
    s3.add(ARCHIVE, b"model")
    assert copied(s3).sha256 == SHA256


def test_refuses_an_archive_in_another_bucket() -> None:
    with pytest.raises(DeploymentError, match=f"in the artifact bucket .*{BUCKET}"):
        copy_archive(fake_aws(), "s3://other/model.tar.gz", REGISTERED, BUCKET, FOLDER)


def test_verifies_version_and_checksum_of_the_copy() -> None:
    s3 = FakeS3()
    s3.add(ARCHIVE, b"model")
    copy, aws = copied(s3), fake_aws(s3=s3)
    assert verify_copy(aws, copy) == copy
    with pytest.raises(DeploymentError, match=r"\(version v2\), got v1"):
        verify_copy(aws, Archive(BUCKET, copy.key, "v2", SHA256))
    with pytest.raises(DeploymentError, match="got no readable object"):
        verify_copy(aws, Archive(BUCKET, "other", "v1", SHA256))
    s3.add(copy.key, b"another model")
    with pytest.raises(DeploymentError, match="must be the tested one"):
        verify_copy(aws, copy)


def test_the_image_has_the_digest_of_the_package_or_of_its_tag() -> None:
    asked: list[dict[str, Any]] = []

    def batch_get_image(**request: Any) -> dict[str, Any]:
        asked.append(request)
        return {"images": [{"imageId": {"imageDigest": DIGEST}}]}

    aws = fake_aws(ecr=SimpleNamespace(batch_get_image=batch_get_image))
    assert image_by_digest(aws, f"{IMAGE}:1.4-2", DIGEST) == f"{IMAGE}@{DIGEST}"
    assert image_by_digest(aws, f"{IMAGE}@{DIGEST}", None) == f"{IMAGE}@{DIGEST}"
    assert asked == []
    assert image_by_digest(aws, f"{IMAGE}:1.4-2", None) == f"{IMAGE}@{DIGEST}"
    assert asked == [
        {
            "registryId": "683313688378",
            "repositoryName": "sagemaker-scikit-learn",
            "imageIds": [{"imageTag": "1.4-2"}],
        }
    ]


@pytest.mark.parametrize("image", [f"{IMAGE}:gone", "docker.io/library/python:3", f"{IMAGE}@x"])
def test_refuses_an_image_without_a_digest(image: str) -> None:
    def batch_get_image(**_: Any) -> dict[str, Any]:
        raise error("RepositoryNotFoundException")

    aws = fake_aws(ecr=SimpleNamespace(batch_get_image=batch_get_image))
    with pytest.raises(DeploymentError, match=r"must (name an image in ECR|have a digest)"):
        image_by_digest(aws, image, None)


def test_metrics_come_from_the_evaluation_report() -> None:
    s3, sagemaker = FakeS3(), FakeSageMaker()
    aws = fake_aws(s3=s3, sagemaker=sagemaker)
    version = model_version(aws, sagemaker.add_version(1))
    assert version is not None
    assert metrics_of(aws, version) == {}
    nan = {"value": 0.97, "standard_deviation": float("nan")}
    report = {"binary_classification_metrics": {"accuracy": nan, "auc": {"value": float("nan")}}}
    s3.add(REPORT, json.dumps(report).encode())
    assert metrics_of(aws, version) == {"accuracy": 0.97}
    s3.versions.clear()
    s3.add(REPORT, b"not JSON")
    assert metrics_of(aws, version) == {}
    # The report must not stop a deployment.
    s3.versions.clear()
    s3.add(REPORT, b"[" * 200_000)
    assert metrics_of(aws, version) == {}


def handover(**changes: Any) -> dict[str, Any]:
    archive = Archive(BUCKET, f"{FOLDER}/{SHA256}/model.tar.gz", "v1", SHA256)
    served = Served(f"{IMAGE}@{DIGEST}", archive, {})
    return {"modelPackageArn": "arn", "container": {**served.as_json(), **changes}}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({}, None),
        ({"image": f"{IMAGE}@sha256:{'b' * 64}"}, "image must be"),
        ({"image": f"other@{DIGEST}"}, "image must be"),
        ({"environment": {"A": "2"}}, "environment must be"),
        ({"archive": {"bucket": BUCKET, "key": "k", "versionId": "v", "sha256": SHA256}}, "copy"),
        ({"archive": {}}, "must have container"),
    ],
)
def test_production_deploys_only_what_staging_tested(change: Any, problem: str | None) -> None:
    sagemaker = FakeSageMaker()
    version = model_version(fake_aws(sagemaker=sagemaker), sagemaker.add_version(1))
    assert version is not None
    if problem is None:
        served = handovers.tested(handover(**change), version, BUCKET, FOLDER)
        assert served.as_json() == handover()["container"]
        return
    with pytest.raises(DeploymentError, match=problem):
        handovers.tested(handover(**change), version, BUCKET, FOLDER)


def test_production_needs_the_handover(tmp_path: Any) -> None:
    variables = {"CODEBUILD_SRC_DIR_Deployment": str(tmp_path)}
    for content in (None, "{}", "[]", '{"modelPackageArn": "arn"}'):
        if content is not None:
            (tmp_path / "deployment.json").write_text(content)
        with pytest.raises(DeploymentError, match="must be in CODEBUILD_SRC_DIR_Deployment"):
            read_handover(variables)
    with pytest.raises(DeploymentError, match="not set"):
        read_handover({})
