import type { Stack } from "@pulumi/pulumi/automation";

import type { Calls } from "../doctor/calls";
import type { ProveClients } from "./clients";
import type { Target } from "./target";

/** Runs a program, and returns its output. @throws its error output unless the exit code is 0 */
export type RunProgram = (
  command: string,
  args: readonly string[],
  where?: {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly input?: string;
    /** Whether the program runs also after the end of the run. */
    readonly isLast?: boolean;
  },
) => Promise<string>;

/** Everything that a step uses. */
export interface Kit {
  readonly clients: ProveClients;
  /** Whether the calls reach AWS; else they reach an emulator. */
  readonly isAws: boolean;
  readonly program: RunProgram;
  /** Value of a SageMaker quota. */
  readonly quota: Calls["quota"];
  /** Shows what the current step is doing. */
  readonly report: (line: string) => void;
  /** Fires at the deadline, and when the user stops the run. */
  readonly signal: AbortSignal;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly stack: Pick<Stack, "destroy" | "exportStack" | "up">;
  readonly started: Date;
  readonly target: Target;
}

/** A step that was not possible, with the reason. */
export class NotChecked extends Error {}

/**
 * Ends the step on an emulator.
 * @param found what the emulator shows instead
 */
export function mustBeAws({ isAws }: Pick<Kit, "isAws">, found: readonly string[] = []): void {
  if (isAws) return;
  const what = found.length === 0 ? [] : [". Of this machine:", ...found];
  throw new NotChecked(`not checked here: only AWS${what.join("\n")}`);
}

const SECONDS_ON_AWS = 15;
const SECONDS_ON_EMULATOR = 0.5;

/**
 * Looks again and again until there is something.
 * @throws after so many minutes, with the expected result
 */
export async function until<T>(
  { isAws, signal, sleep }: Pick<Kit, "isAws" | "signal" | "sleep">,
  expected: string,
  minutes: number,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const seconds = isAws ? SECONDS_ON_AWS : SECONDS_ON_EMULATOR;
  for (let left = minutes * 60; left > 0; left -= seconds) {
    const found = await look();
    if (found !== undefined) return found;
    // The reason of the signal is that of the run.
    await sleep(seconds * 1000, signal).catch(() => undefined);
    signal.throwIfAborted();
  }
  throw new Error(`expected ${expected} within ${String(minutes)} minutes`);
}
