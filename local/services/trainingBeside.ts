import { setTimeout as sleep } from "node:timers/promises";

import type { Other } from "./beside";

interface TrainingBesideArgs {
  /** ARNs of the executions in progress. */
  readonly inProgress: () => Promise<readonly string[]>;
  /** Simulates one to its end. */
  readonly train: (executionArn: string) => Promise<void>;
  readonly signal: AbortSignal;
  /** A build that goes on for so long after it started a training waits for it. */
  readonly waitsAfterMs?: number;
  readonly everyMs?: number;
}

/**
 * Simulates the trainings that a build waits for, by its setting or by its own code, while the build goes on. A build
 * that does not wait ends soon after it started its training, which is simulated after it.
 */
export function trainingBeside({
  everyMs = 500,
  inProgress,
  signal,
  train,
  waitsAfterMs = 5000,
}: TrainingBesideArgs): Other {
  return async (isOver) => {
    const seen = new Map<string, number>();
    const before = await inProgress();
    while (!isOver()) {
      for (const arn of await inProgress()) {
        const since = seen.get(arn) ?? Date.now();
        seen.set(arn, since);
        // Most builds start a training of their own; some find one of an earlier build, and wait for it.
        const patienceMs = before.includes(arn) ? 12 * waitsAfterMs : waitsAfterMs;
        if (isOver() || Date.now() - since < patienceMs) continue;
        await train(arn);
      }
      await sleep(everyMs, undefined, { signal });
    }
  };
}
