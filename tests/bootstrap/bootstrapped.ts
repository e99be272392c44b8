import { z } from "zod";

import { type PolicyDocument, policyDocuments } from "../permissions/lint/policyDocuments";
import { awsContext, record } from "../support/mocks";

const administratorArn = `arn:aws:iam::${awsContext.accountId}:role/administrator`;

/** Config of the bootstrap program for the tests' project and repository. */
export const config = {
  "model-build-pipeline:projectName": "churn",
  "model-build-pipeline:repository": "acme/model-build-pipeline",
  "model-build-pipeline:ownerId": "1234567",
  "model-build-pipeline:repositoryId": "987654321",
  "model-build-pipeline:administratorArns": JSON.stringify([administratorArn]),
  "model-build-pipeline:dataBuckets": '["churn-data"]',
};

const exported = z.custom<() => Promise<unknown>>((it) => typeof it === "function");

/** Resources of the bootstrap program with a config. */
export async function bootstrapped(values: Record<string, string> = config, where = awsContext) {
  const program = await import("../../bootstrap/index");
  return record(exported.parse(program.default), { config: values, where });
}

/** Policies of the bootstrap program, including the permissions boundaries. */
export async function bootstrapPolicies(
  values: Record<string, string> = config,
  where = awsContext,
): Promise<PolicyDocument[]> {
  return policyDocuments(await bootstrapped(values, where), where).map((policy) => ({
    ...policy,
    kind: /-(data|state)$/.test(policy.name) ? "managed" : policy.kind,
    document: withContext(policy.document, where),
  }));
}

/** The policy in the AWS context: ARNs of mocks and config always have the same. */
function withContext(
  document: unknown,
  { accountId, partition, region }: typeof awsContext,
): unknown {
  const text = JSON.stringify(document)
    .replaceAll(administratorArn, administratorArn.replace("aws", partition))
    .replaceAll(
      `arn:aws:iam::${awsContext.accountId}:oidc`,
      `arn:${partition}:iam::${accountId}:oidc`,
    )
    .replaceAll(
      `arn:aws:kms:${awsContext.region}:${awsContext.accountId}`,
      `arn:${partition}:kms:${region}:${accountId}`,
    );
  return JSON.parse(text);
}
