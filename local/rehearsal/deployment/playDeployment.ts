import type { Stepping } from "../../steps";
import { owners } from "../clients";
import { isInProgress } from "../settle";
import { mustTell } from "../told";
import { playByHand } from "./byHand";
import { playQuietEdits } from "./quietEdits";
import { mustAnswerInProduction, mustRun, runningVersion } from "./running";
import { type DeployScene, approve, decline, mustEnd, playDeployments } from "./scene";
import { decide, registerUntrue } from "./versions";

const waits = /waits for approval/;
const runs = /runs in production/;

/** Everything between a registered model version and production, with what must not get there. */
export async function playDeployment(steps: Stepping, scene: DeployScene): Promise<void> {
  await playOwnRun(steps, scene);
  await playQuietEdits(steps, scene);
  await playApprovals(steps, scene);
  await playFaultedCanary(steps, scene);
  await playRejection(steps, scene);
  await playFailingTest(steps, scene);
  await playDeclined(steps, scene);
  await playByHand(steps, scene);
}

/** The run that a new pipeline starts by itself, which is about no model. */
export async function playOwnRun({ step }: Stepping, scene: DeployScene): Promise<void> {
  const { deployment, mailbox, theatre } = scene;
  if (!(await isInProgress(theatre.stage, deployment.pipelineName))) return;
  await step("the deployment's own first run, about no model, stops itself quietly", async () => {
    mustEnd(await playDeployments(scene), "Stopped");
    await mustTell(mailbox);
    await mustRun("staging", undefined, scene);
  });
}

/** Two versions on their way at once; EventBridge tells of the first one twice. */
async function playApprovals({ step }: Stepping, scene: DeployScene): Promise<void> {
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

/** An alarm rings while traffic moves over. */
async function playFaultedCanary({ step }: Stepping, scene: DeployScene): Promise<void> {
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

async function playRejection({ step }: Stepping, scene: DeployScene): Promise<void> {
  await step("version 2, rejected while it runs: production runs version 1 again", async () => {
    await decide(2, "Rejected", scene);
    mustEnd(await playDeployments(scene, approve), "Succeeded");
    await mustTell(scene.mailbox, waits, runs);
    await mustRun("prod", 1, scene);
  });
}

async function playFailingTest({ step }: Stepping, scene: DeployScene): Promise<void> {
  const { mailbox } = scene;
  await step(
    "a version whose test fails never reaches production, and people are told why",
    async () => {
      const version = await registerUntrue(1, scene);
      await mustTell(mailbox, /approv/i);
      await decide(version, "Approved", scene);
      const [run] = await playDeployments(scene);
      mustFailIn(run, "TestStaging", /exit status 1\b/);
      await mustTell(mailbox, /A deployment of .* failed[^]*TestStaging/);
      await mustRun("prod", 1, scene);
    },
  );
}

async function playDeclined({ step }: Stepping, scene: DeployScene): Promise<void> {
  await step(
    "version 2, approved again but not let into production: nothing changes there",
    async () => {
      await decide(2, "Approved", scene);
      const [run] = await playDeployments(scene, decline);
      mustFailIn(run, "ApproveDeployment", /Rejected/i);
      await mustTell(scene.mailbox, waits, /not let into production/);
      await mustRun("prod", 1, scene);
    },
  );
}

type Runs = Awaited<ReturnType<typeof playDeployments>>;

/** Passes only if this action failed, for such a reason. */
function mustFailIn(run: Runs[number] | undefined, action: string, reason: RegExp): void {
  const { failure, lines = [], status = "no run" } = run ?? {};
  if (failure?.action === action && reason.test(failure.reason)) return;
  const seen = failure === undefined ? status : `${failure.action} failed: ${failure.reason}`;
  throw new Error(`${seen}; expected ${action} to fail\n${lines.slice(-30).join("\n")}`);
}
