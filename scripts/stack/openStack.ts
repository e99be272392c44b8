import { readFileSync } from "node:fs";
import { join } from "node:path";

import { LocalWorkspace, type Stack, StackNotFoundError } from "@pulumi/pulumi/automation";
import { parse } from "yaml";
import { z } from "zod";

import { programIn } from "../programIn";

const ROOT = join(__dirname, "..", "..");

/** Policy pack of every preview and update. */
export const policyPacks = [join(ROOT, "policy")];

/** A stack's name, and the folder of its files. */
export interface Chosen {
  /** Folder of `Pulumi.yaml` and the stack files. */
  readonly folder: string;
  readonly stackName: string;
}

/**
 * Opens a stack of this program in the state that the Pulumi CLI is logged in to.
 * @throws an error with the command to create the stack, if it does not exist
 */
export async function openStack({ folder, stackName }: Chosen): Promise<Stack> {
  const file = join(folder, "Pulumi.yaml");
  const { name } = z.object({ name: z.string() }).parse(parse(readFileSync(file, "utf8")));
  try {
    // No project settings: with them, the Automation API would rewrite Pulumi.yaml.
    return await LocalWorkspace.selectStack(
      { stackName, projectName: name, program: programIn(ROOT) },
      { workDir: folder },
    );
  } catch (error) {
    if (!(error instanceof StackNotFoundError)) throw error;
    const where = process.env.PULUMI_BACKEND_URL ?? "the state that the Pulumi CLI is logged in to";
    throw new Error(
      `stack "${stackName}" does not exist in ${where}; create it: pulumi stack init ${stackName}`,
      { cause: error },
    );
  }
}
