import { withProgress } from "../../lib/progress";
import type { Other } from "./beside";
import type { AwsContext } from "../iam/contract";
import type { Approver } from "./codepipeline/approval";
import type { DeliveryRun } from "./codepipeline/simulateDelivery";
import type { Outside } from "./codepipeline/sourceFiles";
import { deliver, type Delivery } from "./eventbridge/deliver";
import type { ServiceEvent } from "./eventbridge/serviceEvent";
import { deliveriesInProgress, trainingsInProgress } from "./inProgress";
import { openRuns } from "./runs";
import type { Timeline } from "./timeline";
import { type Skipped, skippedLines } from "./sagemaker/remoteSteps";
import { simulateTraining, type TrainingRun } from "./sagemaker/simulateTraining";
import type { Project } from "./sagemaker/problems";

/** Everything that an end-to-end run needs. */
export interface TestEnvironment {
  readonly context: AwsContext;
  readonly timeline: Timeline;
  /** Python that stands for the build image's. */
  readonly python: string;
  /** Python that stands for the training image's. */
  readonly jobPython: string;
  readonly servingPython: string;
  /** CodePipeline whose builds reach nothing but AWS; left out if all reach the internet. */
  readonly offline?: string | undefined;
  /** CodePipeline whose builds wait in simulated time; the endpoints that they wait for change in it. */
  readonly simulatesTime?: string | undefined;
  /** What the deployed project lets a pipeline's definition say. */
  readonly project: Project;
  /** Who decides on approvals. */
  readonly approver?: Approver;
  /** The one CodePipeline whose runs are simulated; runs of others wait. Left out for all of them. */
  readonly only?: string;
  /** Plays what goes on beside a run of a CodePipeline, endpoints say. */
  readonly meanwhile?: Other;
  /** Takes each step that was not simulated. */
  readonly onSkipped?: (step: Skipped) => void;
}

/** Runs that were simulated until none was in progress. */
export interface SimulatedRuns {
  readonly deliveries: readonly DeliveryRun[];
  readonly trainings: readonly TrainingRun[];
}

/**
 * Simulates all runs in progress in the account, and the runs they start, until none is left: runs of CodePipelines
 * first, oldest first, so that a training goes on for as long as builds are waiting, then SageMaker pipeline executions.
 * Of a CodePipeline that queues its runs, those after one that waits for an approval come as far as its stage.
 */
export async function runUntilIdle(
  testEnvironment: TestEnvironment,
  outside?: Outside,
): Promise<SimulatedRuns> {
  const deliveries: DeliveryRun[] = [];
  const trainings: TrainingRun[] = [];
  const { context } = testEnvironment;
  const runs = openRuns({
    ...testEnvironment,
    outside,
    onEnd: (run) => deliveries.push(run),
    send: (event) => send(event, testEnvironment),
    async train(executionArn) {
      trainings.push(await simulateOneTraining(executionArn, testEnvironment));
    },
  });
  for (;;) {
    context.signal.throwIfAborted();
    const delivery = (await deliveriesInProgress(context)).find(
      ({ pipelineName }) =>
        testEnvironment.only === undefined || pipelineName === testEnvironment.only,
    );
    if (delivery !== undefined) {
      // A run is simulated as soon as it begins.
      if (delivery.isRollback)
        throw new Error(`rollback ${delivery.executionId} is left from an earlier end-to-end run`);
      await runs.runExecution(delivery);
      continue;
    }
    const [execution] = await trainingsInProgress(context);
    if (execution === undefined) return { deliveries, trainings };
    trainings.push(await simulateOneTraining(execution, testEnvironment));
  }
}

/** Hands an event to EventBridge, and tells what became of it. */
export async function send(
  event: ServiceEvent,
  { context, timeline }: TestEnvironment,
): Promise<readonly Delivery[]> {
  const done = await deliver(event, context);
  for (const { detail, outcome, rule, target } of done) {
    timeline.note("EventBridge", `${rule}: ${outcome} to ${target}: ${detail}`);
    if (outcome === "lost") throw new Error(`rule ${rule}: the event is lost: ${detail}`);
  }
  return done;
}

/** Whether a run of this CodePipeline, or of any if none is named, is waiting to be simulated. */
export async function isInProgress(context: AwsContext, pipelineName?: string): Promise<boolean> {
  const found = await deliveriesInProgress(context);
  return found.some((one) => pipelineName === undefined || one.pipelineName === pipelineName);
}

async function simulateOneTraining(
  executionArn: string,
  testEnvironment: TestEnvironment,
): Promise<TrainingRun> {
  const { jobPython, onSkipped, project, servingPython, context, timeline } = testEnvironment;
  const execution = { start: new Date() };
  timeline.note("SageMaker", `execution ${executionArn.split("/").pop() ?? ""} starts`);
  const run = await withProgress("training", (report) =>
    simulateTraining(executionArn, context, {
      note: (line) => {
        timeline.note("SageMaker", `note: ${line}`);
      },
      project,
      python: jobPython,
      report,
      servingPython,
    }),
  );
  for (const { failureReason = "", name, seconds, startTime: start, status } of run.steps) {
    const took = `${status} (${seconds.toFixed(1)} s)`;
    const span = { start, end: new Date(start.getTime() + seconds * 1000) };
    timeline.note("SageMaker", `step ${name}: ${took} ${failureReason}`.trimEnd(), span);
  }
  const outcome = `pipeline execution ${run.status}: ${run.modelPackageArn ?? ""}`;
  timeline.note("SageMaker", outcome, execution);
  for (const line of skippedLines(run.skipped)) timeline.note("SageMaker", line);
  for (const one of run.skipped) onSkipped?.(one);
  for (const event of run.events) await send(event, testEnvironment);
  return run;
}
