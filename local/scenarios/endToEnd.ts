import { messageOf } from "../../lib/errors";
import { print, withProgress } from "../../lib/progress";
import type { Stepping, Steps } from "../report/steps";
import { emulatorNames } from "../services/codebuild/buildEnvironment";
import { ownerClients } from "../iam/clients";
import { roleNameOf } from "../iam/simulate";
import { headOf } from "./commit";
import type { Decision } from "../iam/contract";
import { mustBeJustified, reviewedReasons } from "../report/unusedActions";
import type { Review } from "../iam/review";
import type { DeployScenario } from "./deployment/deployScenario";
import { npmScript } from "./npmScript";
import { openInbox } from "../services/inbox";
import { runDeployment } from "./deployment/runDeployment";
import { type Deployed, type Opened, openTestEnvironment } from "./testEnvironment";
import { mustBeNeeded, reportDecisions } from "../report/decisions";
import {
  type DenialRules,
  type ExpectedDenial,
  denialsIn,
  mustBeAllowed,
  noDenials,
  reportDenials,
} from "../report/denials";
import { pictureDashboard } from "../report/dashboardData";
import { factsOf, notExercised } from "./facts";
import { writeReport } from "../report/page";
import { startRecording } from "../report/record";
import {
  type Scenario,
  runEmptyExecution,
  runFailures,
  runFirstExecution,
  runPush,
  runTrigger,
} from "./push";
import type { Programs } from "../toolchain/venv";
import { type PushedFiles, type PushedFolder, lostInArtifact, starter } from "./readFolder";
import { type Skipped, skippedLines } from "../services/sagemaker/remoteSteps";
import { isInProgress } from "../services/runUntilIdle";
import { startTimeline } from "../services/timeline";

/** Extent of an end-to-end run. */
export interface Extent {
  /** Whether to run the deployment of registered models too, if the stack has one. */
  readonly deploys: boolean;
  /**
   * Whether to simulate also what does not depend on a network: duplicate pushes, failing builds and
   * trainings, canaries, linear shifts, deployments by hand, changed archives.
   */
  readonly everyCase: boolean;
  /** Changes the stack's staging endpoint from instances to serverless; left out if it cannot. */
  readonly makeServerless?: (() => Promise<void>) | undefined;
  readonly programs: Programs;
  /** Pushed in place of the starter, for example a repository of the user. */
  readonly code?: PushedFolder | undefined;
  /** Denials that the user expects of `code`. */
  readonly expectedDenials: readonly ExpectedDenial[];
  /** Whether to run more than the push that must succeed. */
  readonly full: boolean;
  /** Takes each step of a SageMaker pipeline that was not simulated. */
  readonly onSkipped?: (step: Skipped) => void;
}

/**
 * Runs the steps from a push to a registered model on the deployed stack, each part a step that must hold; leaves a page
 * that tells all of it, also when a step fails.
 */
export async function runE2e(deployed: Deployed, steps: Steps, extent: Extent): Promise<void> {
  print("\nend-to-end run, from push to registered model");
  print("  environment variables that the local cloud adds to those of CodeBuild and the project:");
  print(`    ${emulatorNames().join(" ")}`);
  for (const line of lostInArtifact(extent.code)) print(`  note: ${line}`);
  const started = new Date();
  const recording = startRecording(steps);
  const opened = await openTestEnvironment(
    deployed,
    extent.programs,
    startTimeline(recording.note),
  );
  const { buildspec, outputs, source, testEnvironment } = opened;
  const { context } = testEnvironment;
  if (testEnvironment.offline !== undefined) {
    const { offline } = testEnvironment;
    print(`  builds of ${offline} have no way out: no package index, no proxy, only loopback`);
  }
  const inbox = await openInbox(outputs.notificationTopicArn, context, recording.notified);
  const isStarter = extent.code === undefined;
  const limits = notExercised(source, extent.deploys && opened.deployment !== undefined);
  const scenario: Scenario = {
    ...outputs,
    ...source,
    buildspec,
    isStarter,
    inbox,
    testEnvironment: {
      ...testEnvironment,
      onSkipped(one) {
        limits.unshift(...skippedLines([one]));
        extent.onSkipped?.(one);
      },
    },
  };
  const reviews: Review[] = [];
  try {
    const script = (name: string, ...args: string[]) => npmScript(deployed, name, ...args);
    await runAll(recording, scenario, extent, { ...opened, npmScript: script }, reviews);
    print("    not covered:");
    for (const line of limits) print(`      ${line}`);
  } finally {
    try {
      const { full } = extent;
      const page = {
        facts: factsOf(outputs, source, { full, started }),
        notExercised: limits,
        reasons: reviewedReasons(),
        review: reviews[0],
        stepRecords: recording.stepRecords,
        decisions: context.proxy.decisions,
      };
      const file = writeReport(page, full ? "e2e-report.html" : "e2e-report-brief.html");
      print(`\n  report: ${file}`);
      await inbox.close();
    } finally {
      await opened.close();
    }
  }
}

