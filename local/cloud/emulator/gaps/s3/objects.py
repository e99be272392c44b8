"""Objects of Amazon S3: checksums, and dates of multipart uploads."""

import base64
import hashlib
from typing import Any

from moto.core.common_types import TYPE_RESPONSE
from moto.core.utils import utcnow
from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeKey, FakeMultipart, S3Backend
from moto.s3.responses import S3Response

moto_put_object = S3Response.put_object
moto_store_object = S3Backend.put_object
moto_head_object = S3Response.head_object
moto_get_checksum = S3Response._get_checksum
moto_multipart_init = FakeMultipart.__init__
moto_complete_multipart_upload = S3Backend.complete_multipart_upload

SHA256 = "x-amz-checksum-sha256"


class BadDigest(S3ClientError):
    """The checksum of the request is not that of the content."""

    code = "BadDigest"


def close() -> None:
    S3Response.put_object = put_object
    S3Backend.put_object = store_object
    S3Response.head_object = head_object
    S3Response._get_checksum = get_checksum
    FakeMultipart.__init__ = multipart_init
    S3Backend.complete_multipart_upload = complete_multipart_upload


def put_object(self: S3Response) -> TYPE_RESPONSE:
    # AWS refuses content that has another checksum; moto takes any.
    given = self.headers.get(SHA256)
    actual = base64.b64encode(hashlib.sha256(self.body or b"").digest()).decode()
    if given is not None and given != actual:
        raise BadDigest("The SHA256 you specified did not match the calculated checksum.")
    return moto_put_object(self)


def store_object(self: S3Backend, *args: Any, **kwargs: Any) -> FakeKey:
    # AWS answers FULL_OBJECT for the checksum of PutObject; moto stores no type.
    key = moto_store_object(self, *args, **kwargs)
    if kwargs.get("checksum_value"):
        key.checksum_type = "FULL_OBJECT"
    return key


def head_object(
    self: S3Response,
    bucket_name: str,
    query: dict[str, Any],
    key_name: str,
    headers: dict[str, Any],
) -> TYPE_RESPONSE:
    # AWS answers the type of the checksum (FULL_OBJECT, COMPOSITE); moto for GetObject only.
    status, answered, body = moto_head_object(self, bucket_name, query, key_name, headers)
    checksum = next((name for name in answered if name.startswith("x-amz-checksum-")), None)
    key = self.backend.get_object(bucket_name, key_name, query.get("versionId", [None])[0])
    if checksum is not None and key is not None and key.checksum_type:
        answered["x-amz-checksum-type"] = key.checksum_type
        if key.checksum_type == "COMPOSITE":
            answered[checksum] = f"{key.checksum_value}-{key.checksum_parts}"
    return status, answered, body


def get_checksum(self: S3Response, response_headers: dict[str, Any]) -> tuple[str, str | None]:
    # AWS stores a checksum without x-amz-sdk-checksum-algorithm too; moto does not.
    given = self.headers.get(SHA256)
    if given is None:
        return moto_get_checksum(self, response_headers)
    response_headers[SHA256] = given
    return "SHA256", given


def multipart_init(self: FakeMultipart, *args: Any, **kwargs: Any) -> None:
    moto_multipart_init(self, *args, **kwargs)
    self.initiated = utcnow()


def complete_multipart_upload(
    self: S3Backend, bucket_name: str, multipart_id: str, body: Any
) -> FakeKey | None:
    # AWS dates the object by the start of its upload, and orders versions by that: a version that
    # is written during the upload stays the current one. moto dates it by the end.
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
    bucket = self.get_bucket(bucket_name)
    initiated = bucket.multiparts[multipart_id].initiated
    key = moto_complete_multipart_upload(self, bucket_name, multipart_id, body)
    if key is not None:
        key.last_modified = initiated
        versions = sorted(bucket.keys.getlist(key.name), key=lambda one: one.last_modified)
        bucket.keys.setlist(key.name, versions)
    return key
