import { setTimeout as sleep } from "node:timers/promises";

import type { Decision } from "../iam/contract";
import type { Other } from "./beside";
import { realMs } from "./simulatedTime";

interface TrainingBesideArgs {
  /** Calls of all roles so far, in order. */
  readonly decisions: readonly Decision[];
  /** ARNs of the executions in progress. */
  readonly inProgress: () => Promise<readonly string[]>;
  /** Simulates one to its end. */
  readonly train: (executionArn: string) => Promise<void>;
  readonly signal: AbortSignal;
  /** A build that asks nothing and goes on for so long waits in another way, for the model say: half an hour of AWS. */
  readonly patienceMs?: number;
  readonly everyMs?: number;
}

/** Calls by which the code of a build waits for an execution. */
const questions = ["sagemaker:DescribePipelineExecution", "sagemaker:ListPipelineExecutionSteps"];

/**
 * Simulates the trainings that a build waits for while the build goes on: those it asks about. A build that asks nothing
 * ends soon after it started its training, which is simulated after it.
 */
export function trainingBeside({
  decisions,
  everyMs = 500,
  inProgress,
  patienceMs = realMs(30 * 60),
  signal,
  train,
}: TrainingBesideArgs): Other {
  return async (isOver) => {
    const began = decisions.length;
    const isAskedFor = (arn: string) =>
      decisions
        .slice(began)
        .some(({ action, resource }) => resource === arn && questions.includes(action));
    const seen = new Map<string, number>();
    while (!isOver()) {
      for (const arn of await inProgress()) {
        const since = seen.get(arn) ?? Date.now();
        seen.set(arn, since);
        if (isOver() || !(isAskedFor(arn) || Date.now() - since >= patienceMs)) continue;
        await train(arn);
      }
      await sleep(everyMs, undefined, { signal });
    }
  };
}
