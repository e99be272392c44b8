import { print } from "../../lib/progress";

/** Event of the timeline. */
export interface Entry {
  /** Its end, in seconds since the start of the end-to-end run. */
  readonly seconds: number;
  /** Its start, likewise; left out of an event without a duration. */
  readonly start?: number;
  /** AWS service or user. */
  readonly who: string;
  readonly what: string;
}

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
