import type { Entry } from "../services/timeline";
import type { Stepping } from "./steps";
import { messageOf } from "../../lib/errors";

/** Step of the end-to-end run, with its events and notifications. */
export interface StepRecord {
  readonly title: string;
  /** In seconds since the start of the end-to-end run. */
  readonly start: number;
  /** Duration. */
  readonly seconds: number;
  /** Error; left out if the step passed. */
  readonly failure?: string;
  readonly entries: readonly Entry[];
  /** Notifications, oldest first. */
  readonly messages: readonly string[];
}

/** Runs steps, and records the events and notifications of each. */
export interface Recording extends Stepping {
  readonly stepRecords: readonly StepRecord[];
  readonly note: (entry: Entry) => void;
  readonly notified: (message: string) => void;
}

/** Starts a recording of consecutive steps; an event between two steps belongs to the next one. */
export function startRecording({ step }: Stepping): Recording {
  const began = Date.now();
  const stepRecords: StepRecord[] = [];
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
