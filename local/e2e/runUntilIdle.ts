import { setTimeout as sleep } from "node:timers/promises";

import { withProgress } from "../progress";
import { beside, type Other } from "./beside";
import type { Stage } from "./contract";
import type { Approver } from "./delivery/approval";
import { type DeliveryRun, playDelivery } from "./delivery/playDelivery";
import type { DeliveryOrder } from "./delivery/playing";
import { runEvents } from "./delivery/runEvents";
import type { Outside } from "./delivery/sourceFiles";
import { deliver, type Delivery } from "./events/deliver";
import { setExecutionState, startRollback } from "./events/executionState";
import type { ServiceEvent } from "./events/serviceEvent";
import { deliveriesInProgress, trainingsInProgress } from "./inProgress";
import type { Timeline } from "./timeline";
import { playTraining, type TrainingRun } from "./training/playTraining";
import type { Project } from "./training/problems";

/** Everything that an end-to-end run is played with. */
export interface TestEnvironment {
  readonly stage: Stage;
  readonly timeline: Timeline;
  /** Python that stands for the build image's. */
  readonly python: string;
  /** Python that stands for the training image's. */
  readonly jobPython: string;
  /** CodePipeline whose builds reach nothing but AWS; left out if all reach the internet. */
  readonly offline?: string | undefined;
  /** CodePipeline whose builds wait in simulated time; the endpoints that they wait for change in it. */
  readonly simulatesTime?: string | undefined;
  /** What the deployed project lets a pipeline's definition say. */
  readonly project: Project;
  /** Whether a build goes on until its training has ended. */
  readonly waitsForTraining: boolean;
  /** Who decides on approvals. */
  readonly approver?: Approver;
  /** The one CodePipeline whose runs are played; those of others wait. Left out for all of them. */
  readonly only?: string;
  /** Plays what goes on beside a run of a CodePipeline, endpoints say. */
  readonly meanwhile?: Other;
}

/** What was played until nothing was going on any more. */
export interface Played {
  readonly deliveries: readonly DeliveryRun[];
  readonly trainings: readonly TrainingRun[];
}

/**
 * Plays what is in progress in the account, and what follows from it, until nothing is: runs of CodePipelines
 * first, oldest first, so that a training goes on for as long as builds are waiting, then SageMaker pipeline executions.
 */
export async function runUntilIdle(
  testEnvironment: TestEnvironment,
  outside?: Outside,
): Promise<Played> {
  const deliveries: DeliveryRun[] = [];
  const trainings: TrainingRun[] = [];
  for (;;) {
    testEnvironment.stage.signal.throwIfAborted();
    const delivery = (await deliveriesInProgress(testEnvironment.stage)).find(
      ({ pipelineName }) =>
        testEnvironment.only === undefined || pipelineName === testEnvironment.only,
    );
    if (delivery !== undefined) {
      // One is played as soon as it begins.
      if (delivery.isRollback)
        throw new Error(`rollback ${delivery.executionId} is left from an earlier end-to-end run`);
      const run = await playOne({ ...delivery, outside }, testEnvironment, trainings);
      deliveries.push(run, ...(await rolledBack(run, testEnvironment, trainings)));
      continue;
    }
    const [execution] = await trainingsInProgress(testEnvironment.stage);
    if (execution === undefined) return { deliveries, trainings };
    trainings.push(await playOneTraining(execution, testEnvironment));
  }
}

/** Hands an event to EventBridge, and tells what became of it. */
export async function send(
  event: ServiceEvent,
  { stage, timeline }: TestEnvironment,
): Promise<readonly Delivery[]> {
  const done = await deliver(event, stage);
  for (const { detail, outcome, rule, target } of done) {
    timeline.note("EventBridge", `${rule}: ${outcome} to ${target}: ${detail}`);
    if (outcome === "lost") throw new Error(`rule ${rule}: the event is lost: ${detail}`);
  }
  return done;
}

/** Whether a run of this CodePipeline, or of any if none is named, is waiting to be played. */
export async function isInProgress(stage: Stage, pipelineName?: string): Promise<boolean> {
  const found = await deliveriesInProgress(stage);
  return found.some((one) => pipelineName === undefined || one.pipelineName === pipelineName);
}

