import type { Kind, PolicyDocument } from "./policyDocuments";

/** Characters that AWS takes at most, without white space; a role's are for all of its inline policies together. */
const limits: Readonly<Record<Kind, number>> = {
  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (a managed policy) */
  boundary: 6_144,
  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html */
  bucket: 20_480,
  /** https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html */
  key: 32_768,
  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  managed: 6_144,
  /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html */
  queue: 8_192,
  /**
   * 10,240 less the policy of `npm run revoke`.
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
   */
  role: 10_040,
  /** https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html */
  topic: 30_720,
  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  trust: 2_048,
};

/** Says by how much a policy is too long for AWS. */
export function overLimit({ document, kind }: PolicyDocument): string[] {
  const { length } = JSON.stringify(document);
  const limit = limits[kind];
  if (length <= limit) return [];
  return [`${length.toString()} characters, and AWS takes ${limit.toString()}`];
}
