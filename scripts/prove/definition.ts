import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse } from "yaml";
import { z } from "zod";

import { isThere } from "../doctor/calls";
import { guardNames } from "./guard";
import type { Kit } from "./kit";
import { guardedBy, type Target } from "./target";

const STARTER = join(__dirname, "..", "..", "starter", "model-build");

const buildspecShape = z.object({
  phases: z.object({ install: z.object({ commands: z.array(z.string()) }) }),
});

/**
 * Creates the SageMaker pipeline of the starter under a name of its own, and deletes it. SageMaker
 * checks the definition when it creates the pipeline, and starts nothing.
 */
export async function checkDefinition(kit: Kit): Promise<string[]> {
  const { sagemaker } = kit.clients;
  const PipelineDefinition = await definitionOf(kit);
  const PipelineName = `${kit.target.stem}--prove`;
  const { roleArn: RoleArn } = guardNames(guardedBy(kit.target));
  const token = `prove-${String(kit.started.getTime())}`.padEnd(32, "0");
  const remove = () =>
    isThere(sagemaker.deletePipeline({ ClientRequestToken: `${token}-2`, PipelineName }));
  // Of a killed run.
  await remove();
  try {
    await sagemaker.createPipeline({
      ClientRequestToken: `${token}-1`,
      PipelineDefinition,
      PipelineName,
      RoleArn,
    });
  } finally {
    await remove();
  }
  return [`CreatePipeline accepts the definition: ${String(PipelineDefinition.length)} characters`];
}

/** Definition with the names of the project, made by the commands of the build in a copy. */
async function definitionOf({ program, target }: Kit): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "prove-definition-"));
  try {
    cpSync(STARTER, folder, {
      recursive: true,
      filter: (file) => !/[\\/](\.venv|\.tools|\.local|\.pytest_cache)$/.test(file),
    });
    const text = readFileSync(join(folder, "codebuild-buildspec.yml"), "utf8");
    const { commands } = buildspecShape.parse(parse(text)).phases.install;
    const install = commands.map((line) => line.replace(/^python /, "python3 ")).join("\n");
    await program("sh", ["-ec", install], { cwd: folder });
    const env = { PATH: process.env.PATH, ...variablesOf(target) };
    const definition = await program(join(folder, ".venv/bin/get-pipeline-definition"), [], {
      cwd: folder,
      env,
    });
    return JSON.stringify(JSON.parse(definition));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Variables of the build; the key does not exist before the stack. */
function variablesOf({ context, names, settings }: Target): Record<string, string> {
  const { accountId, partition, region } = context;
  return {
    ...settings.build.environment,
    ARTIFACT_BUCKET: names.artifactBucket,
    ARTIFACT_BUCKET_KMS_ID: `arn:${partition}:kms:${region}:${accountId}:key/00000000-0000-0000-0000-000000000000`,
    // No call needs them: the SDK creates clients at import.
    AWS_ACCESS_KEY_ID: "none",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_REGION: region,
    AWS_SECRET_ACCESS_KEY: "none",
    MODEL_PACKAGE_GROUP_NAME: names.modelPackageGroup,
    SAGEMAKER_PIPELINE_NAME: names.sagemakerPipeline,
    SAGEMAKER_PIPELINE_ROLE_ARN: names.executionRoleArn,
    SAGEMAKER_PROJECT_ID: settings.projectId,
    SAGEMAKER_PROJECT_NAME: settings.projectName,
  };
}
