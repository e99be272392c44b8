import type { Stepping } from "../../report/steps";
import { modelPending } from "../push";
import { mustNotify, fails } from "../notifications";
import { mustRun } from "./running";
import { type DeployScenario, mustFailIn, runDeployments } from "./deployScenario";
import { decide, registerUntrue } from "./versions";

/** A version that does not answer as its own sample says. */
export async function runFailingTest({ step }: Stepping, scenario: DeployScenario): Promise<void> {
  const { inbox } = scenario;
  await step(
    "a version that fails its test is not deployed to production, and the notification says why",
    async () => {
      const version = await registerUntrue(1, scenario);
      await mustNotify(inbox, modelPending);
      await decide(version, "Approved", scenario);
      const [run] = await runDeployments(scenario);
      mustFailIn(run, "TestStaging", /exit status 1\b/);
      await mustNotify(inbox, fails("TestStaging"));
      await mustRun("prod", 1, scenario);
    },
  );
}
