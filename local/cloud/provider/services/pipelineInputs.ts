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
  timeoutInMinutes: z.number().int().min(5).max(86_400).optional(),
});

const condition = z.strictObject({
  result: z.enum(["ROLLBACK", "FAIL", "RETRY", "SKIP"]).optional(),
  rules: z
    .array(
      z.strictObject({
        name: z.string(),
        ruleTypeId: z.strictObject({
          category: z.literal("Rule"),
          owner: z.literal("AWS").optional(),
          provider: z.string(),
          version: z.string().optional(),
        }),
        commands: names,
        configuration: z.record(z.string(), z.string()).default({}),
        inputArtifacts: names,
        roleArn: z.string().optional(),
        region: z.string().optional(),
        timeoutInMinutes: z.number().optional(),
      }),
    )
    .min(1),
});

const stage = z.strictObject({
  name: z.string(),
  actions: z.array(action),
  beforeEntry: z.strictObject({ condition }).optional(),
  onSuccess: z.strictObject({ condition }).optional(),
  onFailure: z
    .strictObject({
      condition: condition.optional(),
      result: z.enum(["ROLLBACK", "FAIL", "RETRY", "SKIP"]).optional(),
      retryConfiguration: z
        .strictObject({ retryMode: z.enum(["FAILED_ACTIONS", "ALL_ACTIONS"]).optional() })
        .optional(),
    })
    .optional(),
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
  stages: z.array(stage),
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
