import { z } from "zod";

import { attachedTo } from "../attached";
import { lacking } from "../companion";
import { type Resource, notYet } from "../resource";
import type { StackRule } from "../rule";
import { besideBucket, bucketsIn } from "./buckets";

const text = z.union([z.string(), z.symbol()]);

const ruleShape = z.object({
  applyServerSideEncryptionByDefault: z.object({
    sseAlgorithm: text,
    kmsMasterKeyId: text.optional(),
  }),
});

const beside = besideBucket(
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
);

const logTarget = {
  ...besideBucket("aws:s3/bucketLogging:BucketLogging", "aws:s3/bucketLoggingV2:BucketLoggingV2"),
  by: "targetBucket",
};

/** Objects are encrypted with a named key; access logs, which S3 cannot write so, with S3's own. */
export const encryptedBuckets: StackRule = {
  name: "buckets-use-a-key",
  description:
    "Every bucket encrypts with a named KMS key, or with S3's own if it takes access logs.",
  findings: (resources) => {
    const buckets = bucketsIn(resources);
    const takers = new Set(buckets.filter((one) => takesLogs(one, resources)));
    return [
      ...lacking([...takers], resources, {
        attachment: beside,
        holds: encrypts,
        message:
          'The bucket takes access logs and says no encryption. Add a BucketServerSideEncryptionConfiguration with sseAlgorithm "AES256".',
      }),
      ...lacking(
        buckets.filter((one) => !takers.has(one)),
        resources,
        {
          attachment: beside,
          holds: encryptsWithKey,
          message:
            'The bucket encrypts with no key of yours. Add a BucketServerSideEncryptionConfiguration with sseAlgorithm "aws:kms" and kmsMasterKeyId.',
        },
      ),
    ];
  },
};

function takesLogs(bucket: Resource, resources: readonly Resource[]): boolean {
  return attachedTo(bucket, resources, logTarget).found.length > 0;
}

function encrypts({ props }: Resource): boolean {
  return props.rules === notYet || defaults(props.rules).length > 0;
}

function encryptsWithKey({ props }: Resource): boolean {
  return (
    props.rules === notYet ||
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
