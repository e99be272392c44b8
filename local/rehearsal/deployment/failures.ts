import type { Stepping } from "../../steps";
import { owners } from "../clients";
import { mustTell } from "../told";
import { fails, waits } from "./messages";
import { mustAnswerInProduction, mustRun } from "./running";
import { type DeployScene, approve, mustFailIn, playDeployments } from "./scene";
import { decide, registerUntrue } from "./versions";

/** An alarm rings while traffic moves over. */
export async function playFaultedCanary({ step }: Stepping, scene: DeployScene): Promise<void> {
  const { deployment, mailbox, theatre } = scene;
  const { hosting, prodEndpointName } = deployment;
  await step(
    "an alarm while production takes version 1 again: version 2 goes on serving, and people are told once",
    async () => {
      const cloudwatch = await owners(theatre.stage).cloudwatch();
      const AlarmName = `${prodEndpointName}-errors`;
      const set = (StateValue: "ALARM" | "OK") =>
        cloudwatch.setAlarmState({ AlarmName, StateValue, StateReason: "the rehearsal says so" });
      hosting.atNextBake(prodEndpointName, async () => {
        theatre.timeline.note("CloudWatch", `${AlarmName} is in ALARM`);
        await set("ALARM");
      });
      await decide(1, "Approved", scene);
      const [run] = await playDeployments(scene, approve);
      await set("OK");
      mustFailIn(run, "DeployResourcesProd", /exit status 98/);
      await mustTell(mailbox, waits, /rolled back/);
      await mustRun("prod", 2, scene);
      await mustAnswerInProduction(2, scene);
    },
  );
}

/** A version that does not answer as its own sample says. */
export async function playFailingTest({ step }: Stepping, scene: DeployScene): Promise<void> {
  const { mailbox } = scene;
  await step(
    "a version whose test fails never reaches production, and people are told why",
    async () => {
      const version = await registerUntrue(1, scene);
      await mustTell(mailbox, /approv/i);
      await decide(version, "Approved", scene);
      const [run] = await playDeployments(scene);
      mustFailIn(run, "TestStaging", /exit status 1\b/);
      await mustTell(mailbox, fails("TestStaging"));
      await mustRun("prod", 1, scene);
    },
  );
}
