import { say } from "../../lib/progress";
import type { Entry } from "../report/record";

/** What happened in an end-to-end run, in order, each line printed as it happens. */
export interface Timeline {
  readonly note: (who: string, what: string) => void;
}

/** A timeline that counts from now; `onEntry` is told of each entry as well. */
export function startTimeline(onEntry: (entry: Entry) => void = () => undefined): Timeline {
  const started = Date.now();
  return {
    note: (who, what) => {
      const seconds = (Date.now() - started) / 1000;
      onEntry({ seconds, who, what });
      const [first = "", ...more] = what.split("\n");
      say(`    ${seconds.toFixed(1).padStart(6)} s  ${who.padEnd(13)} ${first}`);
      for (const line of more) say(`${" ".repeat(28)}${line}`);
    },
  };
}
