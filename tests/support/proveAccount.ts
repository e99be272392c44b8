import { settingsFrom } from "../../config";
import type { ProveClients } from "../../scripts/prove/clients";
import type { Kit } from "../../scripts/prove/kit";
import { targetOf } from "../../scripts/prove/target";
import { awsContext } from "./mocks";

type Input = Readonly<Record<string, unknown>>;

/** Answer of an operation; an error is thrown. */
export type Answers = Record<string, (input: Input) => unknown>;

/** Settings with which a run is possible, except for the given ones. */
export function stackOf(values: Record<string, string> = {}, resourceIds: readonly string[] = []) {
  const all = { projectName: "churn", posture: "dev", deploy: '{"enabled":true}', ...values };
  const named = Object.entries(all).map(([key, value]) => [`model-build-pipeline:${key}`, value]);
  return {
    access: {},
    region: "us-east-1",
    resourceIds: new Set(resourceIds),
    settings: settingsFrom({
      isSecret: () => false,
      project: "model-build-pipeline",
      stack: "dev",
      values: Object.fromEntries(named) as Record<string, string>,
    }),
  };
}

/** Target of the runs. */
export const target = targetOf("dev", stackOf(), awsContext, ["hunter2"]);

/** AWS's error of this name. */
export function awsError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}

/** Clients whose operations have these answers; an operation without one is an error. */
export function fakeClients(answers: Answers) {
  const calls: (readonly [operation: string, input: Input])[] = [];
  const service = (name: string): unknown =>
    new Proxy(
      {},
      {
        get: (_, operation: string) => (input: Input) => {
          const called = `${name}.${operation}`;
          calls.push([called, input]);
          const answer = answers[called] ?? unexpected(called);
          return new Promise((resolve) => {
            resolve(answer(input));
          });
        },
      },
    );
  const clients = new Proxy({}, { get: (_, name: string) => service(name) }) as ProveClients;
  return { calls, clients };
}

function unexpected(called: string): () => never {
  return () => {
    throw new Error(`the test does not expect ${called}`);
  };
}

/** Kit with these answers; a wait is over at once. */
export function fakeKit(answers: Answers, parts: Partial<Kit> = {}) {
  const { calls, clients } = fakeClients(answers);
  const reported: string[] = [];
  const summary = { resourceChanges: { create: 99, delete: 99 } };
  const done = () => Promise.resolve({ summary });
  const kit: Kit = {
    clients,
    isAws: true,
    program: () => Promise.resolve(""),
    quota: () => Promise.resolve(10),
    report: (line) => reported.push(line),
    signal: new AbortController().signal,
    sleep: () => Promise.resolve(),
    stack: { destroy: done, up: done } as unknown as Kit["stack"],
    started: new Date("2026-11-29T12:00:00Z"),
    target,
    ...parts,
  };
  return { calls, kit, reported };
}

interface Execution {
  readonly arn: string;
  readonly end: string;
  readonly id: string;
  readonly isRollback?: boolean;
  looks: number;
}

const group = target.names.modelPackageGroup;
const prefix = target.deployment.modelPackageArn;

/**
 * AWS account in which a run succeeds: the first version is registered already, a push registers the
 * second, and each decision starts a deployment that ends after some looks at it.
 */