async function runAll(
  { step }: Stepping,
  scenario: Scenario,
  extent: Extent,
  opened: Opened & Pick<DeployScenario, "npmScript">,
  reviews: Review[],
): Promise<void> {
  const { decisions } = scenario.testEnvironment.context.proxy;
  const { deployment, npmScript } = opened;
  const rules = extent.code === undefined ? noDenials : rulesOf(opened, extent);
  const authorizedSteps = stepsWithDenials({ step }, decisions, rules);
  await runDeliveries(authorizedSteps, scenario, extent);
  if (extent.deploys && deployment !== undefined) {
    const start = new Date();
    await runDeployment(authorizedSteps, { ...scenario, deployment, npmScript }, extent);
    const cloudwatch = await ownerClients(scenario.testEnvironment.context).cloudwatch();
    const { dashboardName } = deployment;
    const file = await pictureDashboard(cloudwatch, dashboardName, { end: new Date(), start });
    print(`    picture of the dashboard: ${file}`);
  }
  const orNot = rules === noDenials ? "" : ", or the code continues without it";
  await step(`IAM allows every call of every role${orNot}`, () => {
    reportDecisions(decisions);
    reportDenials(decisions, rules);
    mustBeAllowed(decisions, rules);
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
      const { deploys, everyCase, makeServerless } = extent;
      const parts = {
        changesKind: makeServerless !== undefined,
        everyCase: everyCase && deploys,
      };
      mustBeJustified(review, reviewedReasons(parts));
      return Promise.resolve();
    });
  }
}

/** The roles of builds and jobs run code of the user. */
function rulesOf(
  { buildRoleArn, outputs }: Pick<Opened, "buildRoleArn" | "outputs">,
  { expectedDenials }: Extent,
): DenialRules {
  const roles = [buildRoleArn, outputs.executionRoleArn];
  return { expected: expectedDenials, userRoles: roles.map(roleNameOf) };
}

/** Steps that fail with the denied call, if there is one that matters, even if the step passed. */
function stepsWithDenials(
  steps: Stepping,
  decisions: readonly Decision[],
  rules: DenialRules,
): Stepping {
  return {
    step: (title, work) =>
      steps.step(title, async () => {
        const before = decisions.length;
        const done = await work().catch((error: unknown) => {
          const denied = denialsIn(decisions.slice(before), rules, true);
          if (denied === undefined) throw error;
          throw new Error(`${messageOf(error)}\n\n${denied}`, { cause: error });
        });
        mustBeAllowed(decisions.slice(before), rules);
        return done;
      }),
  };
}

/** Every kind of source has its own first run: of a seeded commit, of a branch that is not there yet, or of a trigger. */
async function runDeliveries(
  steps: Stepping,
  scenario: Scenario,
  { code, everyCase, full }: Extent,
): Promise<void> {
  const { context } = scenario.testEnvironment;
  const { buildspec } = scenario;
  const whole = code ?? (await starter(buildspec, context.signal));
  // The repository has the other files of the starter already.
  const change = code ?? {
    files: { [buildspec]: whole.files[buildspec] ?? new Uint8Array() },
  };
  // Code of the user replaces the branch.
  const push = (put: PushedFiles) =>
    runPush(steps, scenario, put, {
      isSentTwice: full && everyCase,
      replacesAll: code !== undefined,
    });
  if (scenario.provider !== "CodeCommit") return runTrigger(steps, scenario, whole.files);
  if ((await headOf(scenario, context)) === undefined) {
    await runEmptyExecution(steps, scenario);
    await push(whole);
  } else if (await isInProgress(context, scenario.testEnvironment.only)) {
    await runFirstExecution(steps, scenario);
    if (full || code !== undefined) await push(change);
  } else {
    await push(change);
  }
  if (full && everyCase) await runFailures(steps, scenario);
}
