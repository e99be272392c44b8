import { createHash } from "node:crypto";

import type { Stepping } from "../report/steps";
import { ownerClients } from "../iam/clients";
import { commit } from "./commit";
import { type Files, filesAt } from "../services/codepipeline/sourceFiles";
import type { DeployedSource } from "./deployedSource";
import { pushEvent } from "../services/eventbridge/pushEvent";
import type { PushedFiles } from "./readFolder";
import type { ServiceEvent } from "../services/eventbridge/serviceEvent";
import type { Inbox } from "../services/inbox";
import { mustBeRegistered } from "./registered";
import { breakBuild, breakTraining, brokenWords } from "./faults";
import { trainingProblem } from "./trainingProblem";
import {
  type SimulatedRuns,
  type TestEnvironment,
  send,
  runUntilIdle,
} from "../services/runUntilIdle";
import { mustNotify } from "./notifications";

/** Inputs of an end-to-end run: the deployed source, the test environment, and the inbox. */
export interface Scenario extends DeployedSource {
  readonly buildspec: string;
  /** Whether the code that is pushed is the starter's. */
  readonly isStarter: boolean;
  readonly inbox: Inbox;
  readonly modelPackageGroupName: string;
  readonly testEnvironment: TestEnvironment;
}

/** The run that a new pipeline starts by itself, of the commit that `up` made before it. */
export async function runFirstExecution({ step }: Stepping, scenario: Scenario): Promise<void> {
  await step(
    "the first execution of the pipeline registers model version 1, pending approval",
    async () => {
      await mustRegister(await runUntilIdle(scenario.testEnvironment), 1, scenario);
    },
  );
}

/** First run of a pipeline whose branch does not exist yet: it fails and sends a notification. */
export async function runEmptyExecution({ step }: Stepping, scenario: Scenario): Promise<void> {
  await step(
    "the first execution of the pipeline fails without a branch and sends a notification",
    async () => {
      const { deliveries } = await runUntilIdle(scenario.testEnvironment);
      mustBe("failed stage", deliveries.map(({ failure }) => failure?.stage).join(), "Source");
      await mustNotify(scenario.inbox, /^"?Model build of .* failed\./);
    },
  );
}

/** A push to a repository outside AWS, started by the pipeline's own trigger. */
export async function runTrigger(
  { step }: Stepping,
  scenario: Scenario,
  files: Files,
): Promise<void> {
  const { testEnvironment } = scenario;
  await step("a push to a repository outside AWS registers a model version", async () => {
    const commitId = createHash("sha1")
      .update(JSON.stringify(Object.keys(files)))
      .digest("hex");
    const version = await nextVersion(scenario);
    await mustRegister(await runUntilIdle(testEnvironment, { commitId, files }), version, scenario);
  });
}

/** A push; EventBridge may deliver an event more than once. */
export async function runPush(
  { step }: Stepping,
  scenario: Scenario,
  put: PushedFiles,
  { isSentTwice, replacesAll }: { readonly isSentTwice: boolean; readonly replacesAll: boolean },
): Promise<void> {
  const how = isSentTwice
    ? "a push whose event is delivered twice starts one training and"
    : "a push";
  await step(`${how} registers one model version`, async () => {
    const version = await nextVersion(scenario);
    const event = await push(scenario, "A change", put, replacesAll);
    await mustStart(event, scenario);
    if (isSentTwice) await mustStart(event, scenario);
    await mustRegister(await runUntilIdle(scenario.testEnvironment), version, scenario);
  });
}

/** Each failure sends one notification. */
export async function runFailures({ step }: Stepping, scenario: Scenario): Promise<void> {
  const { branchName, buildspec, repositoryName, testEnvironment } = scenario;
  // Read before anything is broken.
  const files = await filesAt(repositoryName, branchName, testEnvironment.context);
  await step("a failed build sends one notification", async () => {
    await mustStart(
      await push(scenario, "A broken build", { files: breakBuild(buildspec) }),
      scenario,
    );
    const { deliveries, trainings } = await runUntilIdle(testEnvironment);
    mustBe(
      "failed executions",
      deliveries.filter(({ failure }) => failure !== undefined).length,
      1,
    );
    mustBe("training executions", trainings.length, 0);
    await mustNotify(scenario.inbox, /^"?Model build of .* failed\./);
  });
  await step("a failed training step sends one notification with the reason", async () => {
    const broken = { files: breakTraining(files, buildspec) };
    await mustStart(await push(scenario, "A broken training", broken), scenario);
    const { trainings } = await runUntilIdle(testEnvironment);
    mustBe(
      "status of the training executions",
      trainings.map(({ status }) => status).join(),
      "Failed",
    );
    await mustNotify(scenario.inbox, new RegExp(`^"?Training of .* failed\\.[^]*${brokenWords}`));
  });
}

/** Notification: a model version is pending approval. */
export const modelPending = /^"?Model version .* is pending approval\./;

/** Versions count up from 1 within a group. */
export async function nextVersion({
  modelPackageGroupName,
  testEnvironment,
}: Scenario): Promise<number> {
  const sagemaker = await ownerClients(testEnvironment.context).sagemaker();
  const { ModelPackageSummaryList: packages = [] } = await sagemaker.listModelPackages({
    ModelPackageGroupName: modelPackageGroupName,
  });
  return Math.max(0, ...packages.map(({ ModelPackageVersion = 0 }) => ModelPackageVersion)) + 1;
}

/** Commits to the branch, and returns the event that CodeCommit sends of it. */
export async function push(
  scenario: Scenario,
  message: string,
  put: PushedFiles,
  replacesAll = false,
): Promise<ServiceEvent> {
  const { branchName, repositoryName, testEnvironment } = scenario;
  const made = await commit(
    { branchName, message, put, replacesAll, repositoryName },
    testEnvironment.context,
  );
  testEnvironment.timeline.note(
    "CodeCommit",
    `${made.commitId.slice(0, 8)} on ${branchName}: ${message}`,
  );
  const { repositoryMetadata } = await (
    await ownerClients(testEnvironment.context).codecommit()
  ).getRepository({ repositoryName });
  const repositoryId = repositoryMetadata?.repositoryId ?? "";
  return pushEvent({
    ...testEnvironment.context,
    ...made,
    branch: branchName,
    repositoryId,
    repositoryName,
  });
}

/** Passes only if the event starts the pipeline, once. */
export async function mustStart(event: ServiceEvent, { testEnvironment }: Scenario): Promise<void> {
  const done = await send(event, testEnvironment);
  mustBe("deliveries of the event", done.map(({ outcome }) => outcome).join(), "delivered");
}

async function mustRegister(
  { deliveries, trainings }: SimulatedRuns,
  version: number,
  scenario: Scenario,
): Promise<void> {
  const failure = deliveries.find((one) => one.failure !== undefined);
  if (failure !== undefined) {
    throw new Error(`${failure.failure?.reason ?? ""}\n${failure.lines.slice(-30).join("\n")}`);
  }
  const problem = trainingProblem(
    trainings,
    deliveries.flatMap(({ lines }) => lines),
  );
  if (problem !== undefined) throw new Error(problem);
  const arn = trainings[0]?.modelPackageArn ?? "none";
  mustBe("model version", arn.split("/").pop(), version.toString());
  await mustBeRegistered(arn, deliveries, scenario.testEnvironment, scenario.isStarter);
  await mustNotify(scenario.inbox, modelPending);
}

/** Passes only if the seen value is the expected one. */
export function mustBe(what: string, seen: unknown, expected: unknown): void {
  if (seen !== expected)
    throw new Error(`${what}: expected ${String(expected)}, got ${String(seen)}`);
}
