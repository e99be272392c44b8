import { randomUUID } from "node:crypto";

import type { DescribeModelPackageOutput } from "@aws-sdk/client-sagemaker";

import type { Stage } from "../contract";
import type { Execution } from "./execution";
import type { StepRecord } from "./playSteps";

/** An event as SageMaker sends it to EventBridge. */
export interface ExecutionEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: "aws.sagemaker";
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What SageMaker sends of an execution that has ended, in order. */
export function eventsOf(
  execution: Execution,
  steps: readonly StepRecord[],
  status: "Succeeded" | "Failed" | "Stopped",
  model: DescribeModelPackageOutput | undefined,
  stage: Stage,
): ExecutionEvent[] {
  const ends = steps.flatMap((step) => {
    const registered = step.metadata.RegisterModel?.Arn;
    const models =
      registered === undefined || model === undefined ? [] : [modelEvent(model, stage)];
    return [stepEvent(execution, step, "Executing", stage), ...models].concat(
      stepEvent(execution, step, step.status, stage),
    );
  });
  return [
    executionEvent(execution, "Executing", stage),
    ...ends,
    executionEvent(execution, status, stage),
  ];
}

function executionEvent(execution: Execution, status: string, stage: Stage): ExecutionEvent {
  const started = { executionStartTime: seconds(execution.startTime) };
  const ended = status === "Executing" ? {} : { executionEndTime: seconds(new Date()) };
  return event("SageMaker Model Building Pipeline Execution Status Change", stage, {
    resources: [execution.pipelineArn, execution.arn],
    detail: {
      pipelineExecutionDisplayName: execution.displayName,
      currentPipelineExecutionStatus: status,
      previousPipelineExecutionStatus: "Executing",
      ...started,
      ...ended,
      pipelineArn: execution.pipelineArn,
      pipelineExecutionArn: execution.arn,
    },
  });
}

function stepEvent(
  execution: Execution,
  step: StepRecord,
  status: string,
  stage: Stage,
): ExecutionEvent {
  const end = new Date(step.startTime.getTime() + 1000 * step.seconds);
  return event("SageMaker Model Building Pipeline Execution Step Status Change", stage, {
    resources: [execution.pipelineArn, execution.arn],
    detail: {
      metadata: lowered(step),
      stepStartTime: seconds(step.startTime),
      ...(status === "Executing" ? {} : { stepEndTime: seconds(end) }),
      stepName: step.name,
      stepType: step.type,
      previousStepStatus: status === "Executing" ? "Starting" : "Executing",
      currentStepStatus: status,
      ...(status === "Failed" ? { failureReason: step.failureReason } : {}),
      pipelineArn: execution.pipelineArn,
      pipelineExecutionArn: execution.arn,
    },
  });
}

/** Events write `processingJob.arn` where the API has `ProcessingJob.Arn`. */
function lowered({ metadata }: StepRecord): Record<string, unknown> {
  const jobs = { processingJob: metadata.ProcessingJob, trainingJob: metadata.TrainingJob };
  const named = Object.entries(jobs).filter(([, job]) => job !== undefined);
  return Object.fromEntries(named.map(([kind, job]) => [kind, { arn: job?.Arn }]));
}

function modelEvent(model: DescribeModelPackageOutput, stage: Stage): ExecutionEvent {
  return event("SageMaker Model Package State Change", stage, {
    resources: [model.ModelPackageArn ?? ""],
    detail: { ...model, CreationTime: model.CreationTime?.getTime() },
  });
}

function event(
  detailType: string,
  { accountId, region }: Stage,
  happened: Pick<ExecutionEvent, "detail" | "resources">,
): ExecutionEvent {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": detailType,
    source: "aws.sagemaker",
    account: accountId,
    time: seconds(new Date()),
    region,
    ...happened,
  };
}

function seconds(moment: Date): string {
  return moment.toISOString().replace(/\.\d+/, "");
}
