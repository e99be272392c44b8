import type { LifecycleRule, S3 } from "@aws-sdk/client-s3";
import { z } from "zod";

import type { Handler } from "../handler";
import { bucketRule } from "./bucketRule";

const ruleInputs = z.strictObject({
  id: z.string(),
  status: z.enum(["Enabled", "Disabled"]),
  filter: z.strictObject({ prefix: z.string().default("") }).prefault({}),
  abortIncompleteMultipartUpload: z.strictObject({ daysAfterInitiation: z.number() }).optional(),
  noncurrentVersionExpiration: z
    .strictObject({ noncurrentDays: z.number(), newerNoncurrentVersions: z.number().optional() })
    .optional(),
  expiration: z.strictObject({ days: z.number() }).optional(),
});

/** The lifecycle rules of an S3 bucket. */
export function lifecycleHandler(s3: () => Promise<S3>): Handler {
  return bucketRule(s3, {
    type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    inputs: z.strictObject({ bucket: z.string(), rules: z.array(ruleInputs).min(1) }),
    absent: /^NoSuchLifecycleConfiguration/,
    put: (api, { bucket: Bucket, rules }) =>
      api.putBucketLifecycleConfiguration({
        Bucket,
        LifecycleConfiguration: { Rules: rules.map(lifecycleRule) },
      }),
    read: async (api, Bucket) => {
      const { Rules = [] } = await api.getBucketLifecycleConfiguration({ Bucket });
      return { rules: Rules.map(ruleProperties) };
    },
    remove: (api, Bucket) => api.deleteBucketLifecycle({ Bucket }),
  });
}

function lifecycleRule(rule: z.output<typeof ruleInputs>): LifecycleRule {
  const { abortIncompleteMultipartUpload: abort, noncurrentVersionExpiration: noncurrent } = rule;
  return {
    ID: rule.id,
    Status: rule.status,
    Filter: { Prefix: rule.filter.prefix },
    AbortIncompleteMultipartUpload: abort && { DaysAfterInitiation: abort.daysAfterInitiation },
    NoncurrentVersionExpiration: noncurrent && {
      NoncurrentDays: noncurrent.noncurrentDays,
      NewerNoncurrentVersions: noncurrent.newerNoncurrentVersions,
    },
    Expiration: rule.expiration && { Days: rule.expiration.days },
  };
}

function ruleProperties(rule: LifecycleRule) {
  const abort = rule.AbortIncompleteMultipartUpload;
  const noncurrent = rule.NoncurrentVersionExpiration;
  return {
    id: rule.ID,
    status: rule.Status,
    filter: { prefix: rule.Filter?.Prefix ?? "" },
    abortIncompleteMultipartUpload: abort && { daysAfterInitiation: abort.DaysAfterInitiation },
    noncurrentVersionExpiration: noncurrent && {
      noncurrentDays: noncurrent.NoncurrentDays,
      newerNoncurrentVersions: noncurrent.NewerNoncurrentVersions,
    },
    expiration: rule.Expiration && { days: rule.Expiration.Days },
  };
}
