import { z } from "zod";

import { tagsInput } from "../tags";

const patterns = z.strictObject({
  includes: z.array(z.string()).optional(),
  excludes: z.array(z.string()).optional(),
});

const names = z.array(z.string()).default([]);

const action = z.strictObject({
  name: z.string(),
  category: z.enum(["Source", "Build", "Test", "Deploy", "Approval", "Invoke", "Compute"]),
  owner: z.enum(["AWS", "Custom", "ThirdParty"]),
  provider: z.string(),
  version: z.string(),
  configuration: z.record(z.string(), z.string()).default({}),
  inputArtifacts: names,
  outputArtifacts: names,
  runOrder: z.number().default(1),
  namespace: z.string().optional(),
  roleArn: z.string().optional(),
  region: z.string().optional(),
});

const trigger = z.strictObject({
  providerType: z.literal("CodeStarSourceConnection"),
  gitConfiguration: z.strictObject({
    sourceActionName: z.string(),
    pushes: z
      .array(
        z.strictObject({
          branches: patterns.optional(),
          filePaths: patterns.optional(),
          tags: patterns.optional(),
        }),
      )
      .optional(),
    pullRequests: z
      .array(
        z.strictObject({
          events: z.array(z.enum(["OPEN", "UPDATED", "CLOSED"])).optional(),
          branches: patterns.optional(),
          filePaths: patterns.optional(),
        }),
      )
      .optional(),
  }),
});

/** The inputs of a CodePipeline pipeline that are mapped. */
export const pipelineInputs = z.strictObject({
  name: z.string(),
  roleArn: z.string(),
  pipelineType: z.enum(["V1", "V2"]).default("V1"),
  executionMode: z.enum(["SUPERSEDED", "QUEUED", "PARALLEL"]).default("SUPERSEDED"),
  artifactStores: z
    .array(
      z.strictObject({
        location: z.string(),
        type: z.literal("S3"),
        encryptionKey: z.strictObject({ id: z.string(), type: z.literal("KMS") }).optional(),
        region: z.string().optional(),
      }),
    )
    .min(1),
  stages: z.array(z.strictObject({ name: z.string(), actions: z.array(action) })),
  variables: z
    .array(
      z.strictObject({
        name: z.string(),
        defaultValue: z.string().optional(),
        description: z.string().optional(),
      }),
    )
    .default([]),
  triggers: z.array(trigger).default([]),
  tags: tagsInput,
});

/** A pipeline's inputs, with defaults filled in. */
export type PipelineInputs = z.output<typeof pipelineInputs>;
