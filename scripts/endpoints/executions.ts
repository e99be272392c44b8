import type { CodePipeline, StageState } from "@aws-sdk/client-codepipeline";

import { deployStages, modelVariable } from "../../components/names/deployNames";
import type { Deployment } from "./deployment";

/** Approval of a deployment that waits for its decision. */
export interface PendingApproval {
  readonly executionId: string;
  readonly since: Date;
}

/** State of the stages of the deployment pipeline. */
export async function stageStatesOf(
  { names }: Deployment,
  codepipeline: Pick<CodePipeline, "getPipelineState">,
): Promise<StageState[]> {
  const { stageStates = [] } = await codepipeline.getPipelineState({ name: names.pipeline });
  return stageStates;
}

/** Execution that holds the stage of staging, and its approval if it waits for one. */
export function stagingOf(stages: readonly StageState[]): {
  readonly approval: PendingApproval | undefined;
  readonly executionId: string | undefined;
  readonly hasApproval: boolean;
} {
  const stage = stages.find(({ stageName }) => stageName === deployStages.staging.name);
  const { pipelineExecutionId: id = "", status } = stage?.latestExecution ?? {};
  const action = stage?.actionStates?.find(
    ({ actionName }) => actionName === deployStages.staging.approve,
  );
  const isBusy = status === "InProgress" || status === "Stopping";
  const { lastStatusChange = new Date(0), status: decision } = action?.latestExecution ?? {};
  const isPending = isBusy && decision === "InProgress";
  return {
    approval: isPending ? { executionId: id, since: lastStatusChange } : undefined,
    executionId: isBusy ? id : undefined,
    hasApproval: action !== undefined,
  };
}

/** ARN of an execution's model version, or another value of its variable. */
export async function modelOf(
  { names }: Deployment,
  codepipeline: Pick<CodePipeline, "getPipelineExecution">,
  pipelineExecutionId: string,
): Promise<string> {
  const { pipelineExecution } = await codepipeline.getPipelineExecution({
    pipelineExecutionId,
    pipelineName: names.pipeline,
  });
  const variable = pipelineExecution?.variables?.find(({ name }) => name === modelVariable.name);
  return variable?.resolvedValue ?? modelVariable.none;
}

/** Number of a model version, from its ARN; undefined for another text. */
export function numberOf(modelPackageArn: string): string | undefined {
  return /:model-package\/[^/]+\/(\d+)$/.exec(modelPackageArn)?.[1];
}

/** Executions by their start; CodePipeline documents no order of a page's entries. */
export function newestFirst<T extends { startTime?: Date | undefined }>(
  executions: readonly T[],
): T[] {
  return [...executions].sort(
    (one, other) => (other.startTime?.getTime() ?? 0) - (one.startTime?.getTime() ?? 0),
  );
}

/** Time in UTC, to the minute. */
export function minuteOf(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
