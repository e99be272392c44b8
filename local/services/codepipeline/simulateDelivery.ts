import type { AwsContext } from "../../iam/contract";
import { deliveryRunEvent } from "../eventbridge/deliveryEvents";
import { type Begun, begin } from "./beginDelivery";
import { lastPassed, rememberFailed, rememberPassed } from "./passedStages";
import {
  type EndedAction,
  type FailedAction,
  type StageEnd,
  type Stopped,
  simulateStage,
} from "./simulateStage";
import type { DeliveryOrder } from "./pipelineRun";
import type { StageShape } from "./structure";

/** How a run of a CodePipeline ended. */
export interface DeliveryRun {
  readonly pipelineName: string;
  readonly pipelineArn: string;
  readonly executionId: string;
  readonly commitId: string;
  readonly pipelineVersion: number;
  readonly startTime: string;
  /** 2 after a retry of a stage; left out of the first attempt. */
  readonly attempt?: number;
  /** The pipeline's own, resolved. */
  readonly variables: Readonly<Record<string, string>>;
  readonly status: "Succeeded" | "Failed" | "Stopped";
  /** Set if an action failed. */
  readonly failure?: FailedAction;
  /** Set if the run was stopped. */
  readonly stopped?: Stopped;
  /** Execution to which the stage that failed is rolled back; left out if it is not. */
  readonly rollsBackTo?: string;
  /** The execution that failed, of an automatic rollback. */
  readonly rolledBack?: { readonly executionId: string };
  /** In the order in which they ended. */
  readonly actions: readonly EndedAction[];
  /** What the builds printed. */
  readonly lines: readonly string[];
}

/** A run that has begun, and may wait before a stage that an older one occupies. */
export interface Delivery {
  /** Plays the stages before this one, unless it has come as far already; returns the run if it has ended there. */
  readonly runUntil: (stageName: string, context: AwsContext) => Promise<DeliveryRun | undefined>;
  /** Plays the other stages. */
  readonly finish: (context: AwsContext) => Promise<DeliveryRun>;
}

/**
 * Reads the deployed pipeline back and simulates its stages in order, under the pipeline's role: of a rollback, its stage
 * alone; of a retry, the stage that failed and those after it. All that the run tells EventBridge on its way is sent;
 * of how it ended, nothing yet.
 */
export async function simulateDelivery(
  order: DeliveryOrder,
  context: AwsContext,
): Promise<DeliveryRun> {
  return (await openDelivery(order, context)).finish(context);
}

/** Begins a run, whose stages are simulated on demand. */
export async function openDelivery(order: DeliveryOrder, context: AwsContext): Promise<Delivery> {
  const begun = await begin(order, context);
  const { isRetry, log, trigger } = begun;
  const event = isRetry
    ? deliveryRunEvent(log.events, "RESUMED")
    : deliveryRunEvent(log.events, "STARTED", trigger);
  await order.send(event);
  const rest = [...begun.stages];
  let ended: DeliveryRun | undefined;

  async function simulateNext(context: AwsContext): Promise<void> {
    const next = rest.shift();
    ended =
      next === undefined ? runOf(begun, "Succeeded") : await simulateOne(next, begun, context);
  }

  return {
    async runUntil(stageName, context) {
      const isBefore = () => rest.findIndex(({ name }) => name === stageName) > 0;
      while (ended === undefined && isBefore()) await simulateNext(context);
      return ended;
    },
    async finish(context) {
      while (ended === undefined) await simulateNext(context);
      return ended;
    },
  };
}

/** How the run ended in this stage; undefined if it goes on. */
async function simulateOne(
  one: StageShape,
  begun: Begun,
  context: AwsContext,
): Promise<DeliveryRun | undefined> {
  const { log, pipelineVersion, pipelineRun } = begun;
  const { executionId, made, pipelineName, rollback } = pipelineRun;
  if (begun.executionMode === "QUEUED") await pipelineRun.onStage?.(one);
  const end = await simulateStage(one, { ...pipelineRun, context }, log);
  if (end.stopped !== undefined) return { ...runOf(begun, "Stopped"), stopped: end.stopped };
  const passed = { executionId, made, pipelineVersion };
  if (end.failure !== undefined) {
    rememberFailed({ ...passed, stageName: one.name }, pipelineName, context);
    return failedRun(end.failure, one, begun, context);
  }
  // To a rollback, AWS rolls nothing back.
  if (rollback === undefined) rememberPassed(passed, pipelineName, one.name, context);
  return undefined;
}

function failedRun(
  failure: NonNullable<StageEnd["failure"]>,
  { name, rollsBack }: StageShape,
  begun: Begun,
  context: AwsContext,
): DeliveryRun {
  const { pipelineName, rollback } = begun.pipelineRun;
  // A rollback that fails is not rolled back.
  const isRolledBack = rollsBack && rollback === undefined;
  const last = isRolledBack
    ? lastPassed(pipelineName, name, begun.pipelineVersion, context)
    : undefined;
  return { ...runOf(begun, "Failed"), failure, ...(last && { rollsBackTo: last.executionId }) };
}

function runOf(
  { log, pipelineVersion, pipelineRun }: Begun,
  status: DeliveryRun["status"],
): DeliveryRun {
  const { executionId, made, pipelineArn, pipelineName, rollback, variables } = pipelineRun;
  const { attempt, startTime } = log.events;
  return {
    actions: log.actions,
    commitId: made.commitId,
    executionId,
    lines: log.lines,
    pipelineArn,
    pipelineName,
    pipelineVersion,
    startTime,
    status,
    variables,
    ...(attempt !== undefined && { attempt }),
    ...(rollback && { rolledBack: { executionId: rollback.failedExecutionId } }),
  };
}
