import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { type ModelBuildOutputs, type OutputName, contract, contractVersion } from "./contract";

/**
 * The outputs of another stack, whose name the program knows, as plain values. A preview has them too. One that the
 * stack lacks is refused when it is asked for, so it stops only those who want it.
 * @throws RunError that names stack, output and what to do
 */
export async function modelBuildOutputs(stack: pulumi.StackReference): Promise<ModelBuildOutputs> {
  const { all, which } = await contentOf(stack);
  const problem = problemOf(which, Object.keys(all)) ?? problemWith(which, all.contractVersion);
  if (problem !== undefined) throw new pulumi.RunError(problem);

  const read = <T>(name: OutputName, shape: z.ZodType<T>): T => {
    const { data, success } = shape.safeParse(all[name]);
    if (!success) throw new pulumi.RunError(problemIn(which, name, all[name]));
    return data;
  };
  const text = (name: OutputName) => read(name, z.string());
  return {
    get approverPolicy() {
      return text("approverPolicy");
    },
    get artifactBucketArn() {
      return text("artifactBucketArn");
    },
    get artifactBucketName() {
      return text("artifactBucketName");
    },
    get artifactKeyArn() {
      return text("artifactKeyArn");
    },
    get buildProjectName() {
      return text("buildProjectName");
    },
    get contractVersion() {
      return read("contractVersion", z.number());
    },
    get executionRoleArn() {
      return text("executionRoleArn");
    },
    get modelBuildPipelineArn() {
      return text("modelBuildPipelineArn");
    },
    get modelBuildPipelineName() {
      return text("modelBuildPipelineName");
    },
    get modelPackageGroupName() {
      return text("modelPackageGroupName");
    },
    get networkVpcId() {
      return read("networkVpcId", z.string().optional());
    },
    get notificationTopicArn() {
      return text("notificationTopicArn");
    },
    get pipelineConsoleUrl() {
      return text("pipelineConsoleUrl");
    },
    get sourceRepositoryCloneUrl() {
      return read("sourceRepositoryCloneUrl", z.string().optional());
    },
    get sourceRepositoryName() {
      return text("sourceRepositoryName");
    },
  };
}

interface Content {
  all: Record<string, unknown>;
  which: string;
}

/** Stands for a value that the other stack keeps secret: what is plain here must have been plain there. */
const secret = Symbol("secret");

function contentOf({ name, outputs, secretOutputNames }: pulumi.StackReference): Promise<Content> {
  return new Promise((resolve) => {
    pulumi.all([name, outputs, secretOutputNames]).apply(([which, given, secrets]) => {
      const all = z.record(z.string(), z.unknown()).parse(given);
      // An older engine does not say which are secret.
      for (const one of z.array(z.string()).default([]).parse(secrets)) all[one] = secret;
      resolve({ all, which });
    });
  });
}

function problemOf(stack: string, given: readonly string[]): string | undefined {
  if (given.length === 0)
    return `stack "${stack}" has no outputs yet: bring it up first, with \`pulumi up --stack ${stack}\` in its own project, then this one`;
  if (given.includes("contractVersion")) return undefined;
  return (
    `stack "${stack}" must be one of model-build-pipeline, which has the output contractVersion; ` +
    `got the outputs ${[...given].sort().join(", ")}: name another stack, for example "organization/model-build-pipeline/dev"`
  );
}

function problemWith(stack: string, theirs: unknown): string | undefined {
  if (theirs === contractVersion) return undefined;
  const isNewer = typeof theirs === "number" && theirs > contractVersion;
  return (
    `output contractVersion of stack "${stack}" must be ${String(contractVersion)}, the contract that this reader knows; ` +
    `got ${JSON.stringify(theirs)}: ` +
    (isNewer
      ? "install the version of model-build-pipeline that the stack was brought up with, and see in its docs/outputs.md what changed"
      : "bring that stack up with the version of model-build-pipeline that you have here")
  );
}

function problemIn(stack: string, name: OutputName, found: unknown): string {
  const { since, type } = contract[name];
  if (found === undefined)
    return (
      `stack "${stack}" has no output ${name}, which every stack of model-build-pipeline ${since} or newer has; ` +
      "bring that stack up with such a version, then this one"
    );
  const got = found === secret ? "a secret" : JSON.stringify(found);
  return (
    `output ${name} of stack "${stack}" must be a plain ${type}, as contract ${String(contractVersion)} says; ` +
    `got ${got}: let its program return what outputsOf gives`
  );
}
