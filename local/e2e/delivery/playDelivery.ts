import type { PipelineDeclaration, PipelineExecution } from "@aws-sdk/client-codepipeline";

import { owners } from "../clients";
import type { Stage } from "../contract";
import { deliveryRunEvent } from "../events/deliveryEvents";
import { lastPassed, rememberPassed } from "./passedStages";
import {
  type EndedAction,
  type FailedAction,
  type Log,
  type Stopped,
  playStage,
} from "./playStage";
import { type DeliveryOrder, type Made, type Playing, given } from "./playing";
import { stagesOf } from "./structure";

/** How a run of a CodePipeline ended. */
export interface DeliveryRun {
  readonly pipelineName: string;
  readonly pipelineArn: string;
  readonly executionId: string;
  readonly commitId: string;
  readonly pipelineVersion: number;
  readonly startTime: string;
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

/**
 * Reads the deployed pipeline back and plays its stages in order, under the pipeline's role; of a rollback, its stage
 * alone. All that the run tells EventBridge on its way is sent; of how it ended, nothing yet.
 */
export async function playDelivery(order: DeliveryOrder, stage: Stage): Promise<DeliveryRun> {
  const { executionId, pipelineName, rollback } = order;
  const { pipeline, pipelineArn } = await deployed(pipelineName, stage);
  const stages = stagesOf(pipeline);
  const pipelineVersion = pipeline.version ?? 1;
  const execution = await executionOf(order, stage);
  const by = { service: "codepipeline.amazonaws.com", sourceArn: pipelineArn };
  const playing: Playing = {
    ...order,
    credentials: await stage.gateway.assume(given(pipeline.roleArn, "role"), by),
    made: madeBefore(order, pipelineVersion, stage),
    pipelineArn,
    stage,
    store: given(pipeline.artifactStore, "artifact store"),
    variables: variablesOf(execution),
  };
  const startTime = new Date().toISOString();
  const told = { executionId, pipelineVersion, startTime };
  const log: Log = {
    actions: [],
    events: { ...stage, ...told, pipeline: pipelineName },
    lines: [],
  };
  const run = (status: DeliveryRun["status"]): DeliveryRun => ({
    ...told,
    actions: log.actions,
    commitId: playing.made.commitId,
    lines: log.lines,
    pipelineArn,
    pipelineName,
    status,
    variables: playing.variables,
    ...(rollback && { rolledBack: { executionId: rollback.failedExecutionId } }),
  });

  const { triggerDetail: detail = "", triggerType: type = "" } = execution.trigger ?? {};
  await order.send(deliveryRunEvent(log.events, "STARTED", { detail, type }));
  for (const one of stages) {
    if (rollback !== undefined && rollback.stageName !== one.name) continue;
    const { failure, stopped } = await playStage(one, playing, log);
    if (stopped !== undefined) return { ...run("Stopped"), stopped };
    if (failure !== undefined) {
      // A rollback that fails is not rolled back.
      const goesBack = one.rollsBack && rollback === undefined;
      const last = goesBack
        ? lastPassed(pipelineName, one.name, pipelineVersion, stage)
        : undefined;
      return { ...run("Failed"), failure, ...(last && { rollsBackTo: last.executionId }) };
    }
    const passed = { executionId, made: playing.made, pipelineVersion };
    // To a rollback, AWS rolls nothing back.
    if (rollback === undefined) rememberPassed(passed, pipelineName, one.name, stage);
  }
  return run("Succeeded");
}

/** A rollback goes on from what the execution had with which the stage last passed. */
function madeBefore(
  { pipelineName, rollback }: DeliveryOrder,
  pipelineVersion: number,
  stage: Stage,
): Made {
  if (rollback === undefined) return { artifacts: new Map(), commitId: "", namespaces: new Map() };
  const last = lastPassed(pipelineName, rollback.stageName, pipelineVersion, stage);
  if (last?.executionId === rollback.targetExecutionId) return last.made;
  throw new Error(`the target execution ${rollback.targetExecutionId} of the rollback is unknown`);
}

async function executionOf(
  { executionId: pipelineExecutionId, pipelineName }: DeliveryOrder,
  stage: Stage,
): Promise<PipelineExecution> {
  const codepipeline = await owners(stage).codepipeline();
  const asked = { pipelineExecutionId, pipelineName };
  return given((await codepipeline.getPipelineExecution(asked)).pipelineExecution, "execution");
}

function variablesOf({ variables = [] }: PipelineExecution): Record<string, string> {
  return Object.fromEntries(
    variables.map(({ name = "", resolvedValue = "" }) => [name, resolvedValue]),
  );
}

async function deployed(
  name: string,
  stage: Stage,
): Promise<{ pipeline: PipelineDeclaration; pipelineArn: string }> {
  const { metadata, pipeline } = await (await owners(stage).codepipeline()).getPipeline({ name });
  return { pipeline: given(pipeline, name), pipelineArn: given(metadata?.pipelineArn, "ARN") };
}
