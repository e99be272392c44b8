import type { Row } from "./provider/inventory";
import { clientOptions } from "./provider/clients";
import type { Cloud } from "./provider/cloud";

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

/** Makes in the empty account what the example takes for given; returns all that is there then. */
export async function makeWhatOthersOwn(
  cloud: Cloud,
  name: SourceName | undefined,
): Promise<Row[]> {
  if (name !== "existing") return [];
  const { CodeCommit } = await import("@aws-sdk/client-codecommit");
  const { repositoryName } = existing;
  await new CodeCommit(clientOptions(cloud.endpoint, cloud.region)).createRepository({
    repositoryName,
  });
  const { inventory } = await import("./provider/inventory");
  return inventory(cloud.endpoint, cloud.region);
}
