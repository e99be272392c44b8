import type { RevokeClients } from "../../scripts/revoke/clients";

/** Job of the fake account. `starts` is the job that it starts before its stop is complete. */
export interface FakeJob {
  readonly name: string;
  readonly role: string;
  readonly starts?: FakeJob;
  status?: "InProgress" | "Stopped" | "Stopping";
}

interface FakeState {
  /** Builds by their status. */
  builds?: readonly (readonly [id: string, status: string, startTime?: Date])[];
  /** Whether the model of each transform job still exists. */
  hasModels?: boolean;
  pipelineExecutions?: readonly (readonly [arn: string, status: string])[];
  processing?: FakeJob[];
  /** Names of jobs whose stop AWS rejects. */
  rejected?: readonly string[];
  training?: FakeJob[];
  transform?: FakeJob[];
  uploads?: string[];
}

const pageSize = 1;
const missing = () => Promise.reject(new Error("Could not find model"));

/** Account with jobs, builds and uploads; each list has pages of one entry. */
export function fakeAccount({
  builds = [],
  hasModels = true,
  pipelineExecutions = [],
  processing = [],
  rejected = [],
  training = [],
  transform = [],
  uploads = [],
}: FakeState) {
  const stopped: string[] = [];
  const policies: { readonly document: unknown; readonly name: string; readonly role: string }[] =
    [];
  const page = <T>(entries: readonly T[], token = "0") => {
    const next = Number(token) + pageSize;
    return {
      entries: entries.slice(Number(token), next),
      next: next < entries.length ? String(next) : undefined,
    };
  };
  const stopJob = (jobs: FakeJob[], name: string) => {
    if (rejected.includes(name)) return Promise.reject(new Error(`may not stop ${name}`));
    stopped.push(name);
    const job = jobs.find((one) => one.name === name);
    if (job !== undefined) job.status = "Stopping";
    return Promise.resolve({});
  };
  /** A stopping job starts its successor, and is stopped when it is listed again. */
  const finishStopping = (jobs: FakeJob[]) => {
    for (const job of jobs.filter(({ status }) => status === "Stopping")) {
      job.status = "Stopped";
      if (job.starts !== undefined) jobs.push(job.starts);
    }
  };
  const withStatus = (jobs: FakeJob[], wanted: string) =>
    jobs.filter(({ status = "InProgress" }) => status === wanted);
  const roleOf = (jobs: FakeJob[], name: string) => jobs.find((one) => one.name === name)?.role;
  const stop = (name: string) => {
    stopped.push(name);
    return Promise.resolve({});
  };

  const clients = {
    codebuild: {
      batchGetBuilds: ({ ids }: { ids: string[] }) =>
        Promise.resolve({
          builds: builds
            .filter(([id]) => ids.includes(id))
            .map(([id, status, startTime = new Date()]) => ({
              buildStatus: stopped.includes(id) ? "STOPPED" : status,
              id,
              startTime,
            })),
        }),
      listBuildsForProject: ({ nextToken }: { nextToken?: string }) => {
        const { entries, next } = page(builds, nextToken);
        return Promise.resolve({ ids: entries.map(([id]) => id), nextToken: next });
      },
      stopBuild: ({ id }: { id: string }) => stop(id),
    },
    iam: {
      putRolePolicy: (input: { PolicyDocument: string; PolicyName: string; RoleName: string }) => {
        const document: unknown = JSON.parse(input.PolicyDocument);
        policies.push({ document, name: input.PolicyName, role: input.RoleName });
        return Promise.resolve({});
      },
    },
    s3: {
      abortMultipartUpload: ({ Key }: { Key: string }) => {
        uploads.splice(uploads.indexOf(Key), 1);
        return stop(Key);
      },
      listMultipartUploads: ({ KeyMarker }: { KeyMarker?: string }) => {
        const { entries, next } = page(uploads, KeyMarker);
        return Promise.resolve({
          IsTruncated: next !== undefined,
          NextKeyMarker: next,
          NextUploadIdMarker: "id",
          Uploads: entries.map((Key) => ({ Initiated: new Date(0), Key, UploadId: "id" })),
        });
      },
    },
    sagemaker: {
      describeModel: ({ ModelName }: { ModelName: string }) =>
        hasModels ? Promise.resolve({ ExecutionRoleArn: ModelName }) : missing(),
      describeProcessingJob: ({ ProcessingJobName: name }: { ProcessingJobName: string }) =>
        Promise.resolve({ RoleArn: roleOf(processing, name) }),
      describeTrainingJob: ({ TrainingJobName: name }: { TrainingJobName: string }) =>
        Promise.resolve({ RoleArn: roleOf(training, name) }),
      // The name of a model is its role here, and that of a job contains its bucket.
      describeTransformJob: ({ TransformJobName: name }: { TransformJobName: string }) =>
        Promise.resolve({
          ModelName: roleOf(transform, name),
          TransformOutput: { S3OutputPath: `s3://${name.replace("pipelines-", "")}/results` },
        }),
      listPipelineExecutions: ({ NextToken }: { NextToken?: string }) => {
        const { entries, next } = page(pipelineExecutions, NextToken);
        return Promise.resolve({
          NextToken: next,
          PipelineExecutionSummaries: entries.map(([arn, status]) => ({
            PipelineExecutionArn: arn,
            PipelineExecutionStatus: stopped.includes(arn) ? "Stopped" : status,
          })),
        });
      },
      listProcessingJobs: (input: { NextToken?: string; StatusEquals: string }) => {
        const { entries, next } = page(withStatus(processing, input.StatusEquals), input.NextToken);
        if (input.StatusEquals === "Stopping" && next === undefined) finishStopping(processing);
        return Promise.resolve({
          NextToken: next,
          ProcessingJobSummaries: entries.map(({ name }) => ({ ProcessingJobName: name })),
        });
      },
      listTrainingJobs: (input: { NextToken?: string; StatusEquals: string }) => {
        const { entries, next } = page(withStatus(training, input.StatusEquals), input.NextToken);
        if (input.StatusEquals === "Stopping" && next === undefined) finishStopping(training);
        return Promise.resolve({
          NextToken: next,
          TrainingJobSummaries: entries.map(({ name }) => ({ TrainingJobName: name })),
        });
      },
      listTransformJobs: (input: { NextToken?: string; StatusEquals: string }) => {
        const { entries, next } = page(withStatus(transform, input.StatusEquals), input.NextToken);
        if (input.StatusEquals === "Stopping" && next === undefined) finishStopping(transform);
        return Promise.resolve({
          NextToken: next,
          TransformJobSummaries: entries.map(({ name }) => ({ TransformJobName: name })),
        });
      },
      stopPipelineExecution: ({ PipelineExecutionArn }: { PipelineExecutionArn: string }) =>
        stop(PipelineExecutionArn),
      stopProcessingJob: ({ ProcessingJobName: name }: { ProcessingJobName: string }) =>
        stopJob(processing, name),
      stopTrainingJob: ({ TrainingJobName: name }: { TrainingJobName: string }) =>
        stopJob(training, name),
      stopTransformJob: ({ TransformJobName: name }: { TransformJobName: string }) =>
        stopJob(transform, name),
    },
  } as unknown as RevokeClients;
  return { clients, policies, stopped };
}
