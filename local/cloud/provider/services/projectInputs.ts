import { z } from "zod";

import { tagsInput } from "../tags";

const logStatus = z.enum(["ENABLED", "DISABLED"]);

/** The inputs of a CodeBuild project that are mapped. */
export const projectInputs = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  serviceRole: z.string(),
  encryptionKey: z.string().optional(),
  buildTimeout: z.number().default(60),
  queuedTimeout: z.number().default(480),
  concurrentBuildLimit: z.number().optional(),
  artifacts: z.strictObject({
    type: z.enum(["CODEPIPELINE", "NO_ARTIFACTS", "S3"]),
    location: z.string().optional(),
    name: z.string().optional(),
    namespaceType: z.enum(["BUILD_ID", "NONE"]).optional(),
    packaging: z.enum(["NONE", "ZIP"]).optional(),
    path: z.string().optional(),
  }),
  source: z.strictObject({
    type: z.enum(["CODECOMMIT", "CODEPIPELINE", "NO_SOURCE"]),
    buildspec: z.string().optional(),
    gitCloneDepth: z.number().optional(),
    location: z.string().optional(),
  }),
  sourceVersion: z.string().optional(),
  environment: z.strictObject({
    computeType: z.enum([
      "BUILD_GENERAL1_SMALL",
      "BUILD_GENERAL1_MEDIUM",
      "BUILD_GENERAL1_LARGE",
      "BUILD_GENERAL1_XLARGE",
      "BUILD_GENERAL1_2XLARGE",
    ]),
    image: z.string(),
    type: z.enum(["LINUX_CONTAINER", "LINUX_GPU_CONTAINER", "ARM_CONTAINER"]),
    imagePullCredentialsType: z.enum(["CODEBUILD", "SERVICE_ROLE"]).default("CODEBUILD"),
    privilegedMode: z.boolean().default(false),
    environmentVariables: z
      .array(
        z.strictObject({
          name: z.string(),
          value: z.string(),
          type: z.enum(["PLAINTEXT", "PARAMETER_STORE", "SECRETS_MANAGER"]).default("PLAINTEXT"),
        }),
      )
      .default([]),
  }),
  logsConfig: z
    .strictObject({
      cloudwatchLogs: z
        .strictObject({ status: logStatus.default("ENABLED"), groupName: z.string().optional() })
        .optional(),
      s3Logs: z
        .strictObject({
          status: logStatus.default("DISABLED"),
          encryptionDisabled: z.boolean().default(false),
        })
        .optional(),
    })
    .optional(),
  vpcConfig: z
    .strictObject({
      vpcId: z.string(),
      subnets: z.array(z.string()),
      securityGroupIds: z.array(z.string()),
    })
    .optional(),
  tags: tagsInput,
});
