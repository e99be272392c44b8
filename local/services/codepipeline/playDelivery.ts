import type { Stage } from "../../iam/contract";
import { deliveryRunEvent } from "../eventbridge/deliveryEvents";
import { type Begun, begin } from "./beginDelivery";
import { lastPassed, rememberFailed, rememberPassed } from "./passedStages";
import {
  type EndedAction,
  type FailedAction,
  type StageEnd,
  type Stopped,
  playStage,
} from "./playStage";
import type { DeliveryOrder } from "./playing";
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
  readonly playUntil: (stageName: string, stage: Stage) => Promise<DeliveryRun | undefined>;
  /** Plays the other stages. */
  readonly finish: (stage: Stage) => Promise<DeliveryRun>;
}

/**
 * Reads the deployed pipeline back and plays its stages in order, under the pipeline's role: of a rollback, its stage
 * alone; of a retry, the stage that failed and those after it. All that the run tells EventBridge on its way is sent;
 * of how it ended, nothing yet.
 */
export async function playDelivery(order: DeliveryOrder, stage: Stage): Promise<DeliveryRun> {
  return (await openDelivery(order, stage)).finish(stage);
}

/** Begins a run, whose stages are played when that is asked for. */
export async function openDelivery(order: DeliveryOrder, stage: Stage): Promise<Delivery> {
  const begun = await begin(order, stage);
  const { isRetry, log, trigger } = begun;
  const event = isRetry
    ? deliveryRunEvent(log.events, "RESUMED")
    : deliveryRunEvent(log.events, "STARTED", trigger);
  await order.send(event);
  const rest = [...begun.stages];
  let ended: DeliveryRun | undefined;

  async function playNext(at: Stage): Promise<void> {
    const next = rest.shift();
    ended = next === undefined ? runOf(begun, "Succeeded") : await played(next, begun, at);
  }

  return {
    async playUntil(stageName, at) {
      const isBefore = () => rest.findIndex(({ name }) => name === stageName) > 0;
      while (ended === undefined && isBefore()) await playNext(at);
      return ended;
    },
    async finish(at) {
      while (ended === undefined) await playNext(at);
      return ended;
    },
  };
}

/** How the run ended in this stage; undefined if it goes on. */
async function played(
  one: StageShape,
  begun: Begun,
  stage: Stage,
): Promise<DeliveryRun | undefined> {
  const { log, pipelineVersion, playing } = begun;
  const { executionId, made, pipelineName, rollback } = playing;
  if (begun.executionMode === "QUEUED") await playing.onStage?.(one);
  const end = await playStage(one, { ...playing, stage }, log);
  if (end.stopped !== undefined) return { ...runOf(begun, "Stopped"), stopped: end.stopped };
  const passed = { executionId, made, pipelineVersion };
  if (end.failure !== undefined) {
    rememberFailed({ ...passed, stageName: one.name }, pipelineName, stage);
    return failedRun(end.failure, one, begun, stage);
  }
  // To a rollback, AWS rolls nothing back.
  if (rollback === undefined) rememberPassed(passed, pipelineName, one.name, stage);
  return undefined;
}

function failedRun(
  failure: NonNullable<StageEnd["failure"]>,
  { name, rollsBack }: StageShape,
  begun: Begun,
  stage: Stage,
): DeliveryRun {
  const { pipelineName, rollback } = begun.playing;
  // A rollback that fails is not rolled back.
  const isRolledBack = rollsBack && rollback === undefined;
  const last = isRolledBack
    ? lastPassed(pipelineName, name, begun.pipelineVersion, stage)
    : undefined;
  return { ...runOf(begun, "Failed"), failure, ...(last && { rollsBackTo: last.executionId }) };
}

function runOf(
  { log, pipelineVersion, playing }: Begun,
  status: DeliveryRun["status"],
): DeliveryRun {
  const { executionId, made, pipelineArn, pipelineName, rollback, variables } = playing;
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
