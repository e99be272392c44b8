"""Copies, endpoints and pipeline variables that a deployment must refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import account
import emulated
from account import BUCKET, ENDPOINTS, Version
from build import STAGING, Build
from calls import Calls
from refusals import Case
from scenarios import both, deploy, new_version, prod, staging

_OTHER = "c" * 64


def _handed_over(change: Callable[[dict[str, Any]], Any]) -> Callable[[Calls], Build]:
    """Production after staging, with another deployment.json."""

    def prepare(_calls: Calls) -> Build:
        both(new_version(1))
        build = prod(deploy(staging(new_version(2))))
        assert build.handover is not None
        change(build.handover)
        return build

    return prepare


def _archive(**members: str) -> Callable[[dict[str, Any]], Any]:
    return lambda handover: handover["container"]["archive"].update(members)


def _copy_of_version_1(handover: dict[str, Any]) -> None:
    keys = sorted(emulated.backend("s3").buckets[BUCKET].keys)
    key = next(key for key in keys if key.startswith(f"{account.GROUP}/deployed/1/"))
    version = account.client("s3").head_object(Bucket=BUCKET, Key=key)["VersionId"]
    _archive(key=key, versionId=version, sha256=key.split("/")[-2])(handover)


def _overwrite_copy(handover: dict[str, Any]) -> None:
    key = handover["container"]["archive"]["key"]
    account.client("s3").put_object(Bucket=BUCKET, Key=key, Body=b"another archive")


def _delete_copy(handover: dict[str, Any]) -> None:
    key = handover["container"]["archive"]["key"]
    account.client("s3").delete_object(Bucket=BUCKET, Key=key)


def _rejected_meanwhile(_handover: dict[str, Any]) -> None:
    account.reject(Version(2))


def _nothing_handed_over(_calls: Calls) -> Build:
    both(new_version(1))
    build = prod(deploy(staging(new_version(2))))
    build.handover = None
    return build


def _foreign(stage: str, tags: dict[str, str]) -> Callable[[Calls], Build]:
    """An endpoint of the name that another program created."""

    def prepare(_calls: Calls) -> Build:
        version = new_version(1)
        tested = staging(version) if stage == "staging" else deploy(staging(version))
        sagemaker = account.client("sagemaker")
        sagemaker.create_model(
            ModelName="other",
            ExecutionRoleArn=f"arn:aws:iam::{emulated.ACCOUNT}:role/other",
            PrimaryContainer={"Image": account.IMAGE},
        )
        variant = {"VariantName": "Other", "ModelName": "other", "InitialInstanceCount": 1}
        sagemaker.create_endpoint_config(
            EndpointConfigName="other",
            ProductionVariants=[{**variant, "InstanceType": STAGING["instanceType"]}],
        )
        sagemaker.create_endpoint(
            EndpointName=ENDPOINTS[stage],
            EndpointConfigName="other",
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
        )
        # It has been in service for long.
        while (
            sagemaker.describe_endpoint(EndpointName=ENDPOINTS[stage])["EndpointStatus"]
            != "InService"
        ):
            pass
        return tested if isinstance(tested, Build) else prod(tested)

    return prepare


def _variable(value: str) -> Callable[[Calls], Build]:
    def prepare(_calls: Calls) -> Build:
        both(new_version(1))
        return staging(_Named(1, name=value))

    return prepare


class _Named(Version):
    """Version under another name in the pipeline's variable."""

    def __init__(self, number: int, name: str) -> None:
        super().__init__(number)
        self.name = name

    @property
    def arn(self) -> str:
        """Value of the variable."""
        return self.name


def _config_deleted(_calls: Calls) -> Build:
    """An administrator deleted config and model of the staging endpoint, which serves on."""
    deploy(staging(new_version(1)))
    backend = emulated.backend("sagemaker")
    backend.endpoint_configs.clear()
    backend._models.clear()
    return staging(Version(1))


_FOREIGN_GROUP = Version(1).arn.replace("--models/", "--others/")
_INJECTED = f'{Version(1).arn}","type":"PLAINTEXT"}},{{"name":"PYTHONPATH","value":"/tmp'

CASES = [
    Case(
        "other version id of the copy",
        _handed_over(_archive(versionId=_OTHER)),
        ["version", _OTHER],
    ),
    Case("other SHA-256 of the copy", _handed_over(_archive(sha256=_OTHER)), ["copy", _OTHER]),
    Case("other bucket of the copy", _handed_over(_archive(bucket="another")), ["copy", "another"]),
    Case("copy of another version", _handed_over(_copy_of_version_1), ["copy", "deployed/1/"]),
    Case(
        "other image digest",
        _handed_over(
            lambda it: it["container"].update(
                image=f"{account.IMAGE.rpartition(':')[0]}@sha256:{_OTHER}"
            )
        ),
        ["image", _OTHER],
    ),
    Case(
        "other container environment",
        _handed_over(lambda it: it["container"]["environment"].update(SAGEMAKER_PROGRAM="evil.py")),
        ["environment"],
    ),
    Case("copy overwritten between the stages", _handed_over(_overwrite_copy), ["copy", "SHA-256"]),
    Case("copy deleted between the stages", _handed_over(_delete_copy), ["copy"]),
    Case("version rejected between the stages", _handed_over(_rejected_meanwhile), ["Rejected"]),
    Case("no deployment.json", _nothing_handed_over, ["deployment.json"]),
    Case(
        "endpoint of staging without tags",
        _foreign("staging", {}),
        ["tags", ENDPOINTS["staging"]],
        is_copied=True,
    ),
    Case("endpoint of production without tags", _foreign("prod", {}), ["tags", ENDPOINTS["prod"]]),
    Case(
        "endpoint of another project",
        _foreign("prod", {**account.PROJECT_TAGS, "sagemaker:project-name": "other"}),
        ["tags", "other"],
    ),
    Case(
        "version of another group", _variable(_FOREIGN_GROUP), ["MODEL_PACKAGE_ARN", _FOREIGN_GROUP]
    ),
    Case("variable that injects JSON", _variable(_INJECTED), ["MODEL_PACKAGE_ARN", "PYTHONPATH"]),
    Case("config deleted under the endpoint", _config_deleted, is_accepted=True),
]
