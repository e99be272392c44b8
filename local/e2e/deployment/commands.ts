import { deploymentOf } from "../../../scripts/endpoints/deployment";
import { retry } from "../../../scripts/endpoints/retry";
import { rollback } from "../../../scripts/endpoints/rollback";
import type { Stepping } from "../../steps";
import { owners } from "../clients";
import type { Approver } from "../delivery/approval";
import { mustTell } from "../expectNotifications";
import { type DeployScenario, approve, mustEnd, playDeployments } from "./deployScenario";
import { fireNow, mustBeScheduled } from "./expiry";
import { runs, waits } from "./messages";
import { mustAnswerInProduction, mustRun } from "./running";

/** The approval that was rejected is requested once more; meanwhile, staging expires. */
export async function playRetry({ step }: Stepping, scenario: DeployScenario): Promise<void> {
  const { inbox, testEnvironment } = scenario;
  await step(
    "npm run endpoints -- retry: the rejected deployment of version 2 is approved, after its schedule has deleted staging",
    async () => {
      const { stage, timeline } = testEnvironment;
      const { lines } = await retry(target(scenario), await owners(stage).codepipeline());
      timeline.note("Operator", lines.join("\n"));
      const early: Approver = async (waiting) => {
        await fireNow(await mustBeScheduled(scenario), scenario);
        return approve(waiting);
      };
      mustEnd(await playDeployments(scenario, early), "Succeeded");
      await mustTell(inbox, waits, runs);
      await mustRun("staging", undefined, scenario);
      await mustRun("prod", 2, scenario);
      await mustAnswerInProduction(2, scenario);
    },
  );
}

/** Rolls production back to the previous version, by command. */
export async function playRollback({ step }: Stepping, scenario: DeployScenario): Promise<void> {
  const { inbox, testEnvironment } = scenario;
  await step(
    "npm run endpoints -- rollback: version 1 deploys with test and approval; staging is created again",
    async () => {
      const { stage, timeline } = testEnvironment;
      const clients = owners(stage);
      const { lines } = await rollback(target(scenario), {
        codepipeline: await clients.codepipeline(),
        sagemaker: await clients.sagemaker(),
      });
      timeline.note("Operator", lines.join("\n"));
      mustEnd(await playDeployments(scenario, approve), "Succeeded");
      await mustTell(inbox, waits, runs);
      await mustRun("staging", 1, scenario);
      await mustRun("prod", 1, scenario);
      await mustAnswerInProduction(1, scenario);
    },
  );
}

/** What the command finds in the outputs of the stack. */
function target({ deployment, modelPackageGroupName, testEnvironment }: DeployScenario) {
  const { accountId, partition, region } = testEnvironment.stage;
  const outputs = {
    modelBuildPipelineArn: `arn:${partition}:codepipeline:${region}:${accountId}:model-build`,
    modelDeployPipelineName: deployment.pipelineName,
    modelPackageGroupName,
  };
  const found = deploymentOf(outputs, {});
  if (found === undefined) throw new Error("the stack deploys no models");
  return found;
}
