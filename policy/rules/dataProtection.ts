import { z } from "zod";

import { type Resource, stackOf, titleOf } from "../resource";
import type { Finding, ResourceRule, StackRule } from "../rule";
import { isProdStack, prodStacksSchema } from "./prodStacks";

/** Resource types with data. The outputs identify a resource: a replacement changes one of them. */
const identityOutputs: Readonly<Record<string, readonly string[]>> = {
  "aws:s3/bucket:Bucket": ["bucket", "arn"],
  "aws:s3/bucketV2:BucketV2": ["bucket", "arn"],
  "aws:kms/key:Key": ["keyId"],
  "aws:codecommit/repository:Repository": ["repositoryId"],
  "aws:sagemaker/modelPackageGroup:ModelPackageGroup": ["arn"],
};

const configShape = z.object({
  standing: z
    .array(z.object({ urn: z.string(), identity: z.record(z.string(), z.string()) }))
    .default([]),
});

/** Config of {@link noDataDeletion}: the deployed resources with data. */
export type NoDataDeletionConfig = z.output<typeof configShape>;

/**
 * Resources with data in a prod stack: the Pulumi option `protect`, with which the engine rejects
 * deletion and replacement.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/resources/options/protect/
 */
export const prodDeletionProtection: ResourceRule = {
  name: "prod-deletion-protection",
  description:
    "A bucket, key, repository, model package group or log group in a prod stack is protected.",
  controls: ["KMS.3"],
  configSchema: prodStacksSchema,
  types: [...Object.keys(identityOutputs), "aws:cloudwatch/logGroup:LogGroup"],
  inputs: [],
  problems: ({ isProtected, urn }, config) =>
    isProtected || !isProdStack(stackOf(urn), config)
      ? []
      : [
          `The resource has data and no deletion protection in prod stack ${stackOf(urn)}. Set the ` +
            "resource option protect, on the resource or on its component.",
        ],
};

/** Deployed resources with data: not deleted, not replaced. The config lists them. */
export const noDataDeletion: StackRule = {
  name: "no-data-deletion",
  description: "An update deletes or replaces no bucket, key, repository or model package group.",
  controls: ["KMS.3"],
  configSchema: {
    properties: {
      standing: {
        type: "array",
        items: { type: "object" },
        description:
          "Deployed resources with data: the output of `npm run policy -- STATE --standing`.",
      },
    },
  },
  findings: (resources, config) =>
    configShape.parse(config).standing.flatMap(({ identity, urn }): Finding[] => {
      const current = resources.find(
        (resource) => resource.urn === urn || resource.aliases.includes(urn),
      );
      const name = titleOf(urn);
      if (current === undefined) {
        return [
          {
            message:
              `${name} would be deleted with its data. Keep it in the program. To rename or move it, ` +
              "add an alias to the new resource.",
          },
        ];
      }
      const changed = Object.entries(identity).find(([key, value]) => current.props[key] !== value);
      return changed === undefined
        ? []
        : [
            {
              urn: current.urn,
              message:
                `${name} would be replaced and its data lost: ${changed[0]} is no longer ` +
                `${changed[1]}. Update it in place, or create a second resource and move the data.`,
            },
          ];
    }),
};

/** Lists the resources with data in a stack, as config of {@link noDataDeletion}. */
export function noDataDeletionConfig(resources: readonly Resource[]): NoDataDeletionConfig {
  return {
    standing: resources.flatMap(({ props, type, urn }) => {
      const known = (identityOutputs[type] ?? []).flatMap((key) => {
        const value = props[key];
        return typeof value === "string" ? [[key, value] as const] : [];
      });
      return known.length === 0 ? [] : [{ urn, identity: Object.fromEntries(known) }];
    }),
  };
}
