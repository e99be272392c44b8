import { z } from "zod";

import { type Resource, stackOf, titleOf } from "../resource";
import type { Finding, ResourceRule, StackRule } from "../rule";
import { isProd, prodSchema } from "./prod";

/** What holds data, and the outputs that are others as soon as it is another. */
const identities: Readonly<Record<string, readonly string[]>> = {
  "aws:s3/bucket:Bucket": ["bucket", "arn"],
  "aws:s3/bucketV2:BucketV2": ["bucket", "arn"],
  "aws:kms/key:Key": ["keyId"],
  "aws:codecommit/repository:Repository": ["repositoryId"],
  "aws:sagemaker/modelPackageGroup:ModelPackageGroup": ["arn"],
};

const standingShape = z.object({
  standing: z
    .array(z.object({ urn: z.string(), identity: z.record(z.string(), z.string()) }))
    .default([]),
});

/** What holds data as it stood once: the config of {@link keptData}. */
export type Standing = z.output<typeof standingShape>;

/** In prod, the engine itself refuses to delete or replace what holds data. */
export const protectedData: ResourceRule = {
  name: "prod-data-is-protected",
  description:
    "In a prod stack, buckets, keys, repositories, model package groups and log groups are protected.",
  configSchema: prodSchema,
  types: [...Object.keys(identities), "aws:cloudwatch/logGroup:LogGroup"],
  reads: [],
  problems: ({ isProtected, urn }, config) =>
    isProtected || !isProd(stackOf(urn), config)
      ? []
      : [
          `It holds data, and stack ${stackOf(urn)} is prod. Set the resource option protect, here or on its component.`,
        ],
};

/** What holds data and stood before still stands, and is the same. */
export const keptData: StackRule = {
  name: "data-is-kept",
  description: "No bucket, key, repository or model package group is deleted or replaced.",
  configSchema: {
    properties: {
      standing: {
        type: "array",
        items: { type: "object" },
        description: "What must stand: the output of `npm run policy -- STATE --standing`.",
      },
    },
  },
  findings: (resources, config) =>
    standingShape.parse(config).standing.flatMap(({ identity, urn }): Finding[] => {
      const now = resources.find((one) => one.urn === urn || one.aliases.includes(urn));
      const name = titleOf(urn);
      if (now === undefined) {
        return [
          {
            message: `${name} would be deleted, with the data it holds. Keep it in the program; to move it, give the new resource an alias.`,
          },
        ];
      }
      const other = Object.entries(identity).find(([key, value]) => now.props[key] !== value);
      return other === undefined
        ? []
        : [
            {
              urn: now.urn,
              message: `${name} would be replaced, and the data it holds lost: ${other[0]} is no longer ${other[1]}. Change it in place, or make a second one and move the data.`,
            },
          ];
    }),
};

/** What holds data in a stack, for the config of {@link keptData}. */
export function standingIn(resources: readonly Resource[]): Standing {
  return {
    standing: resources.flatMap(({ props, type, urn }) => {
      const known = (identities[type] ?? []).flatMap((key) => {
        const value = props[key];
        return typeof value === "string" ? [[key, value] as const] : [];
      });
      return known.length === 0 ? [] : [{ urn, identity: Object.fromEntries(known) }];
    }),
  };
}
