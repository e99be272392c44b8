import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { type ModelBuildOutputs, type OutputName, contract, contractVersion } from "./contract";

/**
 * Stack outputs of another stack, as plain values. A preview has them too.
 * Reading a missing output throws an error; other outputs remain available.
 * @throws RunError with stack, output and next step
 */
export async function modelBuildOutputs(stack: pulumi.StackReference): Promise<ModelBuildOutputs> {
  const { all, name } = await contentOf(stack);
  const which = `stack "${name}"`;
  const problem = problemOf(all, name) ?? problemWith(which, all.contractVersion);
  if (problem !== undefined) throw new pulumi.RunError(problem);

  return asOutputs((name) => {
    const { data, success } = shapeOf(name).safeParse(all[name]);
    if (!success) throw new pulumi.RunError(problemIn(which, name, all[name]));
    return data;
  });
}

/** One getter per output: reading an output that is missing leaves the others available. */
function asOutputs(valueOf: (name: OutputName) => unknown): ModelBuildOutputs {
  const outputs = {};
  for (const name of Object.keys(contract) as OutputName[])
    Object.defineProperty(outputs, name, { enumerable: true, get: () => valueOf(name) });
  return outputs as ModelBuildOutputs;
}

function shapeOf(name: OutputName): z.ZodType {
  const { optional, type } = contract[name];
  const shape = shapes[type];
  return optional ? shape.optional() : shape;
}

const shapes = { "list of strings": z.array(z.string()), number: z.number(), string: z.string() };

interface Content {
  all: Record<string, unknown>;
  /** Name of the stack. */
  name: string;
}

/** Placeholder for a secret output of the other stack. */
const secret = Symbol("secret");

function contentOf({ name, outputs, secretOutputNames }: pulumi.StackReference): Promise<Content> {
  return new Promise((resolve) => {
    pulumi.all([name, outputs, secretOutputNames]).apply(([stack, values, secrets]) => {
      const all = z.record(z.string(), z.unknown()).parse(values);
      // An older engine does not list the secret outputs.
      for (const one of z.array(z.string()).default([]).parse(secrets)) all[one] = secret;
      resolve({ all, name: stack });
    });
  });
}

function problemOf(all: Content["all"], name: string): string | undefined {
  const outputNames = Object.keys(all);
  if (outputNames.length === 0)
    return (
      `stack "${name}" has no outputs yet: deploy it first, ` +
      `with \`pulumi up --stack ${name}\` in its own project, then deploy this one`
    );
  if (outputNames.includes("contractVersion")) return undefined;
  return (
    `stack "${name}" must be one of model-build-pipeline, which has the output contractVersion; ` +
    `got the outputs ${outputNames.sort().join(", ")}: ` +
    'name another stack, for example "organization/model-build-pipeline/dev"'
  );
}

function problemWith(which: string, actual: unknown): string | undefined {
  if (actual === contractVersion) return undefined;
  const isNewer = typeof actual === "number" && actual > contractVersion;
  return (
    `output contractVersion of ${which} must be ${String(contractVersion)}, ` +
    `the contract that this reader knows; got ${JSON.stringify(actual)}: ` +
    (isNewer
      ? "install the version of model-build-pipeline that deployed the stack, " +
        "and read the changes in its docs/outputs.md"
      : "deploy that stack with the installed version of model-build-pipeline")
  );
}

function problemIn(which: string, name: OutputName, found: unknown): string {
  const { since, type } = contract[name];
  if (found === undefined)
    return (
      `${which} has no output ${name}, ` +
      `which every stack of model-build-pipeline ${since} or newer has; ` +
      "deploy that stack with such a version, then deploy this one"
    );
  const got = found === secret ? "a secret" : JSON.stringify(found);
  return (
    `output ${name} of ${which} must be a plain ${type}, as contract ${String(contractVersion)} says; ` +
    `got ${got}: let its program return what stackOutputs returns`
  );
}
