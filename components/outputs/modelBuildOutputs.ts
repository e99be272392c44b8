import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { type ModelBuildOutputs, type OutputName, contract, contractVersion } from "./contract";

/**
 * The outputs of another stack, typed. Each is read when it is first asked for, so a stack that lacks one stops only
 * those who want that one.
 * @throws RunError, from the output, that names stack, output and what to do
 */
export function modelBuildOutputs(stack: pulumi.StackReference): ModelBuildOutputs {
  const text = (name: OutputName) => read(stack, name, z.string());
  return {
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
      return read(stack, "contractVersion", z.number());
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
    get notificationTopicArn() {
      return text("notificationTopicArn");
    },
    get pipelineConsoleUrl() {
      return text("pipelineConsoleUrl");
    },
    get sourceRepositoryCloneUrl() {
      return read(stack, "sourceRepositoryCloneUrl", z.string().optional());
    },
    get sourceRepositoryName() {
      return text("sourceRepositoryName");
    },
  };
}

function read<T>(
  stack: pulumi.StackReference,
  name: OutputName,
  shape: z.ZodType<T>,
): pulumi.Output<T> {
  // One secret among the outputs makes a secret of them all; their names are none.
  const names = pulumi.unsecret(stack.outputs.apply((all: object) => Object.keys(all)));
  const version: pulumi.Output<unknown> = stack.getOutput("contractVersion");
  const value: pulumi.Output<unknown> = stack.getOutput(name);
  return pulumi.all([stack.name, names, version, value]).apply(([which, given, theirs, found]) => {
    const problem = problemOf(which, given) ?? problemWith(which, theirs);
    if (problem !== undefined) throw new pulumi.RunError(problem);
    const { data, success } = shape.safeParse(found);
    if (!success) throw new pulumi.RunError(problemIn(which, name, found));
    return data;
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
  // Not the value itself, which may be a secret.
  return (
    `output ${name} of stack "${stack}" must be a ${type}, as its contract ${String(contractVersion)} says; ` +
    `got a value of type ${found === null ? "null" : typeof found}: let its program return what outputsOf gives`
  );
}
