import { z } from "zod";

import type { Attachment } from "../attached";
import { lacking } from "../companion";
import { type Resource, notYet } from "../resource";
import type { StackRule } from "../rule";
import { refusesPlainHttp } from "../transport";

const BLOCKS = [
  "blockPublicAcls",
  "blockPublicPolicy",
  "ignorePublicAcls",
  "restrictPublicBuckets",
];

const enabled = {
  alone: z.object({ enabled: z.literal(true) }),
  beside: z.object({ status: z.union([z.literal("Enabled"), z.symbol()]) }),
};

/** No bucket is public, whatever a policy or an ACL says. */
export const privateBuckets: StackRule = {
  name: "buckets-are-private",
  description: "Every bucket has a public access block, with all four parts on.",
  findings: (resources) =>
    lacking(bucketsIn(resources), resources, {
      attachment: besideBucket("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"),
      holds: ({ props }) =>
        BLOCKS.every((block) => [true, notYet].some((on) => on === props[block])),
      message: `The bucket may become public. Add a BucketPublicAccessBlock with ${BLOCKS.join(", ")}.`,
    }),
};

/** No bucket answers without TLS. */
export const tlsOnlyBuckets: StackRule = {
  name: "buckets-want-tls",
  description: "Every bucket's policy denies requests without TLS.",
  findings: (resources) =>
    lacking(bucketsIn(resources), resources, {
      attachment: besideBucket("aws:s3/bucketPolicy:BucketPolicy"),
      holds: wantsTls,
      alone: ({ props }) => refusesPlainHttp(props.policy, "s3:GetObject"),
      message:
        'The bucket answers without TLS. Add a BucketPolicy that denies everyone s3:*, on bucket and objects, where aws:SecureTransport is "false".',
    }),
};

/** Nothing that is overwritten or deleted in a bucket is gone. */
export const versionedBuckets: StackRule = {
  name: "buckets-are-versioned",
  description: "Every bucket keeps earlier versions of its objects.",
  findings: (resources) =>
    lacking(bucketsIn(resources), resources, {
      attachment: besideBucket(
        "aws:s3/bucketVersioning:BucketVersioning",
        "aws:s3/bucketVersioningV2:BucketVersioningV2",
      ),
      holds: ({ props: { versioningConfiguration: it } }) =>
        it === notYet || enabled.beside.safeParse(it).success,
      alone: ({ props }) => enabled.alone.safeParse(props.versioning).success,
      message:
        'What is overwritten or deleted in the bucket is gone. Add a BucketVersioning with status "Enabled".',
    }),
};

/** The buckets of a stack. */
export function bucketsIn(resources: readonly Resource[]): Resource[] {
  return resources.filter(({ type }) => /^aws:s3\/bucket(V2)?:Bucket(V2)?$/.test(type));
}

/** How what is set on a bucket names it. */
export function besideBucket(...types: string[]): Attachment {
  return { types, by: "bucket", names: ["bucket", "id", "arn"] };
}

function wantsTls({ props }: Resource): boolean {
  return props.policy === notYet || refusesPlainHttp(props.policy, "s3:GetObject");
}
