import { join } from "node:path";

import { say, withProgress } from "../../lib/progress";
import type { Stepping, Steps } from "../report/steps";
import { emulatorNames } from "../services/codebuild/buildEnvironment";
import { owners } from "../iam/clients";
import { headOf } from "./commit";
import type { Stage, Verdict } from "../iam/contract";
import type { Files } from "../services/codepipeline/sourceFiles";
import { mustBeJustified, reviewedReasons } from "../report/unusedActions";
import type { Review } from "../iam/review";
import type { DeployScenario } from "./deployment/deployScenario";
import { npmScript } from "./npmScript";
import { openInbox } from "../services/inbox";
import { playDeployment } from "./deployment/playDeployment";
import { type Deployed, type Opened, openTestEnvironment } from "./testEnvironment";
import { mustBeAllowed, mustBeNeeded, reportVerdicts } from "../report/decisions";
import { pictureDashboard } from "../report/dashboardData";
import { factsOf, notExercised } from "./facts";
import { writeReport } from "../report/page";
import { startRecording } from "../report/record";
import {
  type Scenario,
  playEmptyRun,
  playFailures,
  playFirstRun,
  playPush,
  playTrigger,
} from "./push";
import type { Programs } from "../toolchain/venv";
import { readFolder } from "./readFolder";
import { isInProgress } from "../services/runUntilIdle";
import { startTimeline } from "../services/timeline";

/** How much of an end-to-end run to play. */
export interface Extent {
  /** Whether to simulate failing canaries too. */
  readonly canaries: boolean;
  /** Whether to play the deployment of registered models too, if the stack has one. */
  readonly deploys: boolean;
  /** Changes the stack's staging endpoint from instances to serverless; left out if it cannot. */
  readonly makeServerless?: (() => Promise<void>) | undefined;
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
export async function runE2e(deployed: Deployed, steps: Steps, extent: Extent): Promise<void> {
  say("\nend-to-end run, from push to registered model");
  say("  environment variables that the local cloud adds to those of CodeBuild and the project:");
  say(`    ${emulatorNames().join(" ")}`);
  const started = new Date();
  const recording = startRecording(steps);
  const opened = await openTestEnvironment(
    deployed,
    extent.programs,
    startTimeline(recording.note),
  );
  const { buildspec, outputs, source, testEnvironment } = opened;
  const { stage } = testEnvironment;
  if (testEnvironment.offline !== undefined) {
    const { offline } = testEnvironment;
    say(`  builds of ${offline} have no way out: no package index, no proxy, only loopback`);
  }
  const inbox = await openInbox(outputs.notificationTopicArn, stage, recording.notified);
  const isStarter = extent.code === undefined;
  const scenario: Scenario = {
    ...outputs,
    ...source,
    buildspec,
    isStarter,
    inbox,
    testEnvironment,
  };
  const reviews: Review[] = [];
  const limits = notExercised(source, extent.deploys && opened.deployment !== undefined);
  try {
    const script = (name: string, ...args: string[]) => npmScript(deployed, name, ...args);
    await playAll(recording, scenario, extent, { ...opened, npmScript: script }, reviews);
    say("    not covered:");
    for (const line of limits) say(`      ${line}`);
  } finally {
    try {
      const { full } = extent;
      const page = {
        facts: factsOf(outputs, source, { full, started }),
        notExercised: limits,
        reasons: reviewedReasons(),
        review: reviews[0],
        stepRecords: recording.stepRecords,
        verdicts: stage.gateway.verdicts,
      };
      const file = writeReport(page, full ? "e2e-report.html" : "e2e-report-brief.html");
      say(`\n  report: ${file}`);
      await inbox.close();
      await clearTraces(stage);
    } finally {
      // Whatever else fails, no model goes on serving.
      await opened.close();
    }
  }
}

async function playAll(
  { step }: Stepping,
  scenario: Scenario,
  extent: Extent,
  opened: Opened & Pick<DeployScenario, "npmScript">,
  reviews: Review[],
): Promise<void> {
  const { verdicts } = scenario.testEnvironment.stage.gateway;
  const { deployment, npmScript } = opened;
  const judged = judgedSteps({ step }, verdicts);
  await playDeliveries(judged, scenario, extent);
  if (extent.deploys && deployment !== undefined) {
    const start = new Date();
    await playDeployment(judged, { ...scenario, deployment, npmScript }, extent);
    const cloudwatch = await owners(scenario.testEnvironment.stage).cloudwatch();
    const { dashboardName } = deployment;
    const file = await pictureDashboard(cloudwatch, dashboardName, { end: new Date(), start });
    say(`    picture of the dashboard: ${file}`);
  }
  await step("IAM allows every call of every role", () => {
    reportVerdicts(verdicts);
    mustBeAllowed(verdicts);
    return Promise.resolve();
  });
  const review = await withProgress("evaluating policies without each action", opened.review);
  reviews.push(review);
  await step("every used action is necessary: without it, IAM denies a call", () => {
    mustBeNeeded(review.needed);
    return Promise.resolve();
  });
  // Anything less leaves uses out, as a single push by a connection does, and other code has its own.
  if (extent.full && scenario.provider === "CodeCommit") {
    await step("every unused action has a reviewed reason", () => {
      const { canaries, makeServerless } = extent;
      const parts = { canaries, changesKind: makeServerless !== undefined };
      mustBeJustified(review, reviewedReasons(parts));
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
  scenario: Scenario,
  { code, full }: Extent,
): Promise<void> {
  const { stage } = scenario.testEnvironment;
  if (scenario.provider !== "CodeCommit")
    return playTrigger(steps, scenario, code ?? (await starter(stage.signal)));
  if ((await headOf(scenario, stage)) === undefined) {
    await playEmptyRun(steps, scenario);
    await playPush(steps, scenario, code ?? (await starter(stage.signal)), { isToldTwice: full });
  } else if (await isInProgress(stage, scenario.testEnvironment.only)) {
    await playFirstRun(steps, scenario);
    if (full || code !== undefined) {
      await playPush(steps, scenario, code ?? {}, { isToldTwice: full });
    }
  } else {
    await playPush(steps, scenario, code ?? {}, { isToldTwice: full });
  }
  if (full) await playFailures(steps, scenario);
}

/** Starter of the model build, as a team pushes it to a repository of its own. */
function starter(signal: AbortSignal): Promise<Files> {
  return readFolder(join(__dirname, "..", "..", "starter", "model-build"), signal);
}

/**
 * Removes the log groups of SageMaker's jobs, which on AWS all projects of an account share, so that the stack's end
 * can be compared with its beginning.
 */
async function clearTraces(stage: Stage): Promise<void> {
  const logs = await owners(stage).logs();
  const { logGroups = [] } = await logs.describeLogGroups({
    logGroupNamePrefix: "/aws/sagemaker/",
  });
  for (const { logGroupName } of logGroups) await logs.deleteLogGroup({ logGroupName });
}
