import type { ModelApprovalStatus } from "@aws-sdk/client-sagemaker";

import { ownerClients } from "../../iam/clients";
import type { Delivery } from "../../services/eventbridge/deliver";
import { modelVersionEvent } from "../../services/eventbridge/trainingEvents";
import { send } from "../../services/runUntilIdle";
import { modelVersion } from "../../services/sagemaker/execution";
import { placeOf, readText } from "../../services/sagemaker/s3Objects";
import type { DeployScenario } from "./deployScenario";

/** ARN of a version of the project's models. */
export function versionArn(
  version: number,
  { modelPackageGroupName, testEnvironment }: DeployScenario,
) {
  const { accountId, partition, region } = testEnvironment.context;
  const name = `${modelPackageGroupName}/${version.toString()}`;
  return `arn:${partition}:sagemaker:${region}:${accountId}:model-package/${name}`;
}

/** A user's edit of a version, and SageMaker's event of it, delivered the given number of times. */
export async function edit(
  version: number,
  change: {
    readonly ModelApprovalStatus?: ModelApprovalStatus;
    readonly ApprovalDescription?: string;
    readonly CustomerMetadataProperties?: Record<string, string>;
  },
  scenario: DeployScenario,
  times = 1,
): Promise<readonly Delivery[]> {
  const { context, timeline } = scenario.testEnvironment;
  const ModelPackageArn = versionArn(version, scenario);
  const sagemaker = await ownerClients(context).sagemaker();
  await sagemaker.updateModelPackage({ ModelPackageArn, ...change });
  const words = Object.entries(change).map(([field, value]) => `${field} ${JSON.stringify(value)}`);
  timeline.note("Approver", `model version ${version.toString()}: ${words.join(", ")}`);
  const event = modelVersionEvent(
    context,
    await modelVersion(ModelPackageArn, context),
    Object.keys(change),
  );
  const done: Delivery[] = [];
  for (let count = 0; count < times; count++)
    done.push(...(await send(event, scenario.testEnvironment)));
  return done;
}

/** Approves or rejects a version; passes only if each delivery of its event starts a run of the deployment. */
export async function decide(
  version: number,
  ModelApprovalStatus: "Approved" | "Rejected",
  scenario: DeployScenario,
  times = 1,
): Promise<void> {
  const done = await edit(version, { ModelApprovalStatus }, scenario, times);
  const reached = done.map(({ outcome }) => outcome).join();
  if (reached !== Array(times).fill("delivered").join()) {
    throw new Error(
      `expected ${times.toString()} delivered approval events, got: ${reached || "none"}`,
    );
  }
}

/** Registers one more version like this one, but with a sample whose expected answers are wrong; returns its number. */
export async function registerUntrue(version: number, scenario: DeployScenario): Promise<number> {
  const { context } = scenario.testEnvironment;
  const like = await modelVersion(versionArn(version, scenario), context);
  const right = like.CustomerMetadataProperties?.SampleLocation ?? "";
  const wrong = `${right}-with-wrong-answers`;
  const s3 = await ownerClients(context).s3();
  const expected = await readText(s3, `${right}/expected.csv`);
  const files = {
    "request.csv": await readText(s3, `${right}/request.csv`),
    "expected.csv": expected.replace(/[^,\n]+$/gm, (answer) => opposite(answer)),
  };
  for (const [name, Body] of Object.entries(files)) {
    const { bucket, key } = placeOf(`${wrong}/${name}`);
    await s3.putObject({ Bucket: bucket, Key: key, Body });
  }
  const other = { sampleLocation: wrong, what: "wrong expected predictions" };
  return registerLike(version, other, scenario);
}

/** Registers one more version like this one, except for the given fields; returns its number. */
export async function registerLike(
  version: number,
  other: {
    readonly archive?: string;
    readonly sampleLocation?: string;
    /** What it has, for people. */
    readonly what: string;
  },
  scenario: DeployScenario,
): Promise<number> {
  const { modelPackageGroupName, testEnvironment } = scenario;
  const { context, timeline } = testEnvironment;
  const like = await modelVersion(versionArn(version, scenario), context);
  const { archive, sampleLocation } = other;
  const made = await (
    await ownerClients(context).sagemaker()
  ).createModelPackage({
    ModelPackageGroupName: modelPackageGroupName,
    InferenceSpecification: like.InferenceSpecification && {
      ...like.InferenceSpecification,
      Containers: like.InferenceSpecification.Containers?.map((container) => ({
        ...container,
        ...(archive === undefined ? {} : { ModelDataUrl: archive }),
      })),
    },
    ModelMetrics: like.ModelMetrics,
    CustomerMetadataProperties: {
      ...like.CustomerMetadataProperties,
      ...(sampleLocation === undefined ? {} : { SampleLocation: sampleLocation }),
    },
    ModelApprovalStatus: "PendingManualApproval",
  });
  const arn = made.ModelPackageArn ?? "";
  await send(modelVersionEvent(context, await modelVersion(arn, context)), testEnvironment);
  const name = arn.split("/").slice(1).join("/");
  timeline.note("Administrator", `registers ${name} with ${other.what}`);
  return Number(arn.split("/").pop());
}

/** The probability of the other class; the header stays as it is. */
function opposite(answer: string): string {
  const value = Number(answer);
  return Number.isNaN(value) ? answer : (1 - value).toString();
}
