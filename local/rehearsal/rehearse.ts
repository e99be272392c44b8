import { say, withProgress } from "../progress";
import type { Stepping, Steps } from "../steps";
import { starterFiles } from "../../components/seeding/starter";
import { emulatorNames } from "./build/buildEnvironment";
import { clearTraces } from "./clearTraces";
import { headOf } from "./commit";
import type { Verdict } from "./contract";
import type { Files } from "./delivery/sourceFiles";
import { mustBeJustified, reviewedReasons } from "./justified";
import { openMailbox } from "./mailbox";
import { type Deployed, type Pythons, openTheatre } from "./openTheatre";
import { notExercised } from "./notExercised";
import { mustBeAllowed, mustBeNeeded, reportVerdicts } from "./report";
import {
  type Scene,
  playEmptyRun,
  playFailures,
  playFirstRun,
  playPush,
  playTrigger,
} from "./scenario";
import { isInProgress } from "./settle";

/** How much of a rehearsal to play. */
export interface Extent {
  readonly pythons: Pythons;
  /** Pushed in place of the starter, for example somebody's own repository. */
  readonly code?: Files | undefined;
  /** Whether to play pushes that come twice and builds that fail, beside the one that must hold. */
  readonly full: boolean;
}

/** Plays the way from a push to a registered model on the deployed stack, each part a step that must hold. */
export async function rehearse(
  deployed: Deployed,
  steps: Steps,
  { code, full, pythons }: Extent,
): Promise<void> {
  say("\nthe rehearsal, from push to registered model");
  say("  builds get what the project and CodeBuild define, and of the local cloud only:");
  say(`    ${emulatorNames().join(" ")}`);
  const opened = await openTheatre(deployed, pythons);
  const { buildspec, close, outputs, source, theatre } = opened;
  const { stage } = theatre;
  const mailbox = await openMailbox(outputs.notificationTopicArn, stage);
  const scene: Scene = {
    ...outputs,
    ...source,
    buildspec,
    isStarter: code === undefined,
    mailbox,
    theatre,
  };
  const { verdicts } = stage.gateway;
  try {
    await playDeliveries(judgedSteps(steps, verdicts), scene, { code, full, pythons });
    await steps.step("every call was allowed to the role that made it", () => {
      reportVerdicts(verdicts);
      mustBeAllowed(verdicts);
      return Promise.resolve();
    });
    const review = await withProgress("judging without each action", opened.review);
    await steps.step("without any one action that it used, a role is refused", () => {
      mustBeNeeded(review.needed);
      return Promise.resolve();
    });
    // Anything less leaves uses out, as a single push by a connection does, and other code has its own.
    if (full && source.provider === "CodeCommit") {
      await steps.step("what is granted and was not used is granted for a reviewed reason", () => {
        mustBeJustified(review, reviewedReasons());
        return Promise.resolve();
      });
    }
    for (const line of notExercised(source)) say(`    ${line}`);
  } finally {
    await mailbox.close();
    await clearTraces(stage);
    await close();
  }
}

/** Steps that fail with the call that was denied, if one was, whatever came of it. */
function judgedSteps(steps: Steps, verdicts: readonly Verdict[]): Stepping {
  return {
    step: (title, work) =>
      steps.step(title, async () => {
        const done = await work().catch((error: unknown) => {
          mustBeAllowed(verdicts);
          throw error;
        });
        mustBeAllowed(verdicts);
        return done;
      }),
  };
}

/** Every kind of source has its own first run: of a seeded commit, of a branch that is not there yet, or of a trigger. */
async function playDeliveries(
  steps: Stepping,
  scene: Scene,
  { code, full }: Extent,
): Promise<void> {
  const { stage } = scene.theatre;
  if (scene.provider !== "CodeCommit") return playTrigger(steps, scene, code ?? starter());
  if ((await headOf(scene, stage)) === undefined) {
    await playEmptyRun(steps, scene);
    await playPush(steps, scene, code ?? starter(), { isToldTwice: full });
  } else if (await isInProgress(stage)) {
    await playFirstRun(steps, scene);
    if (full || code !== undefined) {
      await playPush(steps, scene, code ?? {}, { isToldTwice: full });
    }
  } else {
    await playPush(steps, scene, code ?? {}, { isToldTwice: full });
  }
  if (full) await playFailures(steps, scene);
}

function starter(): Files {
  return Object.fromEntries(
    starterFiles("model-build").map(({ content, path }) => [path, content]),
  );
}
