"""Containers that staging must refuse: it deploys the whole approved container, or nothing."""

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
                {
                    "ChannelName": "more",
                    "S3DataSource": _source()["ModelDataSource"]["S3DataSource"],
                }
            ]
        ),
        ["AdditionalModelDataSources"],
    ),
    Case(
        "additional data source",
        _registered(
            AdditionalS3DataSource={"S3DataType": "S3Object", "S3Uri": f"s3://{BUCKET}/more"}
        ),
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
        _answered(
            lambda container: container["ModelDataSource"].update(NewDataSource={"Uri": "u"})
        ),
        ["NewDataSource"],
    ),
    Case("image with a tag that does not exist", _registered(ImageDigest=None), ["the tag 1"]),
    Case(
        "image with a tag of another account's registry",
        _registered(
            Image=f"683313688378.dkr.ecr.{emulated.REGION}.amazonaws.com/sagemaker-scikit-learn:1.4-2",
            ImageDigest=None,
        ),
        is_accepted=True,
    ),
]
