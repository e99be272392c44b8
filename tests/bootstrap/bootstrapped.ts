import { z } from "zod";

import { type PolicyDocument, policyDocuments } from "../lint/policyDocuments";
import { place, record } from "../support/mocks";

/** The config of the example, for the project and repository that the tests speak of. */
export const config = {
  "model-build-pipeline:projectName": "churn",
  "model-build-pipeline:repository": "acme/model-build-pipeline",
  "model-build-pipeline:ownerId": "1234567",
  "model-build-pipeline:repositoryId": "987654321",
  "model-build-pipeline:dataBuckets": '["churn-data"]',
};

const exported = z.custom<() => Promise<unknown>>((it) => typeof it === "function");

/** What the bootstrap program makes, with a config. */
export async function bootstrapped(instead: Record<string, string> = config, where = place) {
  const program = await import("../../examples/bootstrap/index");
  return record(exported.parse(program.default), { config: instead, where });
}

/** Its policies; of each deployment role with those of its boundary. */
export async function bootstrapPolicies(
  instead: Record<string, string> = config,
  where = place,
): Promise<PolicyDocument[]> {
  return policyDocuments(await bootstrapped(instead, where), where).map((policy) => ({
    ...policy,
    kind: policy.name.endsWith("-data") ? "managed" : policy.kind,
    document: moved(policy.document, where),
  }));
}

/** The mock engine's ARNs are the same in every place. */
function moved(document: unknown, { accountId, partition, region }: typeof place): unknown {
  const text = JSON.stringify(document)
    .replaceAll(`arn:aws:iam::${place.accountId}:oidc`, `arn:${partition}:iam::${accountId}:oidc`)
    .replaceAll(
      `arn:aws:kms:${place.region}:${place.accountId}`,
      `arn:${partition}:kms:${region}:${accountId}`,
    );
  return JSON.parse(text);
}
