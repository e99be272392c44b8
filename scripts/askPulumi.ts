import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** What the Pulumi CLI on PATH answers, as JSON; throws with what it complains of. */
export function askPulumi(...args: string[]): unknown {
  return JSON.parse(tellPulumi(...args));
}

/** What the Pulumi CLI on PATH prints; throws with what it complains of. */
export function tellPulumi(...args: string[]): string {
  const { error, status, stderr, stdout } = spawnSync("pulumi", [...args, "--non-interactive"], {
    cwd: join(__dirname, ".."),
    encoding: "utf8",
  });
  if (error) throw new Error(`the Pulumi CLI must be on PATH: ${error.message}`);
  if (status !== 0) throw new Error(`pulumi ${args.join(" ")}:\n${stderr.trim()}`);
  return stdout.trim();
}
