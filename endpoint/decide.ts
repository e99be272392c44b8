import { z } from "zod";

import type { Calls, Run } from "./calls";
import type { ModelVersion } from "./modelVersions";
import type { Running } from "./running";

const versionShape = z.object({
  modelPackageArn: z.string(),
  modelVersion: z.number(),
  metrics: z.record(z.string(), z.number()),
});

/** What staging hands to the test and to production, as `deployment.json`. */
const handoverShape = versionShape.extend({
  reason: z.enum(["approved", "rejected"]),
  /** The one that made way, if this is a way back. */
  rejectedModelPackageArn: z.string().optional(),
  sampleLocation: z.string().optional(),
  /** What production runs. */
  running: versionShape.optional(),
});

export type Handover = z.output<typeof handoverShape>;

/** What a run of the pipeline comes to: a version to deploy, or why there is nothing to do. */
export type Decision =
  | { readonly deploy: Handover; readonly nothing?: undefined }
  | { readonly deploy?: undefined; readonly nothing: string };

/** What a decision is about. */
export interface Question {
  /** The value of the pipeline's variable. */
  readonly modelPackageArn: string;
  /** What the ARN of each version of this project begins with, the slash among it. */
  readonly versionsPrefix: string;
  readonly prodEndpointName: string;
  readonly stagingEndpointName: string;
  /** How the two stages are set now, as hashes. */
  readonly prodSettings: string;
  readonly stagingSettings: string;
}

type Asked = Pick<Calls, "modelVersion" | "running" | "runsAhead" | "trigger" | "written">;

/** What the variable holds if nobody gave it a value. */
const noVersion = ["", "none"];

/**
 * What this run of the pipeline is to deploy: the version that its variable names, if that was approved; what production ran before,
 * if it was rejected; else nothing.
 * @throws an error that says why the version cannot be deployed
 */
export async function decide(question: Question, calls: Asked): Promise<Decision> {
  const { modelPackageArn: arn } = question;
  if (noVersion.includes(arn) && (await calls.trigger()) === "CreatePipeline")
    return { nothing: "this run came with the pipeline itself, not with a model version" };
  mustBeOwn(arn, question.versionsPrefix);
  const version = await existing(arn, calls);
  const ahead = await calls.runsAhead();
  // One that began before the version's last change may have been about another word on it.
  const same = ahead.find(
    (run) => run.modelPackageArn === arn && run.started >= version.lastModified,
  );
  if (same !== undefined)
    return {
      nothing: `run ${same.id}, which is not over yet, is about the same: ${sentenceOf(version)}`,
    };
  const prod = await calls.running(question.prodEndpointName);
  if (version.approval === "Rejected") return wayBack(version, prod, ahead, question, calls);

  await mustBeGood(version, calls);
  const isThere =
    ahead.length === 0 &&
    runs(prod, arn, question.prodSettings) &&
    runs(await calls.running(question.stagingEndpointName), arn, question.stagingSettings);
  if (isThere)
    return {
      nothing: `staging and production run version ${String(version.version)} already, with the same settings`,
    };
  return { deploy: { ...(await handover(version, prod, calls)), reason: "approved" } };
}

/**
 * What production is to deploy: exactly what staging did, if it is still as good.
 * @param written the text of staging's `deployment.json`
 * @throws an error that says why it cannot be deployed
 */
export async function decideAgain(
  written: string,
  { versionsPrefix }: Pick<Question, "versionsPrefix">,
  calls: Pick<Calls, "modelVersion" | "written">,
): Promise<Handover> {
  const { data } = handoverShape.safeParse(JSON.parse(written));
  if (data === undefined)
    throw new Error(
      `staging's deployment.json must name a model version to deploy; got ${written}`,
    );
  mustBeOwn(data.modelPackageArn, versionsPrefix);
  await mustBeGood(await existing(data.modelPackageArn, calls), calls);
  return data;
}

