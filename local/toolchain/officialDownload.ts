import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { run } from "./processes";
import type { Report } from "../../lib/progress";

const SCRIPT = "https://get.pulumi.com/install.sh";
const SCRIPT_WITHIN_MS = 15_000;
const INSTALL_WITHIN_MS = 5 * 60_000;

/**
 * Installs the CLI into the empty folder `root` with Pulumi's own script, as the SDK's
 * `PulumiCommand.install` does, but bounded in time and ended with all its children.
 */
export async function officialDownload(
  root: string,
  version: string,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  report("requesting get.pulumi.com");
  const script = await fetchScript(signal);

  const file = join(root, "install.sh");
  writeFileSync(file, script);
  report("downloading");
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(INSTALL_WITHIN_MS)]);
  const { code, lines } = await run(
    "/bin/sh",
    [file, "--no-edit-path", "--install-root", root, "--version", version],
    { signal: bounded },
  );
  if (code !== 0) throw new Error(lines.slice(-5).join("\n"));
}

async function fetchScript(signal: AbortSignal): Promise<string> {
  try {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(SCRIPT_WITHIN_MS)]);
    const response = await fetch(SCRIPT, { signal: bounded });
    if (!response.ok) throw new Error(`HTTP status ${response.status.toString()}`);
    return await response.text();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new Error(`${SCRIPT}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause: error,
    });
  }
}
