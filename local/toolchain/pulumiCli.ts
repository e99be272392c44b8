import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { PulumiCommand } from "@pulumi/pulumi/automation";

import { run } from "./processes";
import { type Report, print, withProgress } from "../../lib/progress";
import { buildFromSource } from "./buildFromSource";
import { cacheFolder } from "./cache";
import { withLock } from "./lock";
import { officialDownload } from "./officialDownload";

/** The version that is downloaded or built where none is installed, and the oldest that will do. */
const PULUMI_VERSION = "3.259.0";

/** A Pulumi CLI, ready to run: the installed one, the cached one, a download or a build, in that order. */
export async function pulumiCli(signal: AbortSignal): Promise<PulumiCommand> {
  const installed = await pulumiVersion("pulumi", signal);
  if (installed !== undefined && isNewEnough(installed)) return PulumiCommand.get();

  const root = join(cacheFolder(), `pulumi-${PULUMI_VERSION}`);
  if (!existsSync(cliOf(root))) {
    const found = installed === undefined ? "none on PATH" : `${installed} on PATH`;
    print(`Pulumi CLI ${PULUMI_VERSION} or newer is required, found ${found}`);
    await withProgress(`installing the Pulumi CLI ${PULUMI_VERSION}`, (report) =>
      withLock(`${root}.lock`, report, signal, () => obtain(root, report, signal)),
    );
  }
  return PulumiCommand.get({ root });
}

/** Tries each way in a folder beside `root`, so that `root` appears complete or not at all. */
async function obtain(root: string, report: Report, signal: AbortSignal): Promise<void> {
  // The previous holder of the lock may have put it there.
  if (existsSync(cliOf(root))) return;
  const unfinished = `${root}.unfinished`;
  const failures: string[] = [];
  for (const [way, attempt] of [
    ["official download", officialDownload],
    ["build from source with Go", buildFromSource],
  ] as const) {
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished);
    try {
      await attempt(unfinished, PULUMI_VERSION, report, signal);
      if ((await pulumiVersion(cliOf(unfinished), signal)) !== PULUMI_VERSION) {
        throw new Error(`the installed program is not Pulumi ${PULUMI_VERSION}`);
      }
      rmSync(root, { recursive: true, force: true });
      renameSync(unfinished, root);
      return;
    } catch (error) {
      signal.throwIfAborted();
      failures.push(`- ${way}: ${error instanceof Error ? error.message : String(error)}`);
      report(`${way} failed`);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  throw new Error(
    [
      `The Pulumi CLI could not be installed:`,
      ...failures,
      `Install Pulumi ${PULUMI_VERSION} or newer (https://www.pulumi.com/docs/install/) or Go 1.25 or newer, and run this again.`,
    ].join("\n"),
  );
}

function cliOf(root: string): string {
  return join(root, "bin", "pulumi");
}

async function pulumiVersion(command: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const { code, lines } = await run(command, ["version"], { signal, env });
    return code === 0 ? /^v(\d+\.\d+\.\d+)/.exec(lines.at(-1) ?? "")?.[1] : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  const [wantMajor = 0, wantMinor = 0, wantPatch = 0] = PULUMI_VERSION.split(".").map(Number);
  // A next major would speak another protocol than the SDK in package.json.
  return major === wantMajor && (minor > wantMinor || (minor === wantMinor && patch >= wantPatch));
}
