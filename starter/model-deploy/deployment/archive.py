"""The archive of a model version: its approved bytes, and the copy that endpoints load."""

from __future__ import annotations

import base64
import hashlib
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from botocore.exceptions import ClientError

from deployment.api import Aws, DeploymentError, say, unless_missing

# Limit of PutObject.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html
MAX_BYTES = 5 * 1024**3
_CHUNK_BYTES = 8 * 1024**2
_PROGRESS_SECONDS = 2


@dataclass(frozen=True)
class Archive:
    """Copy of an archive in the folder of the deployed models."""

    bucket: str
    key: str
    version_id: str
    sha256: str

    @property
    def uri(self) -> str:
        """S3 URI."""
        return f"s3://{self.bucket}/{self.key}"


def copy_archive(aws: Aws, uri: str, registered: datetime, bucket: str, folder: str) -> Archive:
    """Copies an approved archive to `<folder>/<sha256>/`; raises DeploymentError if it changed.

    By download and upload: S3 refuses CopyObject where writes are conditional.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
    """
    key = _key_in(bucket, uri)
    existing = _versions(aws, bucket, f"{folder}/")
    copies = [it for it in existing if it["LastModified"] >= registered]
    if len(copies) == 1:
        # Of an earlier deployment: a rollback must not depend on the training results.
        say(f"Copy s3://{bucket}/{copies[0]['Key']}: exists")
        digest = copies[0]["Key"].split("/")[-2]
        return verify_copy(aws, Archive(bucket, copies[0]["Key"], "", digest))
    version = _approved_version(aws, bucket, key, registered)
    with tempfile.TemporaryFile() as file:
        digest = _download(aws, {"Bucket": bucket, "Key": key, **version}, file)
        target = f"{folder}/{digest.hex()}/model.tar.gz"
        if any(it["Key"] == target for it in existing):
            say(f"Copy s3://{bucket}/{target}: exists")
        else:
            _upload(aws, bucket, target, file, digest)
    return verify_copy(aws, Archive(bucket, target, "", digest.hex()))


def verify_copy(aws: Aws, archive: Archive) -> Archive:
    """Returns the copy as S3 has it; raises DeploymentError if it is another."""
    try:
        found = aws.s3.head_object(Bucket=archive.bucket, Key=archive.key, ChecksumMode="ENABLED")
    except ClientError as error:
        # S3 says Forbidden of a missing object to a role that may not list the bucket.
        if error.response["Error"]["Code"] not in {"403", "404"}:
            raise
        found = None
    checksum = base64.b64encode(bytes.fromhex(archive.sha256)).decode()
    got = (found or {}).get("ChecksumSHA256", "no checksum" if found else "no readable object")
    version_id = (found or {}).get("VersionId", "")
    if got != checksum:
        raise _changed(archive, f"SHA-256 {checksum}", got)
    if archive.version_id not in ("", version_id):
        raise _changed(archive, f"version {archive.version_id}", version_id)
    return Archive(archive.bucket, archive.key, version_id, archive.sha256)


def _changed(archive: Archive, expected: str, got: str) -> DeploymentError:
    return DeploymentError(
        f"the deployed copy {archive.uri} must be the tested one ({expected}), got {got}. "
        "Next: find out who changed it, then deploy the version again"
    )


def _key_in(bucket: str, uri: str) -> str:
    found, _, key = uri.removeprefix("s3://").partition("/")
    if found != bucket or not key:
        raise DeploymentError(
            f"the archive must be in the artifact bucket (e.g. s3://{bucket}/.../model.tar.gz), "
            f"got {uri}. Next: train and register the version with this project's pipeline"
        )
    return key


def _approved_version(aws: Aws, bucket: str, key: str, registered: datetime) -> dict[str, str]:
    """The only version of the archive; raises unless it is the registered one."""
    uri = f"s3://{bucket}/{key}"
    versions = _versions(aws, bucket, key)
    if len(versions) != 1 or "Size" not in versions[0]:
        got = f"{len(versions)} versions and delete markers"
        raise _not_registered(uri, "must have exactly one version", got)
    (version,) = versions
    written = version["LastModified"]
    if written > registered:
        rule = f"must be written before its registration ({registered.isoformat()})"
        raise _not_registered(uri, rule, written.isoformat())
    if version["Size"] > MAX_BYTES:
        raise _not_registered(uri, "must have at most 5 GB", f"{version['Size']} bytes")
    # S3 dates an upload in parts by its start, so that it may end after the registration.
    if "-" in version["ETag"] and not _is_training_output(aws, uri):
        rule = "must be the output of a training job, if it is uploaded in parts"
        raise _not_registered(uri, rule, f"ETag {version['ETag']}")
    say(f"Archive {uri}: version {version['VersionId']}, {version['Size']} bytes")
    return {"VersionId": version["VersionId"]}


def _not_registered(uri: str, rule: str, got: str) -> DeploymentError:
    return DeploymentError(
        f"the archive {uri} {rule}, got {got}. Next: train and register the version again"
    )


def _versions(aws: Aws, bucket: str, key: str) -> list[dict[str, Any]]:
    """Versions and delete markers of an object, first in the list, or below a folder."""
    page = aws.s3.list_object_versions(Bucket=bucket, Prefix=key)
    found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
    return [version for version in found if version["Key"] == key or key.endswith("/")]


def _is_training_output(aws: Aws, uri: str) -> bool:
    """Of a completed job: SageMaker has uploaded it, so that another upload is a second version."""
    parts = uri.split("/")
    if len(parts) < 5 or parts[-2] != "output":
        return False
    job = unless_missing(aws.sagemaker.describe_training_job, TrainingJobName=parts[-3])
    if job is None or job["TrainingJobStatus"] != "Completed":
        return False
    return job["ModelArtifacts"]["S3ModelArtifacts"] == uri


def _download(aws: Aws, request: dict[str, str], file: IO[bytes]) -> bytes:
    """Downloads an object version to a file; returns its SHA-256."""
    digest, logged = hashlib.sha256(), time.monotonic()
    for chunk in aws.s3.get_object(**request)["Body"].iter_chunks(_CHUNK_BYTES):
        file.write(chunk)
        digest.update(chunk)
        if time.monotonic() - logged >= _PROGRESS_SECONDS:
            say(f"{file.tell()} bytes read")
            logged = time.monotonic()
    return digest.digest()


def _upload(aws: Aws, bucket: str, key: str, file: IO[bytes], digest: bytes) -> None:
    """Creates the copy. S3 compares the SHA-256, and refuses to overwrite an object."""
    file.seek(0)
    try:
        aws.s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=file,
            ChecksumSHA256=base64.b64encode(digest).decode(),
            IfNoneMatch="*",
        )
    except ClientError as error:
        # An earlier try of the same call, whose answer was lost.
        if error.response["Error"]["Code"] != "PreconditionFailed":
            raise
    say(f"Copy s3://{bucket}/{key}: created")
