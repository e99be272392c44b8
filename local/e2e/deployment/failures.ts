import type { Stepping } from "../../steps";
import { owners } from "../clients";
import { modelPending } from "../scenario";
import { mustTell } from "../expectNotifications";
import { fails, rolledBack, waits } from "./messages";
import { mustAnswerInProduction, mustRun } from "./running";
import { type DeployScenario, approve, mustFailIn, playDeployments } from "./deployScenario";
import { decide, registerUntrue } from "./versions";

/** An alarm rings while traffic moves over. */
export async function playFaultedCanary(
  { step }: Stepping,
  scenario: DeployScenario,
): Promise<void> {
  const { deployment, inbox, testEnvironment } = scenario;
  const { hosting, prodEndpointName } = deployment;
  await step(
    "an alarm during the update of production rolls it back to version 2 and sends one notification",
    async () => {
      const cloudwatch = await owners(testEnvironment.stage).cloudwatch();
      const AlarmName = `${prodEndpointName}-errors`;
      const set = (StateValue: "ALARM" | "OK") =>
        cloudwatch.setAlarmState({
          AlarmName,
          StateValue,
          StateReason: "set by the end-to-end run",
        });
      hosting.atNextBake(prodEndpointName, async () => {
        testEnvironment.timeline.note("CloudWatch", `${AlarmName} is in ALARM`);
        await set("ALARM");
      });
      await decide(1, "Approved", scenario);
      const [run] = await playDeployments(scenario, approve);
      await set("OK");
      mustFailIn(run, "DeployResourcesProd", /exit status 98/);
      await mustTell(inbox, waits, rolledBack);
      await mustRun("prod", 2, scenario);
      await mustAnswerInProduction(2, scenario);
    },
  );
}

/** A version that does not answer as its own sample says. */
export async function playFailingTest({ step }: Stepping, scenario: DeployScenario): Promise<void> {
  const { inbox } = scenario;
  await step(
    "a version that fails its test is not deployed to production, and the notification says why",
    async () => {
      const version = await registerUntrue(1, scenario);
      await mustTell(inbox, modelPending);
      await decide(version, "Approved", scenario);
      const [run] = await playDeployments(scenario);
      mustFailIn(run, "TestStaging", /exit status 1\b/);
      await mustTell(inbox, fails("TestStaging"));
      await mustRun("prod", 1, scenario);
    },
  );
}
