import { z } from "zod";

import { findAttached } from "../attachment";
import { findMissing } from "../requiredSetting";
import { type Resource, unknownValue } from "../resource";
import type { StackRule } from "../rule";
import { bucketAttachment, bucketsIn } from "./s3";

const text = z.union([z.string(), z.symbol()]);

const ruleShape = z.object({
  applyServerSideEncryptionByDefault: z.object({
    sseAlgorithm: text,
    kmsMasterKeyId: text.optional(),
  }),
});

const encryptionAttachment = bucketAttachment(
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
);

const logTargetAttachment = {
  ...bucketAttachment(
    "aws:s3/bucketLogging:BucketLogging",
    "aws:s3/bucketLoggingV2:BucketLoggingV2",
  ),
  reference: "targetBucket",
};

/**
 * S3 default encryption: SSE-KMS with a named key. SSE-S3 for a bucket that receives access logs,
 * since S3 cannot deliver access logs to a bucket with SSE-KMS.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-17
 */
export const s3BucketKmsEncryption: StackRule = {
  name: "s3-bucket-kms-encryption",
  description:
    "An S3 bucket encrypts with a named KMS key, or has SSE-S3 if it receives access logs.",
  controls: ["S3.17"],
  findings: (resources) => {
    const buckets = bucketsIn(resources);
    const logBuckets = new Set(buckets.filter((one) => receivesAccessLogs(one, resources)));
    return [
      ...findMissing([...logBuckets], resources, {
        attachment: encryptionAttachment,
        isSatisfiedBy: encrypts,
        message:
          "The bucket receives access logs and has no default encryption. " +
          'Add a BucketServerSideEncryptionConfiguration with sseAlgorithm "AES256".',
      }),
      ...findMissing(
        buckets.filter((one) => !logBuckets.has(one)),
        resources,
        {
          attachment: encryptionAttachment,
          isSatisfiedBy: encryptsWithKey,
          message:
            "The bucket does not encrypt with a named KMS key. " +
            'Add a BucketServerSideEncryptionConfiguration with sseAlgorithm "aws:kms" and ' +
            "kmsMasterKeyId.",
        },
      ),
    ];
  },
};

function receivesAccessLogs(bucket: Resource, resources: readonly Resource[]): boolean {
  return findAttached(bucket, resources, logTargetAttachment).found.length > 0;
}

function encrypts({ props }: Resource): boolean {
  return props.rules === unknownValue || defaults(props.rules).length > 0;
}

function encryptsWithKey({ props }: Resource): boolean {
  return (
    props.rules === unknownValue ||
    defaults(props.rules).some(
      ({ kmsMasterKeyId, sseAlgorithm }) =>
        kmsMasterKeyId !== undefined &&
        kmsMasterKeyId !== "" &&
        (typeof sseAlgorithm === "symbol" || sseAlgorithm.startsWith("aws:kms")),
    )
  );
}

function defaults(rules: unknown) {
  return (Array.isArray(rules) ? rules : []).flatMap((rule: unknown) => {
    const { data } = ruleShape.safeParse(rule);
    return data === undefined ? [] : [data.applyServerSideEncryptionByDefault];
  });
}
