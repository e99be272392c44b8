import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Chosen } from "./openStack";

/** Options `--stack` and `--cwd`, for `parseArgs`. */
export const stackOptions = {
  cwd: { type: "string", default: "." },
  stack: { type: "string", multiple: true },
} as const;

/**
 * Stacks of a command line.
 * @throws if the number of stacks is not `count`, or a stack has no stack file
 */
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
    throw new Error(
      `--stack must name a stack with a file, for example Pulumi.dev.yaml, got "${name}"`,
    );
  }
  return stack.map((stackName) => ({ folder, stackName }));
}
