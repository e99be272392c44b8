import type { PipelineDeclaration, PipelineExecution } from "@aws-sdk/client-codepipeline";

import { owners } from "../../iam/clients";
import type { Stage } from "../../iam/contract";
import { type FailedStage, failedStage, lastPassed } from "./passedStages";
import type { Log } from "./playStage";
import { type DeliveryOrder, type Made, type Playing, given } from "./playing";
import { type StageShape, stagesOf } from "./structure";

/** A run that has begun, with the stages that it is to pass. */
export interface Begun {
  readonly executionMode: string;
  /** Whether it goes on at a stage that failed. */
  readonly isRetry: boolean;
  readonly log: Log;
  readonly pipelineVersion: number;
  readonly playing: Omit<Playing, "stage">;
  readonly stages: readonly StageShape[];
  readonly trigger: { readonly detail: string; readonly type: string };
}

/** Reads pipeline and execution back, and assumes the pipeline's role. */
export async function begin(order: DeliveryOrder, stage: Stage): Promise<Begun> {
  const { executionId, pipelineName } = order;
  const { pipeline, pipelineArn } = await deployed(pipelineName, stage);
  const all = stagesOf(pipeline);
  const pipelineVersion = pipeline.version ?? 1;
  const execution = await executionOf(order, stage);
  const names = all.map(({ name }) => name);
  const retried = failedStage(order, names, pipelineVersion, stage);
  const startTime = new Date().toISOString();
  const facts = { executionId, pipeline: pipelineName, pipelineVersion, startTime };
  const attempt = retried === undefined ? {} : { attempt: 2 };
  const by = { service: "codepipeline.amazonaws.com", sourceArn: pipelineArn };
  const { triggerDetail: detail = "", triggerType: type = "" } = execution.trigger ?? {};
  return {
    executionMode: pipeline.executionMode ?? "SUPERSEDED",
    isRetry: retried !== undefined,
    log: { actions: [], events: { ...stage, ...facts, ...attempt }, lines: [] },
    pipelineVersion,
    playing: {
      ...order,
      credentials: await stage.gateway.assume(given(pipeline.roleArn, "role"), by),
      made: retried?.made ?? madeBefore(order, pipelineVersion, stage),
      pipelineArn,
      retriedStage: retried?.stageName,
      store: given(pipeline.artifactStore, "artifact store"),
      variables: variablesOf(execution),
    },
    stages: stagesToPlay(all, order, retried),
    trigger: { detail, type },
  };
}

function stagesToPlay(
  all: readonly StageShape[],
  { rollback }: DeliveryOrder,
  retried: FailedStage | undefined,
): StageShape[] {
  if (rollback !== undefined) return all.filter(({ name }) => name === rollback.stageName);
  const first = all.findIndex(({ name }) => name === retried?.stageName);
  return all.slice(Math.max(first, 0));
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
