import { z } from "zod";

import type { Attachment } from "../attachment";
import { deniesInsecureTransport } from "../policyDocument";
import { findMissing } from "../requiredSetting";
import { type Resource, unknownValue } from "../resource";
import type { StackRule } from "../rule";

const BLOCKS = [
  "blockPublicAcls",
  "blockPublicPolicy",
  "ignorePublicAcls",
  "restrictPublicBuckets",
];

const versioningShape = {
  inline: z.object({ enabled: z.literal(true) }),
  attached: z.object({ status: z.union([z.literal("Enabled"), z.symbol()]) }),
};

/**
 * S3 public access block: all four settings, so that no policy or ACL can make the bucket public.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-8
 */
export const s3BucketPublicAccessBlock: StackRule = {
  name: "s3-bucket-public-access-block",
  description: "An S3 bucket has a public access block with all four settings.",
  controls: ["S3.2", "S3.3", "S3.8"],
  findings: (resources) =>
    findMissing(bucketsIn(resources), resources, {
      attachment: bucketAttachment("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"),
      isSatisfiedBy: ({ props }) =>
        BLOCKS.every((block) => [true, unknownValue].some((on) => on === props[block])),
      message:
        "The bucket can become public. Add a BucketPublicAccessBlock and set " +
        `${BLOCKS.join(", ")} to true.`,
    }),
};

/**
 * S3 bucket policy: denies requests without TLS.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-5
 */
export const s3BucketTlsOnly: StackRule = {
  name: "s3-bucket-tls-only",
  description: "An S3 bucket policy denies requests without TLS.",
  controls: ["S3.5"],
  findings: (resources) =>
    findMissing(bucketsIn(resources), resources, {
      attachment: bucketAttachment("aws:s3/bucketPolicy:BucketPolicy"),
      isSatisfiedBy: isTlsOnly,
      isSatisfiedInline: ({ props }) => deniesInsecureTransport(props.policy, "s3:GetObject"),
      message:
        "The bucket accepts requests without TLS. Add a BucketPolicy that denies s3:* on the bucket " +
        'and its objects to all principals if aws:SecureTransport is "false".',
    }),
};

/**
 * S3 bucket versioning: overwritten and deleted objects can be restored.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-14
 */
export const s3BucketVersioning: StackRule = {
  name: "s3-bucket-versioning",
  description: "An S3 bucket has versioning enabled.",
  controls: ["S3.14"],
  findings: (resources) =>
    findMissing(bucketsIn(resources), resources, {
      attachment: bucketAttachment(
        "aws:s3/bucketVersioning:BucketVersioning",
        "aws:s3/bucketVersioningV2:BucketVersioningV2",
      ),
      isSatisfiedBy: ({ props: { versioningConfiguration } }) =>
        versioningConfiguration === unknownValue ||
        versioningShape.attached.safeParse(versioningConfiguration).success,
      isSatisfiedInline: ({ props }) => versioningShape.inline.safeParse(props.versioning).success,
      message:
        "The bucket has no versioning: overwritten and deleted objects cannot be restored. " +
        'Add a BucketVersioning with status "Enabled".',
    }),
};

/** S3 buckets of a stack. */
export function bucketsIn(resources: readonly Resource[]): Resource[] {
  return resources.filter(({ type }) => /^aws:s3\/bucket(V2)?:Bucket(V2)?$/.test(type));
}

/** Attachment of resources that configure an S3 bucket. */
export function bucketAttachment(...types: string[]): Attachment {
  return { types, reference: "bucket", ownerProperties: ["bucket", "id", "arn"] };
}

function isTlsOnly({ props }: Resource): boolean {
  return props.policy === unknownValue || deniesInsecureTransport(props.policy, "s3:GetObject");
}
