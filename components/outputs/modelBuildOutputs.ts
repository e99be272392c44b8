import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { type ModelBuildOutputs, type OutputName, contract, contractVersion } from "./contract";

/**
 * The outputs of another stack, whose name the program knows, as plain values. A preview has them too. One that the
 * stack lacks is refused when it is asked for, so it stops only those who want it.
 * @throws RunError that names stack, output and what to do
 */
export async function modelBuildOutputs(stack: pulumi.StackReference): Promise<ModelBuildOutputs> {
  return read(await contentOf(stack));
}

/**
 * The same of a document that somebody wrote of a stack's outputs, for those whom no reference to the stack reaches:
 * a stack reference sees only the state that the program's own stack is kept in.
 * @param document an object of output names and values, as `pulumi stack output --json` prints it
 * @param place where it was found, for example `s3://acme-state/outputs.json`
 * @throws RunError that names document, output and what to do
 */
export function modelBuildOutputsIn(document: unknown, place: string): ModelBuildOutputs {
  const { data } = z.record(z.string(), z.unknown()).safeParse(document);
  const which = `the document ${place}`;
  if (data === undefined)
    throw new pulumi.RunError(
      `${which} must be an object of a stack's outputs; got ${JSON.stringify(document)}`,
    );
  return read({
    all: data,
    which,
    filling: "have it written from the outputs of a stack of model-build-pipeline",
  });
}

function read(content: Content): ModelBuildOutputs {
  const { all, which } = content;
  const problem = problemOf(content) ?? problemWith(which, all.contractVersion);
  if (problem !== undefined) throw new pulumi.RunError(problem);

  const one = <T>(name: OutputName, shape: z.ZodType<T>): T => {
    const { data, success } = shape.safeParse(all[name]);
    if (!success) throw new pulumi.RunError(problemIn(which, name, all[name]));
    return data;
  };
  const text = (name: OutputName) => one(name, z.string());
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
      return one("contractVersion", z.number());
    },
    get deployConsoleUrl() {
      return one("deployConsoleUrl", z.string().optional());
    },
    get deployRepositoryCloneUrl() {
      return one("deployRepositoryCloneUrl", z.string().optional());
    },
    get deployRepositoryName() {
      return one("deployRepositoryName", z.string().optional());
    },
    get deployStateBucketName() {
      return one("deployStateBucketName", z.string().optional());
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
    get modelDeployPipelineArn() {
      return one("modelDeployPipelineArn", z.string().optional());
    },
    get modelDeployPipelineName() {
      return one("modelDeployPipelineName", z.string().optional());
    },
    get modelPackageGroupName() {
      return text("modelPackageGroupName");
    },
    get networkVpcId() {
      return one("networkVpcId", z.string().optional());
    },
    get notificationTopicArn() {
      return text("notificationTopicArn");
    },
    get pipelineConsoleUrl() {
      return text("pipelineConsoleUrl");
    },
    get prodEndpointName() {
      return one("prodEndpointName", z.string().optional());
    },
    get sourceRepositoryCloneUrl() {
      return one("sourceRepositoryCloneUrl", z.string().optional());
    },
    get sourceRepositoryName() {
      return text("sourceRepositoryName");
    },
    get stagingEndpointName() {
      return one("stagingEndpointName", z.string().optional());
    },
  };
}

interface Content {
  all: Record<string, unknown>;
  /** What to do if there is nothing in it. */
  filling: string;
  /** As a sentence calls it. */
  which: string;
}

/** Stands for a value that the other stack keeps secret: what is plain here must have been plain there. */
const secret = Symbol("secret");

function contentOf({ name, outputs, secretOutputNames }: pulumi.StackReference): Promise<Content> {
  return new Promise((resolve) => {
    pulumi.all([name, outputs, secretOutputNames]).apply(([stack, given, secrets]) => {
      const all = z.record(z.string(), z.unknown()).parse(given);
      // An older engine does not say which are secret.
      for (const one of z.array(z.string()).default([]).parse(secrets)) all[one] = secret;
      const filling = `bring it up first, with \`pulumi up --stack ${stack}\` in its own project, then this one`;
      resolve({ all, filling, which: `stack "${stack}"` });
    });
  });
}

function problemOf({ all, filling, which }: Content): string | undefined {
  const given = Object.keys(all);
  if (given.length === 0) return `${which} has no outputs yet: ${filling}`;
  if (given.includes("contractVersion")) return undefined;
  return (
    `${which} must be one of model-build-pipeline, which has the output contractVersion; ` +
    `got the outputs ${given.sort().join(", ")}: name another stack, for example "organization/model-build-pipeline/dev"`
  );
}

function problemWith(which: string, theirs: unknown): string | undefined {
  if (theirs === contractVersion) return undefined;
  const isNewer = typeof theirs === "number" && theirs > contractVersion;
  return (
    `output contractVersion of ${which} must be ${String(contractVersion)}, the contract that this reader knows; ` +
    `got ${JSON.stringify(theirs)}: ` +
    (isNewer
      ? "install the version of model-build-pipeline that the stack was brought up with, and see in its docs/outputs.md what changed"
      : "bring that stack up with the version of model-build-pipeline that you have here")
  );
}

function problemIn(which: string, name: OutputName, found: unknown): string {
  const { since, type } = contract[name];
  if (found === undefined)
    return (
      `${which} has no output ${name}, which every stack of model-build-pipeline ${since} or newer has; ` +
      "bring that stack up with such a version, then this one"
    );
  const got = found === secret ? "a secret" : JSON.stringify(found);
  return (
    `output ${name} of ${which} must be a plain ${type}, as contract ${String(contractVersion)} says; ` +
    `got ${got}: let its program return what outputsOf gives`
  );
}