export function account(): Answers {
  const executions: Execution[] = [];
  const versions = [1];
  let servesUpdate = false;
  let endpoint: string | undefined;
  let isDeleted = false;
  const messages = [{ Body: JSON.stringify(pushEvent), ReceiptHandle: "r" }, { Body: "{}" }];
  const page = (pipelineName: unknown) =>
    pipelineName === target.names.pipeline
      ? [{ pipelineExecutionId: "build", status: "Succeeded", startTime: new Date() }]
      : executions.map(({ end, id, isRollback, looks }) => ({
          pipelineExecutionId: id,
          status: looks > 0 ? "InProgress" : end,
          trigger: { triggerType: isRollback === true ? "AutomatedRollback" : "Webhook" },
        }));
  const begin = (arn: string, end: string) => {
    executions.push({ arn, end, id: `e${String(executions.length + 1)}`, looks: 3 });
  };
  const describeEndpoint = ({ EndpointName }: Input) => {
    if (endpoint === undefined || isDeleted)
      throw awsError("ValidationException", "Could not find");
    const EndpointStatus =
      servesUpdate && EndpointName === target.names.deploy.prod.endpoint ? "Updating" : "InService";
    return { EndpointArn: "arn:x:endpoint/e", EndpointConfigName: "c", EndpointStatus };
  };
  return {
    ...guardAnswers(),
    "cloudtrail.lookupEvents": () => ({ Events: [] }),
    "cloudwatch.putMetricData": () => {
      servesUpdate = false;
      return {};
    },
    "codebuild.listBuildsForProject": () => ({ ids: [] }),
    "codecommit.createCommit": () => {
      versions.push(2);
      return { commitId: "c2" };
    },
    "codecommit.getBranch": () => ({ branch: { commitId: "c1" } }),
    "codepipeline.getPipelineExecution": ({ pipelineExecutionId: id }) => ({
      pipelineExecution: {
        variables: [
          {
            name: "MODEL_PACKAGE_ARN",
            resolvedValue: executions.find((it) => it.id === id)?.arn,
          },
        ],
      },
    }),
    "codepipeline.getPipelineState": () => ({
      stageStates: [
        {
          actionStates: [
            {
              actionName: "ApproveDeployment",
              latestExecution: { status: "InProgress", token: "t" },
            },
          ],
          stageName: "DeployStaging",
        },
      ],
    }),
    "codepipeline.listActionExecutions": () => ({
      actionExecutionDetails: [
        {
          actionName: "BuildAndExecuteSageMakerPipeline",
          lastUpdateTime: new Date(240_000),
          pipelineExecutionId: "e1",
          startTime: new Date(0),
        },
        { actionName: "ApproveDeployment" },
        { actionName: "DeployResourcesProd" },
      ],
    }),
    "codepipeline.listPipelineExecutions": ({ pipelineName }) => {
      const found = { pipelineExecutionSummaries: page(pipelineName) };
      for (const one of executions) one.looks -= 1;
      return found;
    },
    "codepipeline.putApprovalResult": () => {
      endpoint ??= "1";
      servesUpdate = executions.length === 2;
      return {};
    },
    "logs.deleteLogGroup": () => ({}),
    "logs.describeLogGroups": () => ({}),
    "sagemaker.createPipeline": () => ({}),
    "sagemaker.deleteEndpoint": () => {
      isDeleted = true;
      return {};
    },
    "sagemaker.deleteModelPackage": () => {
      versions.pop();
      return {};
    },
    "sagemaker.deletePipeline": () => ({}),
    "sagemaker.describeEndpoint": describeEndpoint,
    "sagemaker.describeModelPackage": () => ({}),
    "sagemaker.listEndpointConfigs": () => ({}),
    "sagemaker.listModelPackages": () => ({
      ModelPackageSummaryList: versions.map((ModelPackageVersion) => ({
        ModelPackageArn: `${prefix}${String(ModelPackageVersion)}`,
        ModelPackageStatus: "Completed",
        ModelPackageVersion,
      })),
    }),
    "sagemaker.listModels": () => ({}),
    "sagemaker.listPipelineExecutionSteps": () => ({
      PipelineExecutionSteps: [
        {
          EndTime: new Date(300_000),
          Metadata: { ProcessingJob: {} },
          StartTime: new Date(0),
          StepName: "Preprocess",
        },
        { EndTime: new Date(300_000), Metadata: { TrainingJob: {} }, StartTime: new Date(0) },
        { Metadata: {} },
      ],
    }),
    "sagemaker.listPipelineExecutions": () => ({ PipelineExecutionSummaries: [] }),
    "sagemaker.listPipelines": () => ({ PipelineSummaries: [] }),
    "sagemaker.listTags": () => ({
      Tags: [
        { Key: "ModelPackageArn", Value: `${prefix}1` },
        { Key: "ModelVersion", Value: endpoint },
      ],
    }),
    "sagemaker.updateModelPackage": ({ ModelApprovalStatus, ModelPackageArn }) => {
      servesUpdate = false;
      const isSecond = String(ModelPackageArn).endsWith("/2");
      const end =
        ModelApprovalStatus === "Rejected" ? "Stopped" : isSecond ? "Failed" : "Succeeded";
      begin(String(ModelPackageArn), end);
      return {};
    },
    "scaling.describeScalableTargets": () => ({}),
    "sqs.receiveMessage": () => ({ Messages: messages.splice(0, 1) }),
  };
}

/** Answers for the guard of a run. */
export function guardAnswers(): Answers {
  const missing = (name: string) => () => {
    throw awsError(name);
  };
  const made = () => ({});
  return {
    "eventbridge.deleteRule": made,
    "eventbridge.putRule": made,
    "eventbridge.putTargets": made,
    "eventbridge.removeTargets": made,
    "iam.createRole": made,
    "iam.deleteRole": made,
    "iam.deleteRolePolicy": made,
    "iam.putRolePolicy": made,
    "scheduler.createSchedule": made,
    "scheduler.createScheduleGroup": made,
    "scheduler.deleteSchedule": missing("ResourceNotFoundException"),
    "scheduler.deleteScheduleGroup": made,
    "scheduler.listSchedules": made,
    "sqs.createQueue": made,
    "sqs.deleteMessage": made,
    "sqs.deleteQueue": made,
    "sqs.getQueueUrl": () => ({ QueueUrl: "https://queue" }),
  };
}

/** Event of a push, like its sample. */
export const pushEvent = {
  version: "0",
  id: "1",
  "detail-type": "CodeCommit Repository State Change",
  source: "aws.codecommit",
  account: awsContext.accountId,
  time: "2026-11-29T12:00:00Z",
  region: "us-east-1",
  resources: [`arn:aws:codecommit:us-east-1:${awsContext.accountId}:${group}`],
  detail: {
    callerUserArn: `arn:aws:iam::${awsContext.accountId}:user/jane`,
    commitId: "c2",
    event: "referenceUpdated",
    oldCommitId: "c1",
    referenceFullName: "refs/heads/main",
    referenceName: "main",
    referenceType: "branch",
    repositoryId: "1",
    repositoryName: "mlops-churn--dev--modelbuild",
  },
};
