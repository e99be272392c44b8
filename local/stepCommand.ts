import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { runCommand } from "./command";
import { forgetTheUsersClouds } from "./environment";
import { INTERRUPTED, catchInterrupts } from "./interrupt";
import { say } from "./progress";
import { type Steps, messageOf, startSteps } from "./steps";

const ROOT = join(__dirname, "..");

const EXIT_CODES =
  "Exit codes: 0 every step passed, 1 a step failed, 2 invalid command line, 130 stopped by Ctrl-C";

/** What a command of steps works with. */
export interface StepWork {
  /** Outside of this project, for projects of others; gone when the command ends. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly steps: Steps;
}

/** Runs `npm run NAME`, a command of steps that takes no arguments, and leaves with its exit code. */
export function stepCommand(
  name: string,
  help: string,
  work: (given: StepWork) => Promise<void>,
): void {
  runCommand(async (argv) => {
    if (argv.length === 0) return takeSteps(work);
    const asked = argv.every((it) => ["-h", "--help"].includes(it));
    if (asked) say(`npm run ${name}\n\n${help}\n\n${EXIT_CODES}`);
    else console.error(`npm run ${name} has no arguments, got "${argv.join(" ")}"`);
    return asked ? 0 : 2;
  });
}

async function takeSteps(work: (given: StepWork) => Promise<void>): Promise<number> {
  forgetTheUsersClouds(process.env);
  process.chdir(ROOT);
  const { endLeftovers, signal } = catchInterrupts();
  const folder = mkdtempSync(join(tmpdir(), "model-build-pipeline-"));
  const steps = startSteps();
  try {
    await work({ folder, signal, steps });
    say(`\n${steps.summary()}`);
    return 0;
  } catch (error) {
    if (!signal.aborted) console.error(`\n${messageOf(error)}\n\n${steps.summary(error)}`);
    return signal.aborted ? INTERRUPTED : 1;
  } finally {
    endLeftovers();
    rmSync(folder, { recursive: true, force: true });
  }
}
