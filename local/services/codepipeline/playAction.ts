import { playApproval } from "./approval";
import { playBuildAction } from "./buildAction";
import type { ActionCall, Played, Playing } from "./playing";
import { playSource } from "./sourceAction";

/** What AWS refuses fails the action, not the end-to-end run: that is for the judge and the scenario to say. */
export async function playAction(action: ActionCall, playing: Playing): Promise<Played> {
  try {
    return await playerOf(action)(action, playing);
  } catch (error) {
    if (error instanceof Error && "$fault" in error) return { failure: error.message };
    throw error;
  }
}

function playerOf({
  actionTypeId: { category, provider },
  name,
}: ActionCall): (action: ActionCall, playing: Playing) => Promise<Played> {
  if (category === "Source") return playSource;
  if (category === "Approval") return playApproval;
  if (/^(Build|Test)$/.test(category) && provider === "CodeBuild") return playBuildAction;
  throw new Error(`action ${name}: the local cloud does not simulate the provider ${provider}`);
}
