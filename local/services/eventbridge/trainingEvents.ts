import type { DescribeModelPackageOutput } from "@aws-sdk/client-sagemaker";

import { isRecord } from "../../cloud/provider/values";
import { type Origin, type ServiceEvent, eventTime, serviceEvent } from "./serviceEvent";

/** One run of a SageMaker pipeline. */
export interface TrainingRun extends Origin {
  readonly pipelineArn: string;
  readonly executionArn: string;
  readonly displayName: string;
  readonly description?: string;
  /** To the second, as of an event's time. */
  readonly startTime: string;
}

interface Change<Status extends string> {
  readonly previous: Status;
  readonly current: Status;
  /** Left out while it runs. */
  readonly endTime?: string;
}

type RunStatus = "Executing" | "Succeeded" | "Failed" | "Stopping" | "Stopped";

interface Step {
  readonly name: string;
  /** For example `Training`. */
  readonly type: string;
  readonly startTime: string;
  /** The job or outcome behind the step as the API tells it, for example `{ TrainingJob: { Arn } }`. */
  readonly metadata?: object;
  /** Why it failed; only of a failed step. */
  readonly failureReason?: string;
}

type StepStatus = "Starting" | "Executing" | "Succeeded" | "Failed" | "Stopping" | "Stopped";

/**
 * The event that SageMaker sends when the status of a pipeline run changes.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
 */
export function trainingRunEvent(run: TrainingRun, change: Change<RunStatus>): ServiceEvent {
  return serviceEvent(run, {
    source: "aws.sagemaker",
    detailType: "SageMaker Model Building Pipeline Execution Status Change",
    resources: [run.pipelineArn, run.executionArn],
    detail: {
      pipelineExecutionDisplayName: run.displayName,
      currentPipelineExecutionStatus: change.current,
      previousPipelineExecutionStatus: change.previous,
      executionStartTime: run.startTime,
      executionEndTime: change.endTime,
      pipelineExecutionDescription: run.description,
      pipelineArn: run.pipelineArn,
      pipelineExecutionArn: run.executionArn,
    },
  });
}

/** The event that SageMaker sends when the status of a step changes; of a failed one it tells the reason. */
export function stepEvent(run: TrainingRun, step: Step, change: Change<StepStatus>): ServiceEvent {
  return serviceEvent(run, {
    source: "aws.sagemaker",
    detailType: "SageMaker Model Building Pipeline Execution Step Status Change",
    resources: [run.pipelineArn, run.executionArn],
    detail: {
      metadata: lowered(step.metadata ?? {}),
      stepStartTime: step.startTime,
      stepEndTime: change.endTime,
      stepName: step.name,
      stepType: step.type,
      previousStepStatus: change.previous,
      currentStepStatus: change.current,
      failureReason: step.failureReason,
      pipelineArn: run.pipelineArn,
      pipelineExecutionArn: run.executionArn,
    },
  });
}

/** Events write `trainingJob.arn` where the API has `TrainingJob.Arn`. */
function lowered(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(
    entries.map(([key, one]) => [key.charAt(0).toLowerCase() + key.slice(1), lowered(one)]),
  );
}

/**
 * The event that SageMaker sends when a model version is registered or changed; what an update changed is left out of
 * a version that was just registered.
 */
export function modelVersionEvent(
  origin: Origin,
  model: Partial<DescribeModelPackageOutput>,
  updatedFields?: readonly string[],
): ServiceEvent {
  // Events of a version name its group, not the version itself.
  const { ModelPackageName: _, ...fields } = model;
  const {
    CreationTime = new Date(),
    LastModifiedTime = CreationTime,
    ModelPackageArn = "",
  } = fields;
  return serviceEvent(origin, {
    source: "aws.sagemaker",
    detailType: "SageMaker Model Package State Change",
    resources: [ModelPackageArn],
    detail: {
      ...fields,
      CreationTime: eventTime(CreationTime),
      LastModifiedTime: eventTime(LastModifiedTime),
      UpdatedModelPackageFields: updatedFields,
    },
  });
}
