import type { ActionState, CodePipeline, StageState } from "@aws-sdk/client-codepipeline";

import { type Deployment, executionUrl } from "./deployment";
import { modelOf, newestFirst, numberOf, stageStatesOf } from "./executions";
import type { Started } from "./rollback";

type RetryClient = Pick<
  CodePipeline,
  "getPipelineExecution" | "getPipelineState" | "listPipelineExecutions" | "retryStageExecution"
>;

/**
 * Retries the failed actions of the stage in which the newest failed execution of the deployment
 * pipeline failed. CodePipeline retries a stage until another execution enters it.
 * @throws if no execution failed, or the stage is no longer retryable
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-retry.html
 */
export async function retry(deployment: Deployment, codepipeline: RetryClient): Promise<Started> {
  const { names, project } = deployment;
  const executionId = await newestFailed(deployment, codepipeline);
  const stage = (await stageStatesOf(deployment, codepipeline)).find(
    ({ latestExecution }) =>
      latestExecution?.pipelineExecutionId === executionId && latestExecution.status === "Failed",
  );
  const model = await modelOf(deployment, codepipeline, executionId);
  if (stage?.stageName === undefined)
    throw new Error(notRetryable(deployment, executionId, model, "another execution entered it"));
  try {
    await codepipeline.retryStageExecution({
      pipelineExecutionId: executionId,
      pipelineName: names.pipeline,
      retryMode: "FAILED_ACTIONS",
      stageName: stage.stageName,
    });
  } catch (error) {
    if (!(error instanceof Error) || !notRetryableErrors.includes(error.name)) throw error;
    throw new Error(notRetryable(deployment, executionId, model, error.message), { cause: error });
  }
  return {
    executionId,
    lines: [
      `Retry of stage ${stage.stageName} of ${project}, ${subjectOf(model)}, started.`,
      ...failuresOf(stage),
      `Link: ${executionUrl(deployment, executionId)}`,
    ],
  };
}

/** A version, or the value of the variable of an execution that is about none. */
function subjectOf(model: string): string {
  const number = numberOf(model);
  return number === undefined ? model : `version ${number}`;
}

const notRetryableErrors = ["NotLatestPipelineExecutionException", "StageNotRetryableException"];

async function newestFailed(
  { names }: Deployment,
  codepipeline: Pick<CodePipeline, "listPipelineExecutions">,
): Promise<string> {
  let nextToken: string | undefined;
  do {
    const page = await codepipeline.listPipelineExecutions({
      nextToken,
      pipelineName: names.pipeline,
    });
    const [newest] = newestFirst(page.pipelineExecutionSummaries ?? []).filter(
      ({ status }) => status === "Failed",
    );
    if (newest?.pipelineExecutionId !== undefined) return newest.pipelineExecutionId;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  throw new Error(
    `nothing to retry: no execution of ${names.pipeline} failed. ` +
      "Next: npm run endpoints -- status shows the last execution",
  );
}

function failuresOf({ actionStates = [] }: StageState): string[] {
  return actionStates
    .filter(({ latestExecution }) => latestExecution?.status === "Failed")
    .map((action) => `Failed: action ${action.actionName ?? ""}: ${reasonOf(action)}`);
}

function reasonOf({ latestExecution }: ActionState): string {
  const { errorDetails, externalExecutionUrl, summary } = latestExecution ?? {};
  const log = externalExecutionUrl === undefined ? "" : ` (${externalExecutionUrl})`;
  return `${summary ?? errorDetails?.message ?? "CodePipeline has no reason"}${log}`;
}

function notRetryable(
  deployment: Deployment,
  executionId: string,
  model: string,
  reason: string,
): string {
  const start =
    `aws codepipeline start-pipeline-execution --name ${deployment.names.pipeline} ` +
    `--region ${deployment.region} --variables name=MODEL_PACKAGE_ARN,value=${model}`;
  return (
    `the failed stage of ${executionUrl(deployment, executionId)} is no longer retryable: ${reason}. ` +
    `Next: start a deployment of the same version: ${start}`
  );
}
