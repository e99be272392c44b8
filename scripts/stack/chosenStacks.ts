import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Chosen } from "./openStack";

/** The options by which a command is told its stacks, for `parseArgs`. */
export const stackOptions = {
  cwd: { type: "string", default: "." },
  stack: { type: "string", multiple: true },
} as const;

/** The stacks that a command line names; throws unless there are as many as `count` says, and each has its file. */
export function chosenStacks(
  { cwd, stack = [] }: { readonly cwd: string; readonly stack?: readonly string[] | undefined },
  count: "one" | "at least one",
): Chosen[] {
  const folder = resolve(cwd);
  if (!existsSync(join(folder, "Pulumi.yaml"))) {
    throw new Error(`--cwd must be the folder of Pulumi.yaml, for example ".", got "${cwd}"`);
  }
  if (stack.length === 0 || (count === "one" && stack.length > 1)) {
    const got = stack.join(", ") || "none";
    throw new Error(`--stack must name ${count} stack, for example "dev", got ${got}`);
  }
  for (const name of stack) {
    if (existsSync(join(folder, `Pulumi.${name}.yaml`))) continue;
    throw new Error(`--stack must have a file, for example Pulumi.dev.yaml, got "${name}"`);
  }
  return stack.map((stackName) => ({ folder, stackName }));
}
