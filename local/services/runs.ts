import { setTimeout as sleep } from "node:timers/promises";

import { beside, type Other } from "./beside";
import type { AwsContext } from "../iam/contract";
import type { Approver } from "./codepipeline/approval";
import { type Delivery, type DeliveryRun, openDelivery } from "./codepipeline/simulateDelivery";
import type { DeliveryOrder } from "./codepipeline/pipelineRun";
import { runEvents } from "./codepipeline/runEvents";
import type { Outside } from "./codepipeline/sourceFiles";
import { setExecutionState, startRollback } from "./eventbridge/executionState";
import type { ServiceEvent } from "./eventbridge/serviceEvent";
import { trainingsInProgress } from "./inProgress";
import { type QueuedRuns, openQueuedRuns } from "./queuedRuns";
import type { TestEnvironment } from "./runUntilIdle";
import type { Timeline } from "./timeline";
import { trainingBeside } from "./trainingBeside";

/** Test environment of CodePipeline executions. */
interface Site extends TestEnvironment {
  readonly outside: Outside | undefined;
  /** Called at the end of each run, in order. */
  readonly onEnd: (run: DeliveryRun) => unknown;
  readonly send: (event: ServiceEvent) => Promise<unknown>;
  /** Simulates one training to its end. */
  readonly train: (executionArn: string) => Promise<void>;
}

type Order = Pick<DeliveryOrder, "commitId" | "executionId" | "pipelineName" | "rollback">;

/** Runs of CodePipelines, of which one is simulated at a time. */
export interface Runs {
  /** Simulates a run to its end, and its automatic rollback if there is one. */
  readonly runExecution: (order: Order) => Promise<void>;
}

/** Of a CodePipeline that queues its runs, those after one that waits for an approval come as far as its stage. */
export function openRuns(site: Site): Runs {
  const { context } = site;
  const queued = openQueuedRuns({
    context,
    begin: (order) => begin(order, queued, site),
    end: (run) => endExecution(run, site),
  });
  async function runExecution(order: Order): Promise<void> {
    const run = await beside(
      async (signal) => {
        const delivery = queued.take(order.executionId) ?? (await begin(order, queued, site));
        return delivery.finish({ ...context, signal });
      },
      meanwhileOf(order, site),
      context.signal,
    );
    await endExecution(run, site);
    const rollback = await rollbackOf(run, context);
    if (rollback !== undefined) await runExecution(rollback);
  }
  return { runExecution };
}

/** Builds of the deployment start no training. */
function meanwhileOf({ pipelineName }: Order, site: Site): Other[] {
  const { context, meanwhile, simulatesTime, train } = site;
  const training = trainingBeside({
    decisions: context.proxy.decisions,
    inProgress: () => trainingsInProgress(context),
    signal: context.signal,
    train,
  });
  return [
    ...(pipelineName === simulatesTime ? [] : [training]),
    ...(meanwhile === undefined ? [] : [meanwhile]),
  ];
}

function begin(order: Order, queued: QueuedRuns, site: Site): Promise<Delivery> {
  const { approver, offline, outside, python, send, simulatesTime, context, timeline } = site;
  const { executionId, rollback } = order;
  const what = rollback === undefined ? "starts" : `rolls back stage ${rollback.stageName}`;
  timeline.note("CodePipeline", `execution ${executionId} ${what}`);
  const advance = (stageName: string) => queued.advance(order, stageName);
  return openDelivery(
    {
      ...order,
      approver: approver && noting(besideQueue(approver, advance, context), timeline),
      isOffline: order.pipelineName === offline,
      isTimeSimulated: order.pipelineName === simulatesTime,
      note: timeline.note,
      async onStage({ actions, name }) {
        const hasApproval = actions.some((one) => one.actionTypeId.category === "Approval");
        if (hasApproval) await advance(name);
      },
      outside,
      python,
      send,
    },
    context,
  );
}

/** An approver during whose decision the runs behind go on. */
function besideQueue(
  approver: Approver,
  advance: (stageName: string) => Promise<void>,
  { signal }: AwsContext,
): Approver {
  return (waiting) => {
    const goOn: Other = async (isOver) => {
      while (!isOver()) {
        await advance(waiting.stageName);
        await sleep(200, undefined, { signal });
      }
    };
    return beside(() => approver(waiting), [goOn], signal);
  };
}

/** The run by which CodePipeline rolls back the stage that failed, if it does. */
async function rollbackOf(
  { executionId: failed, failure, pipelineName, rollsBackTo }: DeliveryRun,
  context: AwsContext,
): Promise<Order | undefined> {
  if (failure === undefined || rollsBackTo === undefined) return undefined;
  const where = { pipelineName, stageName: failure.stage };
  const executionId = await startRollback(context, where, failed, rollsBackTo);
  const rollback = {
    failedExecutionId: failed,
    stageName: failure.stage,
    targetExecutionId: rollsBackTo,
  };
  return { executionId, pipelineName, rollback };
}

function noting(approver: Approver, { note }: Timeline): Approver {
  return async (waiting) => {
    const { actionName, customData = "", link = "" } = waiting;
    note("CodePipeline", [`${actionName} is pending`, customData, link].filter(Boolean).join("\n"));
    const start = new Date();
    const decision = await approver(waiting);
    const comment = decision.answer === "expired" ? "" : `: ${decision.comment}`;
    note("Approver", `${decision.answer}${comment}`, { start });
    return decision;
  };
}

async function endExecution(run: DeliveryRun, site: Site): Promise<void> {
  const { executionId, failure, pipelineName, status, stopped } = run;
  const { onEnd, send, context, timeline } = site;
  // One that was given up has its end already.
  if (stopped?.isAbandoned !== true) {
    await setExecutionState(context, pipelineName, executionId, { status });
  }
  const how =
    failure !== undefined
      ? `failed in ${failure.stage}: ${failure.reason}`
      : stopped !== undefined
        ? `was stopped in ${stopped.stage}: ${stopped.reason}`
        : `succeeded at commit ${run.commitId.slice(0, 8)}`;
  const span = { start: new Date(run.startTime) };
  timeline.note("CodePipeline", `execution ${executionId} ${how}`, span);
  for (const event of runEvents(run, context)) await send(event);
  onEnd(run);
}
