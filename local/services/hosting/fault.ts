import type { Answer } from "./invocationProxy";

/** Fault of one fleet. */
export interface Fault {
  /** For the timeline. */
  readonly name: string;
  /** No request reaches it. */
  readonly isSilent?: boolean;
  /** SageMaker publishes no metrics of it. */
  readonly hasNoMetrics?: boolean;
  /** What it answers instead. */
  readonly answer?: (answer: Answer) => Answer;
  /** Added latency in simulated milliseconds, by simulated minutes since its first request. */
  readonly delay?: (minutes: number) => number;
}

const SLOW_MS = 3000;

/** Faults of fleets. */
export const faults = {
  errors: {
    name: "answers with 500",
    answer: (): Answer => ({ status: 500, contentType: "text/plain", body: "MemoryError" }),
  },
  noMetrics: { name: "has no metrics", hasNoMetrics: true },
  silent: { name: "gets no request", isSilent: true },
  slow: { name: "answers slowly", delay: () => SLOW_MS },
  slowStart: {
    name: "answers slowly for a minute",
    delay: (minutes: number) => (minutes < 1 ? SLOW_MS : 0),
  },
  wrongAnswers: {
    name: "predicts the opposite",
    answer: ({ body, ...answer }: Answer): Answer => ({
      ...answer,
      body: body.replace(/\d+(\.\d+)?(e-?\d+)?/g, (value) => (1 - Number(value)).toString()),
    }),
  },
} satisfies Readonly<Record<string, Fault>>;
