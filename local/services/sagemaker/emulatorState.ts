import type { PipelineExecutionStatus, PipelineExecutionStep } from "@aws-sdk/client-sagemaker";

import type { AwsContext } from "../../iam/contract";
import { callEmulator as callOperation } from "../emulatorCall";

interface ExecutionState {
  readonly PipelineExecutionArn: string;
  readonly PipelineExecutionStatus?: PipelineExecutionStatus;
  readonly FailureReason?: string;
  readonly Step?: PipelineExecutionStep;
}

interface JobState {
  readonly JobArn: string;
  readonly Status: "Completed" | "Failed" | "Stopped";
  readonly FailureReason?: string;
  readonly ExitMessage?: string;
}

/** Sets the state of an execution in the emulator. */
export function showExecution(context: AwsContext, state: ExecutionState): Promise<void> {
  return callEmulator(context, "PlayPipelineExecution", state);
}

/** Sets the final state of a job in the emulator. */
export function showJob(context: AwsContext, state: JobState): Promise<void> {
  return callEmulator(context, "PlayJob", state);
}

/** Calls an operation of SageMaker that only the emulator has. */
export async function callEmulator(
  context: AwsContext,
  operation: string,
  body: object,
): Promise<void> {
  await callOperation(context, "sagemaker", operation, body);
}
