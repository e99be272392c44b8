import { setTimeout as sleep } from "node:timers/promises";

import type { AwsContext } from "../../iam/contract";
import { statusOf } from "./execution";

const LOOK_EVERY_MS = 1000;

/** Checks whether an execution is stopped while it is simulated. */
export interface StopWatch {
  /** Fires when the execution is to stop, and when the run is. */
  readonly signal: AbortSignal;
  /** Whether it is the execution that is to stop. */
  readonly isStopping: () => boolean;
  /** Returns when it looks no longer. */
  readonly end: () => Promise<void>;
}

/** Watches an execution until `end` is called. */
export function watchForStop(arn: string, context: AwsContext): StopWatch {
  const ended = new AbortController();
  const stopped = new AbortController();
  const watch = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      if ((await statusOf(arn, context)) === "Stopping") stopped.abort();
      if (stopped.signal.aborted) return;
      await sleep(LOOK_EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  };
  const watching = watch();
  return {
    signal: AbortSignal.any([context.signal, stopped.signal]),
    isStopping: () => stopped.signal.aborted,
    async end() {
      ended.abort();
      await watching;
    },
  };
}