type Order = Pick<
  DeliveryOrder,
  "commitId" | "executionId" | "outside" | "pipelineName" | "rollback"
>;

async function playOne(
  order: Order,
  testEnvironment: TestEnvironment,
  trainings: TrainingRun[],
): Promise<DeliveryRun> {
  const { meanwhile, offline, python, simulatesTime, stage, timeline, waitsForTraining } =
    testEnvironment;
  const { executionId, rollback } = order;
  const what = rollback === undefined ? "starts" : `rolls back stage ${rollback.stageName}`;
  timeline.note("CodePipeline", `execution ${executionId} ${what}`);
  const train: Other = async (isOver) => {
    while (waitsForTraining && !isOver()) {
      for (const one of await trainingsInProgress(stage)) {
        trainings.push(await playOneTraining(one, testEnvironment));
      }
      await sleep(200, undefined, { signal: stage.signal });
    }
  };
  const run = await beside(
    (signal) =>
      playDelivery(
        {
          ...order,
          isOffline: order.pipelineName === offline,
          isTimeSimulated: order.pipelineName === simulatesTime,
          approver: testEnvironment.approver && noting(testEnvironment.approver, timeline),
          note: timeline.note,
          python,
          send: (event) => send(event, testEnvironment),
        },
        { ...stage, signal },
      ),
    meanwhile === undefined ? [train] : [train, meanwhile],
    stage.signal,
  );
  await endExecution(run, testEnvironment);
  return run;
}

/** The run by which CodePipeline rolls back the stage that failed, if it does. */
async function rolledBack(
  { executionId: failed, failure, pipelineName, rollsBackTo }: DeliveryRun,
  testEnvironment: TestEnvironment,
  trainings: TrainingRun[],
): Promise<DeliveryRun[]> {
  if (failure === undefined || rollsBackTo === undefined) return [];
  const where = { pipelineName, stageName: failure.stage };
  const executionId = await startRollback(testEnvironment.stage, where, failed, rollsBackTo);
  const rollback = {
    failedExecutionId: failed,
    stageName: failure.stage,
    targetExecutionId: rollsBackTo,
  };
  return [await playOne({ executionId, pipelineName, rollback }, testEnvironment, trainings)];
}

function noting(approver: Approver, { note }: Timeline): Approver {
  return async (waiting) => {
    const { actionName, customData = "", link = "" } = waiting;
    note("CodePipeline", [`${actionName} is pending`, customData, link].filter(Boolean).join("\n"));
    const decision = await approver(waiting);
    const comment = decision.answer === "expired" ? "" : `: ${decision.comment}`;
    note("Approver", `${decision.answer}${comment}`);
    return decision;
  };
}

async function endExecution(run: DeliveryRun, testEnvironment: TestEnvironment): Promise<void> {
  const { executionId, failure, pipelineName, status, stopped } = run;
  const { stage, timeline } = testEnvironment;
  // One that was given up has its end already.
  if (stopped?.isAbandoned !== true) {
    await setExecutionState(stage, pipelineName, executionId, { status });
  }
  const how =
    failure !== undefined
      ? `failed in ${failure.stage}: ${failure.reason}`
      : stopped !== undefined
        ? `was stopped in ${stopped.stage}: ${stopped.reason}`
        : `succeeded at commit ${run.commitId.slice(0, 8)}`;
  timeline.note("CodePipeline", `execution ${executionId} ${how}`);
  for (const event of runEvents(run, stage)) await send(event, testEnvironment);
}

async function playOneTraining(
  executionArn: string,
  testEnvironment: TestEnvironment,
): Promise<TrainingRun> {
  const { jobPython, project, stage, timeline } = testEnvironment;
  timeline.note("SageMaker", `execution ${executionArn.split("/").pop() ?? ""} starts`);
  const run = await withProgress("training", (report) =>
    playTraining(executionArn, stage, { project, python: jobPython, report }),
  );
  for (const { failureReason = "", name, seconds, status } of run.steps) {
    const took = `${status} (${seconds.toFixed(1)} s)`;
    timeline.note("SageMaker", `step ${name}: ${took} ${failureReason}`.trimEnd());
  }
  timeline.note("SageMaker", `pipeline execution ${run.status}: ${run.modelPackageArn ?? ""}`);
  for (const event of run.events) await send(event, testEnvironment);
  return run;
}
