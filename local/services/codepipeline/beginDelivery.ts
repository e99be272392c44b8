import type { PipelineDeclaration, PipelineExecution } from "@aws-sdk/client-codepipeline";

import { ownerClients } from "../../iam/clients";
import type { AwsContext } from "../../iam/contract";
import { type FailedStage, failedStage, lastPassed } from "./passedStages";
import type { Log } from "./simulateStage";
import { type DeliveryOrder, type Made, type PipelineRun, given } from "./pipelineRun";
import { type StageShape, stagesOf } from "./structure";

/** A run that has begun, with the stages that it is to pass. */
export interface Begun {
  readonly executionMode: string;
  /** Whether it goes on at a stage that failed. */
  readonly isRetry: boolean;
  readonly log: Log;
  readonly pipelineVersion: number;
  readonly pipelineRun: Omit<PipelineRun, "context">;
  readonly stages: readonly StageShape[];
  readonly trigger: { readonly detail: string; readonly type: string };
}

/** Reads pipeline and execution back, and assumes the pipeline's role. */
export async function begin(order: DeliveryOrder, context: AwsContext): Promise<Begun> {
  const { executionId, pipelineName } = order;
  const { pipeline, pipelineArn } = await deployed(pipelineName, context);
  const all = stagesOf(pipeline);
  const pipelineVersion = pipeline.version ?? 1;
  const execution = await executionOf(order, context);
  const names = all.map(({ name }) => name);
  const retried = failedStage(order, names, pipelineVersion, context);
  const startTime = new Date().toISOString();
  const facts = { executionId, pipeline: pipelineName, pipelineVersion, startTime };
  const attempt = retried === undefined ? {} : { attempt: 2 };
  const by = { service: "codepipeline.amazonaws.com", sourceArn: pipelineArn };
  const { triggerDetail: detail = "", triggerType: type = "" } = execution.trigger ?? {};
  return {
    executionMode: pipeline.executionMode ?? "SUPERSEDED",
    isRetry: retried !== undefined,
    log: { actions: [], events: { ...context, ...facts, ...attempt }, lines: [] },
    pipelineVersion,
    pipelineRun: {
      ...order,
      credentials: await context.proxy.assume(given(pipeline.roleArn, "role"), by),
      made: retried?.made ?? madeBefore(order, pipelineVersion, context),
      pipelineArn,
      retriedStage: retried?.stageName,
      store: given(pipeline.artifactStore, "artifact store"),
      variables: variablesOf(execution),
    },
    stages: stagesToRun(all, order, retried),
    trigger: { detail, type },
  };
}

function stagesToRun(
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
  context: AwsContext,
): Made {
  if (rollback === undefined) return { artifacts: new Map(), commitId: "", namespaces: new Map() };
  const last = lastPassed(pipelineName, rollback.stageName, pipelineVersion, context);
  if (last?.executionId === rollback.targetExecutionId) return last.made;
  throw new Error(`the target execution ${rollback.targetExecutionId} of the rollback is unknown`);
}

async function executionOf(
  { executionId: pipelineExecutionId, pipelineName }: DeliveryOrder,
  context: AwsContext,
): Promise<PipelineExecution> {
  const codepipeline = await ownerClients(context).codepipeline();
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
  context: AwsContext,
): Promise<{ pipeline: PipelineDeclaration; pipelineArn: string }> {
  const { metadata, pipeline } = await (
    await ownerClients(context).codepipeline()
  ).getPipeline({ name });
  return { pipeline: given(pipeline, name), pipelineArn: given(metadata?.pipelineArn, "ARN") };
}
