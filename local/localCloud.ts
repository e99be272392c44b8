import { join } from "node:path";

import type { PulumiCommand } from "@pulumi/pulumi/automation";

import { startEmulator } from "./emulator";
import { type Engine, openEngine } from "./engine";
import { emulatorPython } from "./prepare/emulatorVenv";
import { pulumiCli } from "./prepare/pulumiCli";
import { say, withProgress } from "./progress";
import { withScratch } from "./scratch";

const ROOT = join(__dirname, "..");

/** What must be on the machine before anything can start. */
export interface Tools {
  readonly command: PulumiCommand;
  readonly python: string;
}

/** Finds the tools, and makes those that are missing. */
export async function prepareTools(signal: AbortSignal): Promise<Tools> {
  const command = await pulumiCli(signal);
  return { command, python: await emulatorPython(signal) };
}

/**
 * Starts the emulator, and hands `work` an engine for a stack that is pointed at it. Whatever happens, the emulator's
 * process and every file of this run are gone afterwards.
 */
export async function withLocalCloud<T>(
  { command, python }: Tools,
  stackName: string,
  signal: AbortSignal,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  return withScratch(ROOT, async (scratch) => {
    const emulator = await withProgress("starting the emulator", () =>
      startEmulator(python, scratch, signal),
    );
    const { endpoint } = emulator;
    try {
      return await work(await openEngine({ command, endpoint, scratch, signal, stackName }));
    } catch (error) {
      const log = emulator.logTail();
      if (!signal.aborted && log !== "") say(`\nthe emulator's last complaints:\n${log}`);
      throw error;
    } finally {
      await emulator.stop();
    }
  });
}
