import { createHash } from "node:crypto";

import type { Stepping } from "../steps";
import { owners } from "./clients";
import { commit } from "./commit";
import { type Files, filesAt } from "./delivery/sourceFiles";
import type { DeployedSource } from "./deployedSource";
import { pushEvent } from "./events/pushEvent";
import type { ServiceEvent } from "./events/serviceEvent";
import type { Mailbox } from "./mailbox";
import { mustBeRegistered } from "./registered";
import { breakBuild, breakTraining, brokenWords } from "./sabotage";
import { type Played, type Theatre, send, settle } from "./settle";
import { mustTell } from "./told";

/** What a rehearsal plays with: the deployed source, the theatre, and where people are told. */
export interface Scene extends DeployedSource {
  readonly buildspec: string;
  /** Whether the code that is pushed is the starter's. */
  readonly isStarter: boolean;
  readonly mailbox: Mailbox;
  readonly modelPackageGroupName: string;
  readonly theatre: Theatre;
}

/** The run that a new pipeline starts by itself, of the commit that `up` made before it. */
export async function playFirstRun({ step }: Stepping, scene: Scene): Promise<void> {
  await step(
    "the pipeline's first run ends with model version 1, waiting for approval",
    async () => {
      await mustRegister(await settle(scene.theatre), 1, scene);
    },
  );
}

/** The first run of a pipeline whose branch is not there yet: it fails, and people are told. */
export async function playEmptyRun({ step }: Stepping, scene: Scene): Promise<void> {
  await step("the pipeline's first run finds no branch, and says so", async () => {
    const { deliveries } = await settle(scene.theatre);
    mustBe("stage that failed", deliveries.map(({ failure }) => failure?.stage).join(), "Source");
    await mustTell(scene.mailbox, /fail/i);
  });
}

/** A push to a repository outside AWS, told by the pipeline's own trigger. */
export async function playTrigger({ step }: Stepping, scene: Scene, files: Files): Promise<void> {
  const { theatre } = scene;
  await step("a push to a repository outside AWS ends with a model version", async () => {
    const commitId = createHash("sha1")
      .update(JSON.stringify(Object.keys(files)))
      .digest("hex");
    const version = await nextVersion(scene);
    await mustRegister(await settle(theatre, { commitId, files }), version, scene);
  });
}

/** A push; EventBridge may deliver an event more than once. */
export async function playPush(
  { step }: Stepping,
  scene: Scene,
  put: Files,
  { isToldTwice }: { readonly isToldTwice: boolean },
): Promise<void> {
  const how = isToldTwice ? "a push, told twice, trains once and" : "a push";
  await step(`${how} ends with one more model version`, async () => {
    const version = await nextVersion(scene);
    const event = await push(scene, "A change", put);
    await mustStart(event, scene);
    if (isToldTwice) await mustStart(event, scene);
    await mustRegister(await settle(scene.theatre), version, scene);
  });
}

/** What goes wrong reaches people, once. */
export async function playFailures({ step }: Stepping, scene: Scene): Promise<void> {
  const { branchName, buildspec, repositoryName, theatre } = scene;
  // Read before anything is broken.
  const files = await filesAt(repositoryName, branchName, theatre.stage);
  await step("a build that fails puts one message on the topic", async () => {
    await mustStart(await push(scene, "A broken build", breakBuild(buildspec)), scene);
    const { deliveries, trainings } = await settle(theatre);
    mustBe("failed runs", deliveries.filter(({ failure }) => failure !== undefined).length, 1);
    mustBe("trainings", trainings.length, 0);
    await mustTell(scene.mailbox, /fail/i);
  });
  await step(
    "a training step that fails puts one message on the topic, with its reason",
    async () => {
      const broken = breakTraining(files, buildspec);
      await mustStart(await push(scene, "A broken training", broken), scene);
      const { trainings } = await settle(theatre);
      mustBe("status of the trainings", trainings.map(({ status }) => status).join(), "Failed");
      await mustTell(scene.mailbox, new RegExp(brokenWords));
    },
  );
}

/** Versions count up from 1 within a group. */
async function nextVersion({ modelPackageGroupName, theatre }: Scene): Promise<number> {
  const sagemaker = await owners(theatre.stage).sagemaker();
  const { ModelPackageSummaryList: packages = [] } = await sagemaker.listModelPackages({
    ModelPackageGroupName: modelPackageGroupName,
  });
  return Math.max(0, ...packages.map(({ ModelPackageVersion = 0 }) => ModelPackageVersion)) + 1;
}

/** Commits to the branch, and returns the event that CodeCommit sends of it. */
async function push(scene: Scene, message: string, put: Files): Promise<ServiceEvent> {
  const { branchName, repositoryName, theatre } = scene;
  // Without the note, code that is there already would be no change.
  const note = `Rehearsed at ${new Date().toISOString()}.\n`;
  const files = { "NOTES.md": new TextEncoder().encode(note), ...put };
  const made = await commit({ branchName, message, put: files, repositoryName }, theatre.stage);
  theatre.timeline.note("CodeCommit", `${made.commitId.slice(0, 8)} on ${branchName}: ${message}`);
  const { repositoryMetadata } = await (
    await owners(theatre.stage).codecommit()
  ).getRepository({ repositoryName });
  const repositoryId = repositoryMetadata?.repositoryId ?? "";
  return pushEvent({ ...theatre.stage, ...made, branch: branchName, repositoryId, repositoryName });
}

/** Passes only if the event starts the pipeline, once. */
async function mustStart(event: ServiceEvent, { theatre }: Scene): Promise<void> {
  const done = await send(event, theatre);
  mustBe("targets that the event reached", done.map(({ outcome }) => outcome).join(), "delivered");
}

async function mustRegister(
  { deliveries, trainings }: Played,
  version: number,
  scene: Scene,
): Promise<void> {
  const failure = deliveries.find((one) => one.failure !== undefined);
  if (failure !== undefined) {
    throw new Error(`${failure.failure?.reason ?? ""}\n${failure.lines.slice(-30).join("\n")}`);
  }
  mustBe("trainings", trainings.map(({ status }) => status).join(), "Succeeded");
  const arn = trainings[0]?.modelPackageArn ?? "none";
  mustBe("model version", arn.split("/").pop(), version.toString());
  await mustBeRegistered(arn, deliveries, scene.theatre, scene.isStarter);
  await mustTell(scene.mailbox, /approv/i);
}

function mustBe(what: string, seen: unknown, expected: unknown): void {
  if (seen !== expected) throw new Error(`${what}: ${String(seen)} instead of ${String(expected)}`);
}
