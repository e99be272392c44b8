import { join } from "node:path";

const RUNNER = join(__dirname, "..", "withTypeScript.mjs");

/** Arguments of Node that run a TypeScript file. */
export function typeScript(file: string, ...args: readonly string[]): string[] {
  return [RUNNER, file, ...args];
}
