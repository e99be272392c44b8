import { mustRun } from "../../toolchain/mustRun";

/** Passes only if TypeScript, with the project's own config, finds nothing wrong in it. */
export async function mustTypeCheck(folder: string, signal: AbortSignal): Promise<void> {
  const check = [require.resolve("typescript/bin/tsc"), "-p", folder];
  await mustRun("type check", process.execPath, check, signal);
}
