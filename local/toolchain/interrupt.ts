import { setMaxListeners } from "node:events";

import { print } from "../../lib/progress";
import { type SeenProcess, descendants, endNow } from "./processTable";
import { forceGroups } from "./processes";

const TAKE_DOWN_MS = 20_000;

/** Fired once the user (or the machine) wants this run to stop. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /**
   * Ends what the engine left behind, since a provider outlives an engine that had to go at once;
   * processes that shall go on are spared.
   */
  readonly endLeftovers: (spared?: readonly number[]) => void;
}

/** The process's exit code after an interrupt. */
export const INTERRUPTED = 130;

/**
 * Turns Ctrl-C and the like into an orderly take-down. A second one, or a take-down that does
 * not come to an end, ends every child and this process at once.
 */
export function catchInterrupts(): Interrupt {
  const controller = new AbortController();
  // Every engine operation listens, and Node takes more than ten for a leak.
  setMaxListeners(0, controller.signal);
  let first = 0;
  let seen: SeenProcess[] = [];

  const force = (): void => {
    const now = [...seen, ...descendants()];
    forceGroups();
    endNow(now);
    process.exit(INTERRUPTED);
  };
  const onSignal = (name: string): void => {
    // npm hands on the very Ctrl-C that the terminal sent us already: that is not a second one.
    if (first > 0 && Date.now() - first < 1000) return;
    if (first > 0) {
      force();
      return;
    }
    first = Date.now();
    seen = descendants();
    print(`\n${name}: stopping all processes (repeat to kill them)`);
    setTimeout(force, TAKE_DOWN_MS).unref();
    controller.abort(new Error(`stopped by ${name}`));
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, onSignal);

  return {
    signal: controller.signal,
    endLeftovers: (spared = []) => {
      endNow([...seen, ...descendants()].filter(({ pid }) => !spared.includes(pid)));
    },
  };
}
