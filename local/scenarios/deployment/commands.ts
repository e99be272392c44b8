import type { Stepping } from "../../report/steps";
import type { Approver } from "../../services/codepipeline/approval";
import { mustNotify, runs, waits } from "../notifications";
import { type DeployScenario, approve, mustEnd, runDeployments } from "./deployScenario";
import { fireNow, mustBeScheduled } from "./expiry";
import { mustAnswerInProduction, mustRun } from "./running";

/** The approval that was rejected is requested once more; meanwhile, staging expires. */
export async function runRetry({ step }: Stepping, scenario: DeployScenario): Promise<void> {
  const { inbox, npmScript, testEnvironment } = scenario;
  await step(
    "npm run endpoints -- retry: the rejected deployment of version 2 is approved, after its schedule has deleted staging",
    async () => {
      const lines = await npmScript("endpoints", "retry");
      testEnvironment.timeline.note("Operator", lines.join("\n"));
      const early: Approver = async (waiting) => {
        await fireNow(await mustBeScheduled(scenario), scenario);
        return approve(waiting);
      };
      mustEnd(await runDeployments(scenario, early), "Succeeded");
      await mustNotify(inbox, waits, runs);
      await mustRun("staging", undefined, scenario);
      await mustRun("prod", 2, scenario);
      await mustAnswerInProduction(2, scenario);
    },
  );
}

/** Rolls production back to the previous version, by command. */
export async function runRollback({ step }: Stepping, scenario: DeployScenario): Promise<void> {
  const { inbox, npmScript, testEnvironment } = scenario;
  await step(
    "npm run endpoints -- rollback: version 1 deploys with test and approval; staging is created again",
    async () => {
      const lines = await npmScript("endpoints", "rollback");
      testEnvironment.timeline.note("Operator", lines.join("\n"));
      mustEnd(await runDeployments(scenario, approve), "Succeeded");
      await mustNotify(inbox, waits, runs);
      await mustRun("staging", 1, scenario);
      await mustRun("prod", 1, scenario);
      await mustAnswerInProduction(1, scenario);
    },
  );
}
