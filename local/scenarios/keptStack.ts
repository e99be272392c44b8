import { z } from "zod";

import { binaryFolders, engineEnvironment } from "../cloud/environment";
import type { Tools } from "../index";
import { run } from "../toolchain/processes";
import type { Deployed } from "./testEnvironment";
import { keptClouds } from "../cloud/runFolder";

/**
 * The stack of the one local cloud that this working tree keeps.
 * @throws Error that says how to get there if none is kept, or more than one
 */
export function keptStack(root: string, { command }: Tools, signal: AbortSignal): Deployed {
  const [kept, ...others] = keptClouds(root);
  if (kept === undefined || others.length > 0) {
    const found = kept === undefined ? "none" : (others.length + 1).toString();
    throw new Error(
      `expected one kept local cloud in this working tree, found ${found}: npm run local -- --keep starts one`,
    );
  }
  const { endpoint, path, stack } = kept;
  const binaries = binaryFolders(command, "provider");
  const environment = engineEnvironment({ binaries, scratch: path });
  const env = { ...process.env, ...environment };
  return {
    cloud: { endpoint },
    environment: { ...environment, AWS_ENDPOINT_URL: endpoint },
    folder: path,
    outputs: async () => {
      const args = ["stack", "output", "--json", "--stack", stack, "--non-interactive"];
      const { code, lines } = await run(command.command, args, { cwd: path, env, signal });
      if (code !== 0) throw new Error(`pulumi stack output:\n${lines.join("\n")}`);
      return z.record(z.string(), z.unknown()).parse(JSON.parse(lines.join("\n")));
    },
    signal,
    stackName: stack,
  };
}
