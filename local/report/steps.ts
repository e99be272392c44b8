import { messageOf } from "../../lib/errors";
import { print, secondsSince } from "../../lib/progress";

/** Takes a step of a run, under a title. */
export interface Stepping {
  readonly step: <T>(title: string, work: () => Promise<T>) => Promise<T>;
}

/** Counts the promises of a run that held, and names the first that did not. */
export interface Steps extends Stepping {
  /** Given the error that ended the run, if one did: "local cloud: 7 steps passed, 0 failed (42.0 s)". */
  readonly summary: (error?: unknown) => string;
}

/** A run with no step taken yet. */
export function startSteps(): Steps {
  const started = Date.now();
  let passed = 0;
  let failed = 0;
  return {
    step: async (title, work) => {
      print(`\n${(passed + 1).toString()}. ${title}`);
      try {
        const result = await work();
        passed += 1;
        return result;
      } catch (error) {
        failed += 1;
        throw new Error(`step "${title}" failed: ${messageOf(error)}`, { cause: error });
      }
    },
    summary: (error) => {
      // What goes wrong between two steps is a failure too.
      if (error !== undefined && failed === 0) failed = 1;
      return (
        `local cloud: ${passed.toString()} steps passed, ${failed.toString()} failed ` +
        `(${secondsSince(started)})`
      );
    },
  };
}
