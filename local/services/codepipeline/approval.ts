import { z } from "zod";

import { ownerClients } from "../../iam/clients";
import { emulatedAction } from "../eventbridge/executionState";
import { type ActionCall, type ActionResult, type PipelineRun, given } from "./pipelineRun";

/** A request for approval that is open. */
export interface Waiting {
  readonly pipelineName: string;
  readonly executionId: string;
  readonly stageName: string;
  readonly actionName: string;
  /** For `PutApprovalResult`. */
  readonly token: string;
  /** Message to the approver, and a link with details. */
  readonly customData?: string | undefined;
  readonly link?: string | undefined;
  readonly timeoutMinutes: number;
}

/** Result of a request for approval, given already if decided; an expiry is simulated without waiting. */
export type ApprovalResult =
  | { readonly answer: "approved" | "decided" | "rejected"; readonly comment: string }
  | { readonly answer: "expired" };

/** Answers a request for approval while the run waits. */
export type Approver = (waiting: Waiting) => Promise<ApprovalResult>;

const configurationShape = z.strictObject({
  CustomData: z.string().optional(),
  ExternalEntityLink: z.string().optional(),
});
const SEVEN_DAYS = 7 * 24 * 60;

/** Waits for the approver, and passes the answer to CodePipeline. */
export async function simulateApproval(
  action: ActionCall,
  pipelineRun: PipelineRun,
): Promise<ActionResult> {
  const { actionTypeId, configuration, name: actionName, stageName } = action;
  const { approver, executionId, pipelineName, context } = pipelineRun;
  const what = `action ${actionName}`;
  if (actionTypeId.provider !== "Manual")
    throw new Error(
      `${what}: the local cloud does not simulate the approval provider ${actionTypeId.provider}`,
    );
  const { data, error } = configurationShape.safeParse(configuration);
  if (error !== undefined)
    throw new Error(
      `${what}: the local cloud does not simulate this configuration:\n${z.prettifyError(error)}`,
    );
  if (approver === undefined)
    throw new Error(`${what} is pending approval, and this step has no approver`);

  const timeoutMinutes = action.timeoutInMinutes ?? SEVEN_DAYS;
  const where = { actionName, pipelineName, stageName };
  const token = given(action.token, "token of the approval");
  const approval = await approver({
    ...where,
    customData: data.CustomData,
    executionId,
    link: data.ExternalEntityLink,
    timeoutMinutes,
    token,
  });
  if (await action.isStopped()) return {};
  if (approval.answer === "expired") {
    // AWS documents no words for it.
    return { failure: `The approval request expired after ${timeoutMinutes.toString()} minutes` };
  }
  if (approval.answer !== "decided") {
    const codepipeline = await ownerClients(context).codepipeline();
    const status = approval.answer === "approved" ? "Approved" : "Rejected";
    const result = { status, summary: approval.comment } as const;
    await codepipeline.putApprovalResult({ ...where, result, token });
  }
  const decided = await emulatedAction(context, { ...where, executionId });
  const status = decided.status === "Succeeded" ? "Approved" : "Rejected";
  // The comment is CodePipeline's to show; its events tell only who decided.
  const summary = `${status} by ${decided.lastUpdatedBy ?? ""}`;
  return status === "Approved" ? { summary } : { failure: summary };
}
