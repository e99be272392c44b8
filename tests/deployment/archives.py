"""Archives and containers that staging must refuse: what was approved, and nothing else, is deployed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import account
import emulated
from account import BUCKET, Version
from build import Build
from calls import Calls
from refusals import Case
from scenarios import staging

_AGAIN = "train and register the version again"


def _upload_in_parts(version: Version, between: Callable[[], Any]) -> None:
    """Starts an upload in parts, and ends it after `between`. S3 dates the object by the start."""
    s3 = account.client("s3")
    where = {"Bucket": BUCKET, "Key": version.archive_key}
    upload = {**where, "UploadId": s3.create_multipart_upload(**where)["UploadId"]}
    part = s3.upload_part(**upload, PartNumber=1, Body=b"another archive")
    between()
    parts = [{"PartNumber": 1, "ETag": part["ETag"]}]
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})


def _completed_later(_calls: Calls) -> Build:
    version = Version(1)

    def train_and_register() -> None:
        account.train(version)
        account.register(version)

    _upload_in_parts(version, train_and_register)
    return staging(version)


def _only_completed_later(_calls: Calls) -> Build:
    """The job never wrote an archive of its own there."""
    version = Version(1)
    _upload_in_parts(version, lambda: account.register(version))
    return staging(version)


def _training_output_in_parts(_calls: Calls) -> Build:
    version = Version(1)
    account.create_training_job(version)
    _upload_in_parts(version, lambda: None)
    account.register(version)
    return staging(version)


def _changed_after_approval(change: Callable[[Any, dict[str, str]], Any]) -> Callable[[Calls], Build]:
    def prepare(_calls: Calls) -> Build:
        version = Version(1)
        account.train(version)
        account.register(version)
        change(account.client("s3"), {"Bucket": BUCKET, "Key": version.archive_key})
        return staging(version)

    return prepare


def _second_version(_calls: Calls) -> Build:
    version = Version(1)
    account.train(version)
    again = {"Bucket": BUCKET, "Key": version.archive_key, "Body": b"trained twice"}
    account.client("s3").put_object(**again)
    account.register(version)
    return staging(version)


def _written_late(_calls: Calls) -> Build:
    version = Version(1)
    account.register(version)
    package = emulated.backend("sagemaker").model_packages[version.arn]
    # S3 dates objects by the second.
    package.creation_time = package.creation_time.replace(year=package.creation_time.year - 1)
    account.train(version)
    return staging(version)


def _registered(**container: Any) -> Callable[[Calls], Build]:
    def prepare(_calls: Calls) -> Build:
        version = Version(1, container=container)
        account.train(version)
        account.register(version)
        return staging(version)

    return prepare


def _source(**source: str) -> dict[str, Any]:
    default = {"S3DataType": "S3Object", "CompressionType": "Gzip", "S3Uri": Version(1).archive}
    return {"ModelDataUrl": None, "ModelDataSource": {"S3DataSource": {**default, **source}}}


def _two_containers(_calls: Calls) -> Build:
    container = {"Image": account.IMAGE, "ModelDataUrl": Version(1).archive}
    version = Version(1, containers=[container, container])
    account.train(version)
    account.register(version)
    return staging(version)


def _answered(change: Callable[[dict[str, Any]], Any]) -> Callable[[Calls], Build]:
    """SageMaker answers a member of the container that no boto3 knows."""

    def prepare(calls: Calls) -> Build:
        def rewrite(body: bytes) -> bytes:
            answer = json.loads(body)
            change(answer["InferenceSpecification"]["Containers"][0])
            return json.dumps(answer).encode()

        calls.rewrites["sagemaker.DescribeModelPackage"] = rewrite
        return _registered(**_source())(calls)

    return prepare


CASES = [
    Case("archive in parts, completed after approval", _completed_later, ["versions", _AGAIN]),
    Case("archive in parts, of no training job", _only_completed_later, ["training job", _AGAIN]),
    Case("archive in parts, of the training job", _training_output_in_parts, is_accepted=True),
    Case(
        "archive overwritten after approval",
        _changed_after_approval(lambda s3, it: s3.put_object(**it, Body=b"another archive")),
        ["2 versions", _AGAIN],
    ),
    Case(
        "archive deleted after approval",
        _changed_after_approval(lambda s3, it: s3.delete_object(**it)),
        ["version", _AGAIN],
    ),
    Case("second version of the archive", _second_version, ["2 versions", _AGAIN]),
    Case("archive written after registration", _written_late, ["before its registration", _AGAIN]),
    Case(
        "archive in another bucket",
        _registered(ModelDataUrl="s3://another-bucket/model.tar.gz"),
        ["artifact bucket", "s3://another-bucket/model.tar.gz"],
    ),
    Case("prefix", _registered(**_source(S3DataType="S3Prefix")), ["S3Prefix"]),
    Case("archive without compression", _registered(**_source(CompressionType="None")), ["None"]),
    Case(
        "manifest",
        _registered(**_source(ManifestS3Uri=f"s3://{BUCKET}/manifest.json")),
        ["ManifestS3Uri"],
    ),
    Case(
        "additional model data sources",
        _registered(
            AdditionalModelDataSources=[
                {"ChannelName": "more", "S3DataSource": _source()["ModelDataSource"]["S3DataSource"]}
            ]
        ),
        ["AdditionalModelDataSources"],
    ),
    Case(
        "additional data source",
        _registered(AdditionalS3DataSource={"S3DataType": "S3Object", "S3Uri": f"s3://{BUCKET}/more"}),
        ["AdditionalS3DataSource"],
    ),
    Case("two containers", _two_containers, ["one container", "2"]),
    Case("no archive", _registered(ModelDataUrl=None), ["archive"]),
    Case(
        "two archives",
        _registered(**{**_source(), "ModelDataUrl": f"s3://{BUCKET}/model.tar.gz"}),
        ["one archive"],
    ),
    Case(
        "container member that no boto3 knows",
        _answered(lambda container: container.update(NewModelSource={"Uri": "s3://b/k"})),
        ["NewModelSource"],
    ),
    Case(
        "source member that no boto3 knows",
        _answered(
            lambda container: container["ModelDataSource"]["S3DataSource"].update(NewUri="s3://b/k")
        ),
        ["NewUri"],
    ),
    Case(
        "source that no boto3 knows",
        _answered(lambda container: container["ModelDataSource"].update(NewDataSource={"Uri": "u"})),
        ["NewDataSource"],
    ),
    Case(
        "image with a tag that does not exist",
        _registered(ImageDigest=None),
        ["the tag 1", account.IMAGE.partition(":")[0]],
    ),
    Case(
        "image with a tag of another account's registry",
        _registered(
            Image=f"683313688378.dkr.ecr.{emulated.REGION}.amazonaws.com/sagemaker-scikit-learn:1.4-2",
            ImageDigest=None,
        ),
        is_accepted=True,
    ),
]
