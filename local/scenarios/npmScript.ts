import { join } from "node:path";

import { run, typeScript } from "../toolchain/processes";
import type { Engine } from "../cloud/engine";

const ROOT = join(__dirname, "..", "..");

/** Stack on the local cloud whose npm scripts run. */
export type ScriptTarget = Pick<Engine, "environment" | "folder" | "signal" | "stackName">;

/**
 * Runs an npm script of this project on a stack of the local cloud, as an operator would.
 * @returns the lines that it printed
 * @throws if its exit code is not 0
 */
export async function npmScript(
  { environment, folder, signal, stackName }: ScriptTarget,
  name: string,
  ...args: string[]
): Promise<string[]> {
  const { code, lines } = await run(
    process.execPath,
    scriptArguments(name, ...args, "--stack", stackName),
    // npm runs a script in the folder of the project; here, that is the copy of the local cloud.
    { cwd: folder, env: { ...process.env, ...environment }, signal },
  );
  if (code === 0) return lines;
  throw new Error(
    `npm run ${name} -- ${args.join(" ")}: exit code ${code.toString()}\n${lines.join("\n")}`,
  );
}

/** Arguments of Node that run an npm script of this project. */
export function scriptArguments(name: string, ...args: readonly string[]): string[] {
  return typeScript(join(ROOT, "scripts", `${name}.ts`), ...args);
}
