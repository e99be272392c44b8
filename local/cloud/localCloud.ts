import { basename, join } from "node:path";

import type { PulumiCommand } from "@pulumi/pulumi/automation";

import { startEmulator } from "./emulator";
import { type Engine, type StackProgram, openEngine } from "./engine";
import { emulatorPython } from "../toolchain/venv";
import { pulumiCli } from "../toolchain/pulumiCli";
import { print, withProgress } from "../../lib/progress";
import { reportRequests } from "./requestCounts";
import { withScratch } from "./runFolder";

const ROOT = join(__dirname, "..", "..");

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

/** Opens an engine for a stack of another project, in the same cloud and with a state that both can read. */
export type OpenOther = (stack: StackProgram) => Promise<Engine>;

/**
 * Starts the emulator, and hands `work` an engine for a stack that is pointed at it. On
 * success and on failure, the emulator's process and every file of this run are deleted, unless `work`
 * calls `keep`, which returns the emulator's process id. `openOther` adds a stack of another project.
 * @throws if AWS's API models forbid a request of the run
 */
export async function withLocalCloud<T>(
  { command, python }: Tools,
  stack: StackProgram,
  signal: AbortSignal,
  work: (engine: Engine, keep: () => number, openOther: OpenOther) => Promise<T>,
): Promise<T> {
  return withScratch(ROOT, async (scratch, folder) => {
    const emulator = await withProgress("starting the emulator", () =>
      startEmulator(python, scratch, signal, folder.noteChildren),
    );
    const { endpoint, pid } = emulator;
    const kept: number[] = [];
    const keep = (): number => {
      folder.handOver(pid, { endpoint, stack: stack.stackName });
      kept.push(pid);
      return pid;
    };
    try {
      const where = { command, endpoint, scratch, signal };
      const openOther: OpenOther = (other) =>
        openEngine({ ...where, folder: join(scratch, basename(other.root)), stack: other });
      const result = await work(await openEngine({ ...where, stack }), keep, openOther);
      await reportRequests(endpoint);
      return result;
    } catch (error) {
      const log = emulator.logTail();
      if (!signal.aborted && log !== "") print(`\nlast errors of the emulator:\n${log}`);
      throw error;
    } finally {
      if (kept.length === 0) await emulator.stop();
    }
  });
}
