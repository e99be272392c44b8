import { ownerClients } from "../iam/clients";
import type { AwsContext } from "../iam/contract";

/** A run of a CodePipeline that is to be simulated. */
export interface InProgress {
  readonly pipelineName: string;
  readonly executionId: string;
  /** The commit that the trigger pinned. */
  readonly commitId?: string | undefined;
  readonly isRollback: boolean;
}

/** Runs of every CodePipeline, oldest first. */
export async function deliveriesInProgress(context: AwsContext): Promise<InProgress[]> {
  const codepipeline = await ownerClients(context).codepipeline();
  const found: (InProgress & { readonly started: number })[] = [];
  for (const { name: pipelineName = "" } of (await codepipeline.listPipelines({})).pipelines ??
    []) {
    const { pipelineExecutionSummaries = [] } = await codepipeline.listPipelineExecutions({
      pipelineName,
    });
    for (const one of [...pipelineExecutionSummaries].reverse()) {
      // A stopping execution still needs its status Stopped.
      if (one.status !== "InProgress" && one.status !== "Stopping") continue;
      if (one.pipelineExecutionId === undefined) continue;
      const { pipelineExecutionId: executionId, sourceRevisions, startTime, trigger } = one;
      const commitId = sourceRevisions?.[0]?.revisionId;
      const isRollback = trigger?.triggerType === "AutomatedRollback";
      const started = startTime?.getTime() ?? 0;
      found.push({ commitId, executionId, isRollback, pipelineName, started });
    }
  }
  return found.sort((one, other) => one.started - other.started);
}

/** ARNs of the executions of SageMaker pipelines, oldest first of each pipeline. */
export async function trainingsInProgress(context: AwsContext): Promise<string[]> {
  const sagemaker = await ownerClients(context).sagemaker();
  const found: string[] = [];
  const { PipelineSummaries = [] } = await sagemaker.listPipelines({});
  for (const { PipelineName } of PipelineSummaries) {
    const listed = await sagemaker.listPipelineExecutions({ PipelineName, SortOrder: "Ascending" });
    for (const one of listed.PipelineExecutionSummaries ?? []) {
      if (one.PipelineExecutionStatus !== "Executing") continue;
      if (one.PipelineExecutionArn !== undefined) found.push(one.PipelineExecutionArn);
    }
  }
  return found;
}
