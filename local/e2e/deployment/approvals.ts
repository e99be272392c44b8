import type { Stepping } from "../../steps";
import { mustTell } from "../expectNotifications";
import { declined, runs, waits } from "./messages";
import { mustAnswerInProduction, mustRun, runningVersion } from "./running";
import {
  type DeployScenario,
  approve,
  decline,
  mustEnd,
  mustFailIn,
  playDeployments,
} from "./deployScenario";
import { decide } from "./versions";

/** Two versions on their way at once; EventBridge tells of the first one twice. */
export async function playApprovals({ step }: Stepping, scenario: DeployScenario): Promise<void> {
  const { inbox } = scenario;
  const before: (number | undefined)[] = [];
  await step(
    "approved model versions 1 (event delivered twice) and 2 deploy in order: staging, test, approval, production",
    async () => {
      await decide(1, "Approved", scenario, 2);
      await decide(2, "Approved", scenario);
      const played = await playDeployments(scenario, async (waiting) => {
        before.push(
          await runningVersion(
            scenario.deployment.prodEndpointName,
            scenario.testEnvironment.stage,
          ),
        );
        return approve(waiting);
      });
      // The second telling is of what is there already.
      mustEnd(played, "Succeeded", "Stopped", "Succeeded");
    },
  );
  await step(
    "production serves version 1 until version 2 is approved, and each deployment sends its notifications once",
    async () => {
      const seen = before.map(String).join(", then ");
      if (seen !== "undefined, then 1")
        throw new Error(
          `expected production to serve no version, then version 1, before the approvals; got ${seen}`,
        );
      await mustTell(inbox, waits, runs, waits, runs);
    },
  );
  await step("production serves version 2, and its predictions equal the evaluation", async () => {
    await mustRun("staging", 2, scenario);
    await mustRun("prod", 2, scenario);
    await mustAnswerInProduction(2, scenario);
  });
}

/** The version that runs is no longer wanted. */
export async function playRejection({ step }: Stepping, scenario: DeployScenario): Promise<void> {
  await step(
    "rejecting version 2 in the model registry deploys version 1 to production again",
    async () => {
      await decide(2, "Rejected", scenario);
      mustEnd(await playDeployments(scenario, approve), "Succeeded");
      await mustTell(scenario.inbox, waits, runs);
      await mustRun("prod", 1, scenario);
    },
  );
}

/** A person looks at what the tests found, and says no. */
export async function playDeclined({ step }: Stepping, scenario: DeployScenario): Promise<void> {
  await step("rejecting the deployment of version 2 leaves production unchanged", async () => {
    await decide(2, "Approved", scenario);
    const [run] = await playDeployments(scenario, decline);
    mustFailIn(run, "ApproveDeployment", /Rejected/i);
    await mustTell(scenario.inbox, waits, declined);
    await mustRun("prod", 1, scenario);
  });
}
