import { randomUUID } from "node:crypto";

import { allPages } from "../allPages";
import { ifFound } from "../endpoints/clients";
import type { Activity, Bucket } from "./activity";
import type { RevokeClients } from "./clients";
import type { Role } from "./role";

type SageMaker = RevokeClients["sagemaker"];

/** Job of any project in the account and region. */
interface Job {
  readonly kind: string;
  readonly name: string;
  /** Whether the job runs as the role. */
  readonly runsAs: (role: Role, bucket: Bucket) => Promise<boolean>;
  readonly status: "InProgress" | "Stopping";
  readonly stop: () => Promise<unknown>;
}

/** Executions of a SageMaker pipeline in progress; none if the pipeline does not exist. */
export async function pipelineExecutionsOf(
  PipelineName: string,
  sagemaker: SageMaker,
): Promise<Activity[]> {
  const executions = await allPages(async (NextToken) => {
    const page = await ifFound(
      sagemaker.listPipelineExecutions({ MaxResults: 100, NextToken, PipelineName }),
    );
    return [page?.PipelineExecutionSummaries, page?.NextToken];
  });
  return executions
    .filter(({ PipelineExecutionStatus: status }) => inProgress.some((one) => one === status))
    .map(({ PipelineExecutionArn = "", PipelineExecutionStatus }) => ({
      isStopping: PipelineExecutionStatus === "Stopping",
      resource: `pipeline execution ${PipelineExecutionArn}`,
      stop: () =>
        sagemaker.stopPipelineExecution({
          ClientRequestToken: randomUUID(),
          PipelineExecutionArn,
        }),
    }));
}

const inProgress = ["Executing", "Stopping"];

/**
 * Processing, training and transform jobs in progress that run as a role. The name of a job does not
 * tell its project: the jobs of all SageMaker pipelines are named `pipelines-*`.
 */
export async function jobsOf(
  role: Role,
  bucket: Bucket,
  sagemaker: SageMaker,
): Promise<Activity[]> {
  const found: Activity[] = [];
  for (const list of [processingJobs, trainingJobs, transformJobs])
    for (const status of ["InProgress", "Stopping"] as const)
      for (const { kind, name, runsAs, stop } of await list(sagemaker, status))
        if (await runsAs(role, bucket))
          found.push({ isStopping: status === "Stopping", resource: `${kind} job ${name}`, stop });
  return found;
}

async function processingJobs(sagemaker: SageMaker, status: Job["status"]): Promise<Job[]> {
  const jobs = await allPages(async (NextToken) => {
    const page = await sagemaker.listProcessingJobs({ NextToken, StatusEquals: status });
    return [page.ProcessingJobSummaries, page.NextToken];
  });
  return jobs.map(({ ProcessingJobName = "" }) => ({
    kind: "processing",
    name: ProcessingJobName,
    runsAs: async ({ arn }) =>
      (await sagemaker.describeProcessingJob({ ProcessingJobName })).RoleArn === arn,
    status,
    stop: () => sagemaker.stopProcessingJob({ ProcessingJobName }),
  }));
}

async function trainingJobs(sagemaker: SageMaker, status: Job["status"]): Promise<Job[]> {
  const jobs = await allPages(async (NextToken) => {
    const page = await sagemaker.listTrainingJobs({ NextToken, StatusEquals: status });
    return [page.TrainingJobSummaries, page.NextToken];
  });
  return jobs.map(({ TrainingJobName = "" }) => ({
    kind: "training",
    name: TrainingJobName,
    runsAs: async ({ arn }) =>
      (await sagemaker.describeTrainingJob({ TrainingJobName })).RoleArn === arn,
    status,
    stop: () => sagemaker.stopTrainingJob({ TrainingJobName }),
  }));
}

async function transformJobs(sagemaker: SageMaker, status: Job["status"]): Promise<Job[]> {
  const jobs = await allPages(async (NextToken) => {
    const page = await sagemaker.listTransformJobs({ NextToken, StatusEquals: status });
    return [page.TransformJobSummaries, page.NextToken];
  });
  return jobs.map(({ TransformJobName = "" }) => ({
    kind: "transform",
    name: TransformJobName,
    runsAs: (role, bucket) => transformRunsAs(sagemaker, TransformJobName, role, bucket),
    status,
    stop: () => sagemaker.stopTransformJob({ TransformJobName }),
  }));
}

/**
 * A transform job runs as the role of its model. The role may delete the model meanwhile: then the
 * bucket of its results decides, because only roles of the project can write there.
 */
async function transformRunsAs(
  sagemaker: SageMaker,
  TransformJobName: string,
  { arn }: Role,
  { name }: Bucket,
): Promise<boolean> {
  const { ModelName, TransformOutput } = await sagemaker.describeTransformJob({ TransformJobName });
  const model = await ifFound(sagemaker.describeModel({ ModelName }));
  if (model !== undefined) return model.ExecutionRoleArn === arn;
  return TransformOutput?.S3OutputPath?.startsWith(`s3://${name}/`) === true;
}
