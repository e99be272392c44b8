import type { Stepping } from "../../report/steps";
import { isInProgress } from "../../services/runUntilIdle";
import { runWorseChallenger } from "../challenger";
import { mustNotify } from "../notifications";
import { runApprovals, runDeclinedApproval, runRejection } from "./approvals";
import { runChangedArchives } from "./archives";
import { runManualDeployment } from "./byHand";
import { runCanaries } from "./canaries";
import { runRetry, runRollback } from "./commands";
import { runExpiry, runExpiryInUpdate } from "./expiry";
import { runFailingTest } from "./failures";
import { runLinear } from "./linear";
import { runUnrelatedEdits } from "./quietEdits";
import { mustRun } from "./running";
import { runServerless } from "./serverless";
import { type DeployScenario, mustEnd, runDeployments } from "./deployScenario";

interface DeploymentExtent {
  /** As in Extent of the end-to-end run. */
  readonly everyCase: boolean;
  /** Makes the staging endpoint serverless, and its approval `none`, at the end. */
  readonly makeServerless?: (() => Promise<void>) | undefined;
}

/** Everything between a registered model version and production, with what must not get there. */
export async function runDeployment(
  steps: Stepping,
  scenario: DeployScenario,
  { everyCase, makeServerless }: DeploymentExtent,
): Promise<void> {
  await runOwnExecution(steps, scenario);
  await runUnrelatedEdits(steps, scenario);
  await runApprovals(steps, scenario);
  if (everyCase && scenario.isStarter && scenario.provider === "CodeCommit")
    await runWorseChallenger(steps, scenario, 2);
  if (everyCase) await runCanaries(steps, scenario);
  await runRejection(steps, scenario);
  if (everyCase) await runFailingTest(steps, scenario);
  await runDeclinedApproval(steps, scenario);
  if (everyCase) await runOtherCases(steps, scenario);
  if (makeServerless !== undefined) await runServerless(steps, scenario, makeServerless);
  // The linear shift deploys version 2, the other cases version 1.
  await runExpiry(steps, scenario, everyCase && makeServerless === undefined ? 2 : 1);
}

async function runOtherCases(steps: Stepping, scenario: DeployScenario): Promise<void> {
  await runRetry(steps, scenario);
  await runRollback(steps, scenario);
  await runManualDeployment(steps, scenario);
  await runChangedArchives(steps, scenario);
  await runExpiryInUpdate(steps, scenario);
  await runLinear(steps, scenario);
}

/** The run that a new pipeline starts by itself, which is about no model. */
async function runOwnExecution({ step }: Stepping, scenario: DeployScenario): Promise<void> {
  const { deployment, inbox, testEnvironment } = scenario;
  if (!(await isInProgress(testEnvironment.context, deployment.pipelineName))) return;
  await step(
    "the first execution of the deployment pipeline, without a model version, stops without a notification",
    async () => {
      mustEnd(await runDeployments(scenario), "Stopped");
      await mustNotify(inbox);
      await mustRun("staging", undefined, scenario);
    },
  );
}
