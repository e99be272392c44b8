import { spawnSync } from "node:child_process";

/** JSON output of a Pulumi CLI command. @throws the CLI's error output */
export function pulumiJson(...args: string[]): unknown {
  return JSON.parse(pulumiOutput(...args));
}

/** Output of a Pulumi CLI command. @throws the CLI's error output */
export function pulumiOutput(...args: string[]): string {
  const { error, status, stderr, stdout } = spawnSync("pulumi", [...args, "--non-interactive"], {
    encoding: "utf8",
  });
  if (error)
    throw new Error(
      "the Pulumi CLI must be on PATH; install it: https://www.pulumi.com/docs/install/",
      { cause: error },
    );
  if (status !== 0) throw new Error(`pulumi ${args.join(" ")}:\n${stderr.trim()}`);
  return stdout.trim();
}
