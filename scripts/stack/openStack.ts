import { readFileSync } from "node:fs";
import { join } from "node:path";

import { LocalWorkspace, type Stack, StackNotFoundError } from "@pulumi/pulumi/automation";
import { parse } from "yaml";
import { z } from "zod";

import { programIn } from "../../lib/programIn";
import { pulumiOutput } from "../pulumiCli";

/**
 * Opens a stack of this program in the state that the Pulumi CLI is logged in to.
 * @param folder folder of `Pulumi.yaml` and the stack files
 * @throws an error with the next step, if the CLI or the stack is missing
 */
export async function openStack(folder: string, stackName: string): Promise<Stack> {
  // The Automation API's error about a missing CLI names neither the CLI nor the next step.
  pulumiOutput("version");
  const file = join(folder, "Pulumi.yaml");
  const { name } = z.object({ name: z.string() }).parse(parse(readFileSync(file, "utf8")));
  try {
    // No project settings: with them, the Automation API would rewrite Pulumi.yaml.
    return await LocalWorkspace.selectStack(
      { stackName, projectName: name, program: programIn(folder) },
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
