import type { Stepping } from "./steps";
import { messageOf } from "./steps";

/** Event of the timeline. */
export interface Entry {
  /** Its end, in seconds since the start of the end-to-end run. */
  readonly seconds: number;
  /** Its start, likewise; left out of an event without a duration. */
  readonly start?: number;
  /** The service, or the person. */
  readonly who: string;
  readonly what: string;
}

/** A step of the end-to-end run, with all that happened in it. */
export interface Story {
  readonly title: string;
  /** In seconds since the start of the end-to-end run. */
  readonly start: number;
  /** Duration. */
  readonly seconds: number;
  /** Left out if the step held. */
  readonly failure?: string;
  readonly entries: readonly Entry[];
  /** What people were told, oldest first. */
  readonly messages: readonly string[];
}

/** Takes steps, and keeps what happened in each of them. */
export interface Recording extends Stepping {
  readonly stepRecords: readonly Story[];
  readonly note: (entry: Entry) => void;
  readonly notified: (message: string) => void;
}

/** A recording of steps that are taken one after another; what happens between two belongs to the next. */
export function startRecording({ step }: Stepping): Recording {
  const began = Date.now();
  const stepRecords: Story[] = [];
  let entries: Entry[] = [];
  let messages: string[] = [];
  return {
    stepRecords,
    note: (entry) => void entries.push(entry),
    notified: (message) => void messages.push(message),
    step: async (title, work) => {
      const started = Date.now();
      const end = (error?: unknown): void => {
        const failure = error === undefined ? {} : { failure: messageOf(error) };
        const seconds = (Date.now() - started) / 1000;
        const start = (started - began) / 1000;
        stepRecords.push({ title, start, seconds, ...failure, entries, messages });
        [entries, messages] = [[], []];
      };
      return step(title, async () => {
        try {
          const done = await work();
          end();
          return done;
        } catch (error) {
          end(error ?? "unknown error");
          throw error;
        }
      });
    },
  };
}
