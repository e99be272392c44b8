import { say } from "../progress";

/** What happened in a rehearsal, in order, each line printed as it happens. */
export interface Timeline {
  readonly note: (who: string, what: string) => void;
}

/** A timeline that counts from now. */
export function startTimeline(): Timeline {
  const started = Date.now();
  return {
    note: (who, what) => {
      const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(6);
      const [first = "", ...more] = what.split("\n");
      say(`    ${seconds} s  ${who.padEnd(13)} ${first}`);
      for (const line of more) say(`${" ".repeat(28)}${line}`);
    },
  };
}
