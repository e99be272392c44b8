import type { Stepping } from "../../steps";
import { isInProgress } from "../settle";
import { mustTell } from "../told";
import { playApprovals, playDeclined, playRejection } from "./approvals";
import { playByHand } from "./byHand";
import { playFailingTest, playFaultedCanary } from "./failures";
import { playQuietEdits } from "./quietEdits";
import { mustRun } from "./running";
import { type DeployScene, mustEnd, playDeployments } from "./scene";

/** Everything between a registered model version and production, with what must not get there. */
export async function playDeployment(steps: Stepping, scene: DeployScene): Promise<void> {
  await playOwnRun(steps, scene);
  await playQuietEdits(steps, scene);
  await playApprovals(steps, scene);
  await playFaultedCanary(steps, scene);
  await playRejection(steps, scene);
  await playFailingTest(steps, scene);
  await playDeclined(steps, scene);
  await playByHand(steps, scene);
}

/** The run that a new pipeline starts by itself, which is about no model. */
async function playOwnRun({ step }: Stepping, scene: DeployScene): Promise<void> {
  const { deployment, mailbox, theatre } = scene;
  if (!(await isInProgress(theatre.stage, deployment.pipelineName))) return;
  await step("the deployment's own first run, about no model, stops itself quietly", async () => {
    mustEnd(await playDeployments(scene), "Stopped");
    await mustTell(mailbox);
    await mustRun("staging", undefined, scene);
  });
}
