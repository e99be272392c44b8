import type { Row } from "../cloud/provider/inventory";
import { makeNetwork } from "./existingNetwork";
import { clientOptions } from "../cloud/provider/clients";
import { networks } from "../cloud/provider/inventory/networks";
import type { Engine } from "../cloud/engine";
import { createResources, type OtherResources } from "./otherResources";

const existing = { repositoryName: "team-model", branch: "main" };

const examples = {
  codecommit: { codecommit: { branch: "main" } },
  existing: { existing },
  connection: {
    connection: {
      connectionArn:
        "arn:aws:codeconnections:us-east-1:123456789012:connection/11111111-2222-3333-4444-555555555555",
      fullRepositoryId: "acme/churn-model",
      branch: "main",
      paths: ["pipelines/**"],
    },
  },
};

/** A kind of source for which the local cloud has an example. */
export type SourceName = keyof typeof examples;

/** Their names, in the order of the documentation. */
export const sourceNames: readonly string[] = Object.keys(examples);

/** Whether there is an example of that name. */
export function isSourceName(name: string): name is SourceName {
  return sourceNames.includes(name);
}

/** The `source` setting of the example. */
export function sourceExample(name: SourceName): unknown {
  return examples[name];
}

interface Existing {
  readonly hasNetwork: boolean;
  readonly resources?: OtherResources | undefined;
  readonly source: SourceName | undefined;
}

/** Creates the resources of other owners; returns all resources of the account. */
export async function createExistingResources(
  engine: Engine,
  { hasNetwork, resources, source }: Existing,
): Promise<Row[]> {
  const { endpoint, region } = engine.cloud;
  const options = clientOptions(endpoint, region);
  if (source === "existing") {
    const { CodeCommit } = await import("@aws-sdk/client-codecommit");
    const { repositoryName } = existing;
    await new CodeCommit(options).createRepository({ repositoryName });
  }
  if (hasNetwork) await makeNetwork(engine);
  if (resources !== undefined) await createResources(engine, resources);
  if (source !== "existing" && !hasNetwork && resources === undefined) return [];
  const { inventory } = await import("../cloud/provider/inventory");
  return [...(await inventory(endpoint, region)), ...(hasNetwork ? await networks(options) : [])];
}
