import { readFileSync } from "node:fs";
import { join } from "node:path";

import { LocalWorkspace, type Stack, StackNotFoundError } from "@pulumi/pulumi/automation";
import { parse } from "yaml";
import { z } from "zod";

import { programIn } from "../programIn";

const ROOT = join(__dirname, "..", "..");

/** The policy pack that judges whatever is previewed or brought up. */
export const policyPacks = [join(ROOT, "policy")];

/** Which stack, and the folder of its files. */
export interface Chosen {
  /** The folder of `Pulumi.yaml` and the stack files. */
  readonly folder: string;
  readonly stackName: string;
}

/**
 * A stack of this program, where the Pulumi CLI is logged in.
 * @throws an error that says how to make the stack, if there is none
 */
export async function openStack({ folder, stackName }: Chosen): Promise<Stack> {
  const file = join(folder, "Pulumi.yaml");
  const { name } = z.object({ name: z.string() }).parse(parse(readFileSync(file, "utf8")));
  try {
    // No project settings are passed: the Automation API would then rewrite Pulumi.yaml.
    return await LocalWorkspace.selectStack(
      { stackName, projectName: name, program: programIn(ROOT) },
      { workDir: folder },
    );
  } catch (error) {
    if (!(error instanceof StackNotFoundError)) throw error;
    const where = process.env.PULUMI_BACKEND_URL ?? "the state that the Pulumi CLI is logged in to";
    throw new Error(
      `there is no stack "${stackName}" in ${where}; make it with: pulumi stack init ${stackName}`,
      { cause: error },
    );
  }
}
