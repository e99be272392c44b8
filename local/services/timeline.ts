import { print } from "../../lib/progress";
import type { Entry } from "../report/record";

/** When an event started and ended; by default, it ends now. */
interface Span {
  readonly start: Date;
  readonly end?: Date;
}

/** Events of an end-to-end run, in order, each printed as it happens. */
export interface Timeline {
  readonly note: (who: string, what: string, span?: Span) => void;
}

/** Starts a timeline that counts from now; `onEntry` gets each entry as well. */
export function startTimeline(onEntry: (entry: Entry) => void = () => undefined): Timeline {
  const started = Date.now();
  return {
    note: (who, what, span) => {
      const secondsAt = (time: number) => Math.max(0, time - started) / 1000;
      const seconds = secondsAt(span?.end?.getTime() ?? Date.now());
      const start = span && { start: secondsAt(span.start.getTime()) };
      onEntry({ seconds, ...start, who, what });
      const [first = "", ...more] = what.split("\n");
      print(`    ${seconds.toFixed(1).padStart(6)} s  ${who.padEnd(13)} ${first}`);
      for (const line of more) print(`${" ".repeat(28)}${line}`);
    },
  };
}
