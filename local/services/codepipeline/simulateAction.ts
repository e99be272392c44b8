import { simulateApproval } from "./approval";
import { simulateBuildAction } from "./buildAction";
import type { ActionCall, ActionResult, PipelineRun } from "./pipelineRun";
import { simulateSource } from "./sourceAction";

/** An AWS error fails the action, not the end-to-end run: decisions and scenario decide on that. */
export async function simulateAction(
  action: ActionCall,
  pipelineRun: PipelineRun,
): Promise<ActionResult> {
  try {
    return await simulatorOf(action)(action, pipelineRun);
  } catch (error) {
    if (error instanceof Error && "$fault" in error) return { failure: error.message };
    throw error;
  }
}

function simulatorOf({
  actionTypeId: { category, provider },
  name,
}: ActionCall): (action: ActionCall, pipelineRun: PipelineRun) => Promise<ActionResult> {
  if (category === "Source") return simulateSource;
  if (category === "Approval") return simulateApproval;
  if (/^(Build|Test)$/.test(category) && provider === "CodeBuild") return simulateBuildAction;
  throw new Error(`action ${name}: the local cloud does not simulate the provider ${provider}`);
}
