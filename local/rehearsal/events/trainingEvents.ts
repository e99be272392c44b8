import { type Origin, type ServiceEvent, serviceEvent } from "./serviceEvent";

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
  /** The job behind the step, for example `{ trainingJob: { arn } }`. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Why it failed; only of a failed step. */
  readonly failureReason?: string;
}

type StepStatus = "Starting" | "Executing" | "Succeeded" | "Failed" | "Stopping" | "Stopped";

/** A version in a model package group, as far as events tell of it. */
export interface ModelVersion extends Origin {
  readonly group: string;
  readonly version: number;
  readonly arn: string;
  readonly approval: "Approved" | "PendingManualApproval" | "Rejected";
  readonly status: "Completed" | "Failed" | "InProgress" | "Pending";
  readonly createdAt: string;
  readonly changedAt: string;
  /** What else `DescribeModelPackage` tells: inference specification, metrics, metadata. */
  readonly description: Readonly<Record<string, unknown>>;
  /** What an update changed; left out of a version that was just registered. */
  readonly updatedFields?: readonly string[];
}

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
      metadata: step.metadata ?? {},
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

/** The event that SageMaker sends when a model version is registered or changed. */
export function modelVersionEvent(model: ModelVersion): ServiceEvent {
  return serviceEvent(model, {
    source: "aws.sagemaker",
    detailType: "SageMaker Model Package State Change",
    resources: [model.arn],
    detail: {
      ...model.description,
      ModelPackageGroupName: model.group,
      ModelPackageVersion: model.version,
      ModelPackageArn: model.arn,
      CreationTime: model.createdAt,
      ModelPackageStatus: model.status,
      ModelApprovalStatus: model.approval,
      LastModifiedTime: model.changedAt,
      UpdatedModelPackageFields: model.updatedFields,
    },
  });
}
