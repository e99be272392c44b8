"""Bucket settings of Amazon S3: encryption, lifecycle, notifications and log delivery."""

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.s3.models import LOGGING_SERVICE_PRINCIPAL, FakeBucket, FakeDeleteMarker
from moto.s3.responses import S3Response

from .bucket_policy import as_list

moto_serialized = S3Response.serialized
moto_set_lifecycle = FakeBucket.set_lifecycle


def close() -> None:
    S3Response.serialized = serialized
    FakeBucket.set_lifecycle = set_lifecycle
    # moto answers 500 for a key with a delete marker after versioning is suspended.
    FakeDeleteMarker.dispose = lambda self, garbage=False: None
    FakeBucket._log_permissions_enabled_policy = staticmethod(log_delivery_allowed)


def serialized(self: S3Response, action_result: ActionResult) -> Any:
    complete = COMPLETED_ANSWERS.get(self.data.get("Action", ""))
    if complete and isinstance(action_result.result, dict):
        complete(self.backend.get_bucket(self.bucket_name), action_result.result)
    return moto_serialized(self, action_result)


def complete_encryption(bucket: FakeBucket, answer: Any) -> None:
    # AWS answers the blocked encryption types; moto stores them and leaves them out.
    blocked = bucket.encryption["Rule"].get("BlockedEncryptionTypes") or {}
    types = blocked.get("EncryptionType") or []
    if types:
        rule = answer["ServerSideEncryptionConfiguration"]["Rules"][0]
        listed = types if isinstance(types, list) else [types]
        rule["BlockedEncryptionTypes"] = {"EncryptionType": listed}


def complete_lifecycle(bucket: FakeBucket, answer: Any) -> None:
    # AWS answers how many newer versions stay; moto drops it.
    for kept, rule in zip(bucket.rules, answer["Rules"], strict=True):
        newer = getattr(kept, "newer_noncurrent_versions", None)
        if newer is not None:
            rule["NoncurrentVersionExpiration"]["NewerNoncurrentVersions"] = newer


def complete_notification(bucket: FakeBucket, answer: Any) -> None:
    # AWS answers that events go to EventBridge; moto stores it and leaves it out.
    if bucket.notification_configuration.event_bridge is not None:
        answer["EventBridgeConfiguration"] = {}


COMPLETED_ANSWERS = {
    "GetBucketEncryption": complete_encryption,
    "GetBucketLifecycleConfiguration": complete_lifecycle,
    "GetBucketNotificationConfiguration": complete_notification,
}


def set_lifecycle(self: FakeBucket, rules: list[dict[str, Any]]) -> None:
    moto_set_lifecycle(self, rules)
    for kept, rule in zip(self.rules, rules, strict=True):
        expiration = rule.get("NoncurrentVersionExpiration") or {}
        kept.newer_noncurrent_versions = expiration.get("NewerNoncurrentVersions")


def log_delivery_allowed(target_bucket: FakeBucket, target_prefix: str | None) -> bool:
    # AWS reads any valid policy; moto fails with 500 on a statement whose principal is "*".
    document = json.loads(target_bucket.policy.decode()) if target_bucket.policy else {}
    bucket = f"arn:{target_bucket.partition}:s3:::{target_bucket.name}"
    places = {f"{bucket}/{target_prefix or ''}*", f"{bucket}/*"}
    return any(
        statement["Effect"] == "Allow"
        and isinstance(statement.get("Principal"), dict)
        and LOGGING_SERVICE_PRINCIPAL in as_list(statement["Principal"].get("Service"))
        and "s3:PutObject" in as_list(statement.get("Action"))
        and not places.isdisjoint(as_list(statement.get("Resource")))
        for statement in as_list(document.get("Statement"))
    )
