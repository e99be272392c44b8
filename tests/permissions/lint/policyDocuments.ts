import { asDocument } from "../../support/documents";
import { keyArn, type awsContext, type Recording } from "../../support/mocks";

/** What a policy is attached to; it decides how long the policy may be, and what it is about. */
export type Kind = "boundary" | "bucket" | "key" | "managed" | "queue" | "role" | "topic" | "trust";

/** A policy document as the program made it, under the logical name of what carries it. */
export interface PolicyDocument {
  readonly name: string;
  readonly kind: Kind;
  readonly document: unknown;
}

const kinds: Readonly<Record<string, Kind>> = {
  "aws:iam/policy:Policy": "boundary",
  "aws:iam/role:Role": "trust",
  "aws:iam/rolePolicy:RolePolicy": "role",
  "aws:kms/key:Key": "key",
  "aws:s3/bucketPolicy:BucketPolicy": "bucket",
  "aws:sns/topicPolicy:TopicPolicy": "topic",
  "aws:sqs/queuePolicy:QueuePolicy": "queue",
};

/** Every policy of a recorded program; throws if a resource of an unknown type carries one. */
export function policyDocuments(
  { resources }: Recording,
  where: typeof awsContext,
): PolicyDocument[] {
  return resources.flatMap(({ inputs, name, type }) => {
    const policy = inputs.assumeRolePolicy ?? inputs.policy;
    if (policy === undefined) return [];
    const kind = kinds[type];
    if (kind === undefined) throw new Error(`${name} is a ${type} with an unchecked policy`);
    const carrier = name
      .replace(/^build-/, "")
      // The deployment's own CodePipeline, beside that of the build.
      .replace(/^deployment-pipeline-role$/, "deploy-role")
      .replace(/^deployment-/, "");
    return policyDocument(
      { kind, name: kind === "trust" ? `${carrier} trust` : carrier, policy },
      where,
    );
  });
}

interface Made {
  kind: Kind;
  name: string;
  policy: unknown;
}

/** The policy in this AWS context: the mock engine's key has the same ARN everywhere. */
export function policyDocument(
  { kind, name, policy }: Made,
  { accountId, partition, region }: typeof awsContext,
): PolicyDocument {
  const id = keyArn.split("/")[1] ?? "";
  const text = JSON.stringify(asDocument(policy)).replaceAll(
    keyArn,
    `arn:${partition}:kms:${region}:${accountId}:key/${id}`,
  );
  return { name, kind, document: JSON.parse(text) };
}
