import type { PipelineExecutionStatus, PipelineExecutionStep } from "@aws-sdk/client-sagemaker";

import { loopbackEndpoint } from "../../cloud/provider/cloud";
import type { AwsContext } from "../../iam/contract";

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

/** Calls an operation that only the emulator has: no SDK knows it, so it is written by hand. */
export async function callEmulator(
  context: AwsContext,
  operation: string,
  body: object,
): Promise<void> {
  const scope = `testing/20260101/${context.region}/sagemaker/aws4_request`;
  const answer = await fetch(loopbackEndpoint(context.ownerEndpoint), {
    method: "POST",
    headers: {
      "Content-Type": "application/x-amz-json-1.1",
      "X-Amz-Target": `SageMaker.${operation}`,
      // The emulator tells services apart by it; it checks no signature.
      Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) {
    throw new Error(`the emulator rejected ${operation}: ${(await answer.text()).slice(0, 500)}`);
  }
}