async function wayBack(
  rejected: ModelVersion,
  prod: Running | undefined,
  ahead: readonly Run[],
  { versionsPrefix }: Question,
  calls: Asked,
): Promise<Decision> {
  const model = prod?.isServing === true ? prod.model : undefined;
  const isComing = ahead.some(({ modelPackageArn }) => modelPackageArn === rejected.arn);
  const isRunning = model?.modelPackageArn === rejected.arn;
  if (!isRunning && !isComing)
    return { nothing: `${sentenceOf(rejected)}, and does not run in production` };

  const before = model?.earlierVersions ?? [];
  // An earlier run may yet bring the rejected one up: then what runs now is what to go back to.
  const earlier = isRunning || model === undefined ? before : [model.modelVersion, ...before];
  for (const number of earlier) {
    if (number === rejected.version) continue;
    const version = await calls.modelVersion(`${versionsPrefix}${String(number)}`);
    if (version?.approval !== "Approved") continue;
    await mustBeGood(version, calls);
    const facts = await handover(version, prod, calls);
    return { deploy: { ...facts, reason: "rejected", rejectedModelPackageArn: rejected.arn } };
  }
  throw new Error(
    `${sentenceOf(rejected)} and is production's, but there is no approved version to go back to; ` +
      `production ran before it: ${earlier.join(", ") || "nothing"}. It goes on serving: approve another version`,
  );
}

function mustBeOwn(arn: string, versionsPrefix: string): void {
  const number = arn.startsWith(versionsPrefix) ? arn.slice(versionsPrefix.length) : "";
  if (/^[1-9]\d*$/.test(number)) return;
  throw new Error(
    `MODEL_PACKAGE_ARN must be a model version of this project, for example "${versionsPrefix}1"; got "${arn}": ` +
      "nothing was deployed. To start the pipeline by hand, give it the variable MODEL_PACKAGE_ARN",
  );
}

async function existing(arn: string, { modelVersion }: Pick<Calls, "modelVersion">) {
  const version = await modelVersion(arn);
  if (version === undefined) throw new Error(`there is no model version ${arn} any more`);
  return version;
}

/** Approved, complete, and made of what it was registered with. */
async function mustBeGood(version: ModelVersion, { written }: Pick<Calls, "written">) {
  const { approval, archives, registered, status } = version;
  if (approval !== "Approved" || status !== "Completed") {
    throw new Error(
      `a version must be Approved and Completed to be deployed; ${sentenceOf(version)} and ${status}`,
    );
  }
  for (const uri of archives) {
    const changed = await written(uri);
    if (changed !== undefined && changed <= registered) continue;
    const found = changed === undefined ? "is not there" : `was written ${changed.toISOString()}`;
    throw new Error(
      `the model of version ${String(version.version)} must be what was registered and approved ` +
        `(${registered.toISOString()}); ${uri} ${found}: train and register it anew`,
    );
  }
}

function runs(running: Running | undefined, arn: string, settings: string): boolean {
  if (running?.isServing !== true) return false;
  return running.model?.modelPackageArn === arn && running.model.settings === settings;
}

async function handover(
  { arn, metrics, sampleLocation, version }: ModelVersion,
  prod: Running | undefined,
  { modelVersion }: Pick<Calls, "modelVersion">,
): Promise<Omit<Handover, "reason">> {
  const model = prod?.isServing === true ? prod.model : undefined;
  return {
    modelPackageArn: arn,
    modelVersion: version,
    metrics,
    ...(sampleLocation === undefined ? {} : { sampleLocation }),
    ...(model === undefined
      ? {}
      : {
          running: {
            modelPackageArn: model.modelPackageArn,
            modelVersion: model.modelVersion,
            metrics: (await modelVersion(model.modelPackageArn))?.metrics ?? {},
          },
        }),
  };
}

function sentenceOf({ approval, version }: ModelVersion): string {
  return `version ${String(version)} is ${approval}`;
}
