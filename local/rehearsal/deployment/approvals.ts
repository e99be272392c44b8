import type { Stepping } from "../../steps";
import { mustTell } from "../told";
import { declined, runs, waits } from "./messages";
import { mustAnswerInProduction, mustRun, runningVersion } from "./running";
import { type DeployScene, approve, decline, mustEnd, mustFailIn, playDeployments } from "./scene";
import { decide } from "./versions";

/** Two versions on their way at once; EventBridge tells of the first one twice. */
export async function playApprovals({ step }: Stepping, scene: DeployScene): Promise<void> {
  const { mailbox } = scene;
  const before: (number | undefined)[] = [];
  await step(
    "version 1, approved and told twice, and version 2 right after it: staging, test, approval, production, in order",
    async () => {
      await decide(1, "Approved", scene, 2);
      await decide(2, "Approved", scene);
      const played = await playDeployments(scene, async (waiting) => {
        before.push(await runningVersion(scene.deployment.prodEndpointName, scene.theatre.stage));
        return approve(waiting);
      });
      // The second telling is of what is there already.
      mustEnd(played, "Succeeded", "Stopped", "Succeeded");
    },
  );
  await step(
    "version 1 ran in production before version 2 was let in, and each was told once",
    async () => {
      const seen = before.map(String).join(", then ");
      if (seen !== "undefined, then 1") throw new Error(`production ran ${seen}`);
      await mustTell(mailbox, waits, runs, waits, runs);
    },
  );
  await step("production runs version 2, and answers as evaluated", async () => {
    await mustRun("staging", 2, scene);
    await mustRun("prod", 2, scene);
    await mustAnswerInProduction(2, scene);
  });
}

/** The version that runs is no longer wanted. */
export async function playRejection({ step }: Stepping, scene: DeployScene): Promise<void> {
  await step("version 2, rejected while it runs: production runs version 1 again", async () => {
    await decide(2, "Rejected", scene);
    mustEnd(await playDeployments(scene, approve), "Succeeded");
    await mustTell(scene.mailbox, waits, runs);
    await mustRun("prod", 1, scene);
  });
}

/** A person looks at what the tests found, and says no. */
export async function playDeclined({ step }: Stepping, scene: DeployScene): Promise<void> {
  await step(
    "version 2, approved again but not let into production: nothing changes there",
    async () => {
      await decide(2, "Approved", scene);
      const [run] = await playDeployments(scene, decline);
      mustFailIn(run, "ApproveDeployment", /Rejected/i);
      await mustTell(scene.mailbox, waits, declined);
      await mustRun("prod", 1, scene);
    },
  );
}
