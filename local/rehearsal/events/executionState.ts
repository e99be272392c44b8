import type { PipelineExecutionStatus, SourceRevision } from "@aws-sdk/client-codepipeline";

import { loopbackEndpoint } from "../../provider/cloud";
import type { Stage } from "../contract";

/** What a player found out about an execution of a CodePipeline; what is left out stays as it was. */
export interface ExecutionState {
  readonly status?: PipelineExecutionStatus;
  readonly statusSummary?: string;
  /** Which revision each source action took. */
  readonly sourceRevisions?: readonly SourceRevision[];
}

/** Sets how far an execution got: AWS's CodePipeline knows by itself, the emulator's only if it is told. */
export async function setExecutionState(
  { ownerEndpoint, region, signal }: Stage,
  pipelineName: string,
  pipelineExecutionId: string,
  state: ExecutionState,
): Promise<void> {
  const response = await fetch(loopbackEndpoint(ownerEndpoint), {
    method: "POST",
    body: JSON.stringify({ pipelineName, pipelineExecutionId, ...state }),
    headers: {
      // The emulator tells service and region by the scope; it checks no signature.
      authorization: `AWS4-HMAC-SHA256 Credential=testing/20260101/${region}/codepipeline/aws4_request`,
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "CodePipeline_20150709.EmulatorUpdatePipelineExecution",
    },
    signal,
  });
  if (!response.ok)
    throw new Error(
      `execution ${pipelineExecutionId} of ${pipelineName}: ${await response.text()}`,
    );
}
