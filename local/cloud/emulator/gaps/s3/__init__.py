"""moto 5.2.5 lacks, of Amazon S3:

- GetObject, HeadObject, PutObject, DeleteObject: conditions of bucket policies
- PutObject: BadDigest for a wrong SHA-256 checksum; a checksum without ChecksumAlgorithm
- GetObject, HeadObject: ChecksumType of PutObject; HeadObject: COMPOSITE checksums
- CompleteMultipartUpload: LastModified is the start of the upload, and orders the versions
- DeleteObject, DeleteObjects: delete markers after versioning is suspended; moto answers 500
- GetBucketEncryption: BlockedEncryptionTypes
- GetBucketLifecycleConfiguration: NewerNoncurrentVersions of NoncurrentVersionExpiration
- GetBucketNotificationConfiguration: EventBridgeConfiguration
- PutBucketLogging: policies of the log bucket with principal "*" (moto answers 500) or with lists
"""

from . import bucket_policy, buckets, objects


def close() -> None:
    for module in (bucket_policy, buckets, objects):
        module.close()
