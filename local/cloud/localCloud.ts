import { basename, join } from "node:path";

import type { PulumiCommand } from "@pulumi/pulumi/automation";

import { startEmulator } from "./emulator";
import { type Engine, type OtherProgram, openEngine } from "./engine";
import { type Programs, emulatorPython, imagePython, jobPython } from "../toolchain/venv";
import { pulumiCli } from "../toolchain/pulumiCli";
import { print, withProgress } from "../../lib/progress";
import { withScratch } from "./scratch";

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

/** The Python environments of builds and jobs, created if they are missing. */
export async function preparePrograms(signal: AbortSignal): Promise<Programs> {
  return { buildPython: await imagePython(signal), jobPython: await jobPython(signal) };
}

/** Opens an engine for a stack of another project, in the same cloud and with a state that both can read. */
export type OpenOther = (
  stackName: string,
  other: OtherProgram & { readonly root: string },
) => Promise<Engine>;

/**
 * Starts the emulator, and hands `work` an engine for a stack that is pointed at it. On
 * success and on failure, the emulator's process and every file of this run are deleted, unless `work`
 * calls `keep`, which returns the emulator's process id.
 */
export async function withLocalCloud<T>(
  { command, python }: Tools,
  stackName: string,
  signal: AbortSignal,
  work: (engine: Engine, keep: () => number, openOther: OpenOther) => Promise<T>,
  other: OtherProgram = {},
): Promise<T> {
  return withScratch(ROOT, async (scratch, folder) => {
    const emulator = await withProgress("starting the emulator", () =>
      startEmulator(python, scratch, signal, folder.noteChildren),
    );
    const { endpoint, pid } = emulator;
    const kept: number[] = [];
    const keep = (): number => {
      folder.handOver(pid, { endpoint, stack: stackName });
      kept.push(pid);
      return pid;
    };
    try {
      const where = { command, endpoint, scratch, signal };
      const openOther: OpenOther = (itsStack, its) => {
        const itsFolder = join(scratch, basename(its.root));
        return openEngine({ ...where, folder: itsFolder, other: its, stackName: itsStack });
      };
      return await work(await openEngine({ ...where, other, stackName }), keep, openOther);
    } catch (error) {
      const log = emulator.logTail();
      if (!signal.aborted && log !== "") print(`\nlast errors of the emulator:\n${log}`);
      throw error;
    } finally {
      if (kept.length === 0) await emulator.stop();
    }
  });
}
