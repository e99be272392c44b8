import type { PipelineExecutionStatus, SourceRevision } from "@aws-sdk/client-codepipeline";
import { z } from "zod";

import { messageOf } from "../../../lib/errors";
import type { AwsContext } from "../../iam/contract";
import { callEmulator as callOperation } from "../emulatorCall";

/** State of a CodePipeline execution; fields left out stay unchanged. */
export interface ExecutionState {
  readonly status?: PipelineExecutionStatus;
  readonly statusSummary?: string;
  /** Which revision each source action took. */
  readonly sourceRevisions?: readonly SourceRevision[];
}

/** An action of one execution of a CodePipeline. */
export interface ActionPlace {
  readonly pipelineName: string;
  readonly executionId: string;
  readonly stageName: string;
  readonly actionName: string;
}

/** State of an action. */
export interface ActionState {
  readonly status: "InProgress" | "Succeeded" | "Failed" | "Abandoned";
  readonly summary?: string | undefined;
  readonly externalExecutionId?: string | undefined;
  readonly externalExecutionUrl?: string | undefined;
  readonly outputVariables?: Readonly<Record<string, string>> | undefined;
  readonly errorDetails?: { readonly code: string; readonly message: string } | undefined;
}

const actionAnswer = z.looseObject({
  actionExecution: z.looseObject({
    actionExecutionId: z.string(),
    lastUpdatedBy: z.string().optional(),
    status: z.string(),
    token: z.string().optional(),
  }),
});
const rollbackAnswer = z.looseObject({ pipelineExecutionId: z.string() });

/** Sets how far an execution got: AWS's CodePipeline knows by itself, the emulator needs this call. */
export async function setExecutionState(
  context: AwsContext,
  pipelineName: string,
  pipelineExecutionId: string,
  state: ExecutionState,
): Promise<void> {
  const body = { pipelineName, pipelineExecutionId, ...state };
  await callEmulator(context, "EmulatorUpdatePipelineExecution", body);
}

/** Tells the emulator how far an action is, if a state is given, and returns what it knows of the action. */
export async function emulatedAction(
  context: AwsContext,
  { executionId: pipelineExecutionId, ...place }: ActionPlace,
  state?: ActionState,
): Promise<z.output<typeof actionAnswer>["actionExecution"]> {
  const body = { pipelineExecutionId, ...place, ...state };
  return actionAnswer.parse(await callEmulator(context, "EmulatorPlayAction", body))
    .actionExecution;
}

/** Starts the rollback of a stage as CodePipeline does after a failure; returns the new execution's id. */
export async function startRollback(
  context: AwsContext,
  { pipelineName, stageName }: Pick<ActionPlace, "pipelineName" | "stageName">,
  failedExecutionId: string,
  targetPipelineExecutionId: string,
): Promise<string> {
  const place = { pipelineName, pipelineExecutionId: failedExecutionId, stageName };
  const body = { ...place, targetPipelineExecutionId };
  return rollbackAnswer.parse(await callEmulator(context, "EmulatorStartRollback", body))
    .pipelineExecutionId;
}

function callEmulator(
  context: AwsContext,
  operation: string,
  body: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  return callOperation(context, "codepipeline", operation, body).catch((error: unknown) => {
    const which = `${String(body.pipelineExecutionId)} of ${String(body.pipelineName)}`;
    throw new Error(`execution ${which}: ${messageOf(error)}`, { cause: error });
  });
}
