import type { Stepping } from "../../report/steps";
import { isInProgress } from "../../services/runUntilIdle";
import { mustTell } from "../expectNotifications";
import { playApprovals, playDeclined, playRejection } from "./approvals";
import { playChangedArchives } from "./archives";
import { playByHand } from "./byHand";
import { playCanaries } from "./canaries";
import { playRetry, playRollback } from "./commands";
import { playExpiry, playExpiryInUpdate } from "./expiry";
import { playFailingTest } from "./failures";
import { playLinear } from "./linear";
import { playQuietEdits } from "./quietEdits";
import { mustRun } from "./running";
import { playServerless } from "./serverless";
import { type DeployScenario, mustEnd, playDeployments } from "./deployScenario";

interface DeploymentExtent {
  readonly canaries: boolean;
  /** Makes the staging endpoint serverless, and its approval `none`, at the end. */
  readonly makeServerless?: (() => Promise<void>) | undefined;
}

/** Everything between a registered model version and production, with what must not get there. */
export async function playDeployment(
  steps: Stepping,
  scenario: DeployScenario,
  { canaries, makeServerless }: DeploymentExtent,
): Promise<void> {
  await playOwnRun(steps, scenario);
  await playQuietEdits(steps, scenario);
  await playApprovals(steps, scenario);
  if (canaries) await playCanaries(steps, scenario);
  await playRejection(steps, scenario);
  await playFailingTest(steps, scenario);
  await playDeclined(steps, scenario);
  await playRetry(steps, scenario);
  await playRollback(steps, scenario);
  await playByHand(steps, scenario);
  await playChangedArchives(steps, scenario);
  await playExpiryInUpdate(steps, scenario);
  await playLinear(steps, scenario);
  if (makeServerless !== undefined) await playServerless(steps, scenario, makeServerless);
  await playExpiry(steps, scenario, makeServerless === undefined ? 2 : 1);
}

/** The run that a new pipeline starts by itself, which is about no model. */
async function playOwnRun({ step }: Stepping, scenario: DeployScenario): Promise<void> {
  const { deployment, inbox, testEnvironment } = scenario;
  if (!(await isInProgress(testEnvironment.stage, deployment.pipelineName))) return;
  await step(
    "the first execution of the deployment pipeline, without a model version, stops without a notification",
    async () => {
      mustEnd(await playDeployments(scenario), "Stopped");
      await mustTell(inbox);
      await mustRun("staging", undefined, scenario);
    },
  );
}
