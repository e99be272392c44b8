import { say, withProgress } from "../progress";
import type { Stepping, Steps } from "../steps";
import { starterFiles } from "../../components/seeding/starter";
import { emulatorNames } from "./build/buildEnvironment";
import { clearTraces } from "./clearTraces";
import { headOf } from "./commit";
import type { Verdict } from "./contract";
import type { Files } from "./delivery/sourceFiles";
import { mustBeJustified, reviewedReasons } from "./justified";
import type { Review } from "./judge/review";
import { openMailbox } from "./mailbox";
import { playDeployment } from "./deployment/playDeployment";
import { type Deployed, type Opened, type Programs, openTheatre } from "./openTheatre";
import { notExercised } from "./notExercised";
import { mustBeAllowed, mustBeNeeded, reportVerdicts } from "./report";
import { factsOf } from "./report/facts";
import { startRecording } from "./report/record";
import { writeReport } from "./report/writeReport";
import {
  type Scene,
  playEmptyRun,
  playFailures,
  playFirstRun,
  playPush,
  playTrigger,
} from "./scenario";
import { isInProgress } from "./settle";
import { startTimeline } from "./timeline";

/** How much of a rehearsal to play. */
export interface Extent {
  /** Whether to play the deployment of registered models too, if the stack has one. */
  readonly deploys: boolean;
  readonly programs: Programs;
  /** Pushed in place of the starter, for example somebody's own repository. */
  readonly code?: Files | undefined;
  /** Whether to play pushes that come twice and builds that fail, beside the one that must hold. */
  readonly full: boolean;
}

/**
 * Plays the way from a push to a registered model on the deployed stack, each part a step that must hold; leaves a page
 * that tells all of it, also when a step fails.
 */
export async function rehearse(deployed: Deployed, steps: Steps, extent: Extent): Promise<void> {
  say("\nthe rehearsal, from push to registered model");
  say("  builds get what the project and CodeBuild define, and of the local cloud only:");
  say(`    ${emulatorNames().join(" ")}`);
  const started = new Date();
  const recording = startRecording(steps);
  const opened = await openTheatre(deployed, extent.programs, startTimeline(recording.note));
  const { buildspec, outputs, source, theatre } = opened;
  const { stage } = theatre;
  const mailbox = await openMailbox(outputs.notificationTopicArn, stage, recording.told);
  const isStarter = extent.code === undefined;
  const scene: Scene = { ...outputs, ...source, buildspec, isStarter, mailbox, theatre };
  const reviews: Review[] = [];
  const limits = notExercised(source, extent.deploys && opened.deployment !== undefined);
  try {
    await playAll(recording, scene, extent, opened, reviews);
    say("    not exercised here:");
    for (const line of limits) say(`      ${line}`);
  } finally {
    try {
      const { full } = extent;
      const page = {
        facts: factsOf(outputs, source, { full, started }),
        notExercised: limits,
        reasons: reviewedReasons(),
        review: reviews[0],
        stories: recording.stories,
        verdicts: stage.gateway.verdicts,
      };
      const file = writeReport(page, full ? "rehearsal.html" : "rehearsal-brief.html");
      say(`\n  the rehearsal as a page: ${file}`);
      await mailbox.close();
      await clearTraces(stage);
    } finally {
      // Whatever else fails, no model goes on serving.
      await opened.close();
    }
  }
}

async function playAll(
  { step }: Stepping,
  scene: Scene,
  extent: Extent,
  opened: Opened,
  reviews: Review[],
): Promise<void> {
  const { verdicts } = scene.theatre.stage.gateway;
  const { deployment } = opened;
  const judged = judgedSteps({ step }, verdicts);
  await playDeliveries(judged, scene, extent);
  if (extent.deploys && deployment !== undefined) {
    await playDeployment(judged, { ...scene, deployment });
  }
  await step("every call was allowed to the role that made it", () => {
    reportVerdicts(verdicts);
    mustBeAllowed(verdicts);
    return Promise.resolve();
  });
  const review = await withProgress("judging without each action", opened.review);
  reviews.push(review);
  await step("without any one action that it used, a role is refused", () => {
    mustBeNeeded(review.needed);
    return Promise.resolve();
  });
  // Anything less leaves uses out, as a single push by a connection does, and other code has its own.
  if (extent.full && scene.provider === "CodeCommit") {
    await step("what is granted and was not used is granted for a reviewed reason", () => {
      mustBeJustified(review, reviewedReasons());
      return Promise.resolve();
    });
  }
}

/** Steps that fail with the call that was denied, if one was, whatever came of it. */
function judgedSteps(steps: Stepping, verdicts: readonly Verdict[]): Stepping {
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
  } else if (await isInProgress(stage, scene.theatre.only)) {
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
