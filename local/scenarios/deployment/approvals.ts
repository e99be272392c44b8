import type { Stepping } from "../../report/steps";
import { mustNotify, declined, queues, runs, waits } from "../notifications";
import { mustExpireInHours } from "./expiry";
import { untilQueued } from "./queue";
import { mustAnswerInProduction, mustRun, runningVersion } from "./running";
import {
  type DeployScenario,
  approve,
  decline,
  mustEnd,
  mustFailIn,
  runDeployments,
} from "./deployScenario";
import { decide } from "./versions";

/** A version is approved while another is pending approval; EventBridge tells of the first one twice. */
export async function runApprovals({ step }: Stepping, scenario: DeployScenario): Promise<void> {
  const { inbox } = scenario;
  const before: (number | undefined)[] = [];
  await step(
    "approved model versions 1 (event delivered twice) and 2, approved while 1 is pending approval, deploy in order: staging, test, approval, production",
    async () => {
      await decide(1, "Approved", scenario, 2);
      const executions = await runDeployments(scenario, async (waiting) => {
        const { prodEndpointName } = scenario.deployment;
        const served = await runningVersion(prodEndpointName, scenario.testEnvironment.context);
        before.push(served);
        if (served === undefined) {
          await untilQueued(() => decide(2, "Approved", scenario), scenario);
        }
        return approve(waiting);
      });
      // The second delivery finds the version already deployed.
      mustEnd(executions, "Succeeded", "Stopped", "Succeeded");
    },
  );
  await step(
    "production serves version 1 until version 2 is approved; each deployment sends its notifications once, and one names both versions",
    async () => {
      const seen = before.map(String).join(", then ");
      if (seen !== "undefined, then 1")
        throw new Error(
          `expected production to serve no version, then version 1, before the approvals; got ${seen}`,
        );
      await mustNotify(inbox, waits, queues(2, 1), runs, waits, runs);
    },
  );
  await step("production serves version 2, and its predictions equal the evaluation", async () => {
    await mustRun("staging", 2, scenario);
    await mustRun("prod", 2, scenario);
    await mustAnswerInProduction(2, scenario);
  });
}

/** The version that runs is no longer wanted. */
export async function runRejection({ step }: Stepping, scenario: DeployScenario): Promise<void> {
  await step(
    "rejecting version 2 in the model registry deploys version 1 to production again",
    async () => {
      await decide(2, "Rejected", scenario);
      mustEnd(await runDeployments(scenario, approve), "Succeeded");
      await mustNotify(scenario.inbox, waits, runs);
      await mustRun("prod", 1, scenario);
    },
  );
}

/** A person looks at what the tests found, and says no. */
export async function runDeclinedApproval(
  { step }: Stepping,
  scenario: DeployScenario,
): Promise<void> {
  await step(
    "rejecting the deployment of version 2 leaves production unchanged, and staging is deleted 24 hours later",
    async () => {
      await decide(2, "Approved", scenario);
      const [run, ...others] = await runDeployments(scenario, decline);
      mustFailIn(run, "ApproveDeployment", /Rejected/i);
      // It schedules the deletion, and stops before the stage, which can still be retried.
      mustEnd(others, "Stopped");
      await mustNotify(scenario.inbox, waits, declined);
      await mustExpireInHours(scenario);
      await mustRun("staging", 2, scenario);
      await mustRun("prod", 1, scenario);
    },
  );
}
