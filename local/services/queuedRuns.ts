import type { AwsContext } from "../iam/contract";
import type { Delivery, DeliveryRun } from "./codepipeline/simulateDelivery";
import { type InProgress, deliveriesInProgress } from "./inProgress";

/** Runs of CodePipelines that wait before the stage that an older run of the same CodePipeline occupies. */
export interface QueuedRuns {
  /** The run, if it has begun: it waits no longer. */
  readonly take: (executionId: string) => Delivery | undefined;
  /** Has every other run of the CodePipeline pass the stages before this one, oldest first. */
  readonly advance: (older: Older, stageName: string) => Promise<void>;
}

type Older = Pick<InProgress, "executionId" | "pipelineName">;

interface QueuedRunsArgs {
  readonly context: AwsContext;
  readonly begin: (order: InProgress) => Promise<Delivery>;
  /** Called for a run that ended before that stage. */
  readonly end: (run: DeliveryRun) => Promise<void>;
}

/**
 * CodePipeline's execution mode QUEUED: a stage has one run at a time, and the next ones come as far as its entry.
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html
 */
export function openQueuedRuns({ begin, end, context }: QueuedRunsArgs): QueuedRuns {
  const waiting = new Map<string, Delivery>();

  async function advanceOne(order: InProgress, stageName: string): Promise<void> {
    const { executionId } = order;
    const delivery = waiting.get(executionId) ?? (await begin(order));
    waiting.set(executionId, delivery);
    const ended = await delivery.runUntil(stageName, context);
    if (ended === undefined) return;
    waiting.delete(executionId);
    await end(ended);
  }

  return {
    take(executionId) {
      const delivery = waiting.get(executionId);
      waiting.delete(executionId);
      return delivery;
    },
    async advance({ executionId, pipelineName }, stageName) {
      const others = (await deliveriesInProgress(context)).filter(
        (one) => one.pipelineName === pipelineName && one.executionId !== executionId,
      );
      for (const one of others) await advanceOne(one, stageName);
    },
  };
}
