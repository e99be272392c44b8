"""Archives that staging must refuse: it deploys only the approved archive."""

from __future__ import annotations

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
    version = Version(1)
    _upload_in_parts(version, lambda: account.register(version))
    return staging(version)


def _training_output_in_parts(_calls: Calls) -> Build:
    version = Version(1)
    account.create_training_job(version)
    _upload_in_parts(version, lambda: None)
    account.register(version)
    return staging(version)


def _changed_after_approval(
    change: Callable[[Any, dict[str, str]], Any],
) -> Callable[[Calls], Build]:
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
    account.client("s3").put_object(Bucket=BUCKET, Key=version.archive_key, Body=b"trained twice")
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
        [_AGAIN],
    ),
    Case("second version of the archive", _second_version, ["2 versions", _AGAIN]),
    Case("archive written after registration", _written_late, ["before its registration", _AGAIN]),
]
