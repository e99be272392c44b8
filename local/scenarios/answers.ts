import { ownerClients } from "../iam/clients";
import type { AwsContext } from "../iam/contract";
import { type Question, predictOnce } from "../services/sagemaker/predictOnce";
import { messageOf } from "../../lib/errors";
import { readText } from "../services/sagemaker/s3Objects";
import type { TestEnvironment } from "../services/runUntilIdle";

/** Requests that come with a model version, and what it must answer. */
export interface Sample {
  readonly body: string;
  readonly expected: readonly number[];
}

/** @param location S3 folder of `request.csv`, and `expected.csv` with a column `probability` */
export async function sampleAt(location: string, context: AwsContext): Promise<Sample> {
  const s3 = await ownerClients(context).s3();
  const [body, table] = await Promise.all([
    readText(s3, `${location}/request.csv`),
    readText(s3, `${location}/expected.csv`),
  ]);
  const [header = "", ...rows] = table.trim().split("\n");
  const column = header.split(",").indexOf("probability");
  return { body, expected: rows.map((row) => Number(row.split(",")[column])) };
}

/** Passes only if the answer is what the sample expects; returns how many requests it answers. */
export function mustBeAsEvaluated(answer: string, { expected }: Sample): number {
  const got = answer.trim().split("\n").map(Number);
  const isSame = (value: number, index: number): boolean =>
    Math.abs(value - (expected[index] ?? NaN)) < 1e-9;
  if (got.length !== expected.length || !got.every(isSame)) {
    throw new Error(`expected predictions ${expected.join(", ")}, got ${got.join(", ")}`);
  }
  return got.length;
}

/**
 * Passes only if AWS's serving stack does not start without the variable: with build isolation, pip needs a package
 * index, which an endpoint's container does not reach.
 */
async function mustNeedNoBuildIsolation(
  question: Question,
  { context, timeline }: TestEnvironment,
): Promise<void> {
  const without = "PIP_NO_BUILD_ISOLATION";
  const outcome = await predictOnce({ ...question, without }, context).catch(messageOf);
  const reason = "No matching distribution found for setuptools";
  if (!outcome.includes(reason))
    throw new Error(`without ${without}, expected "${reason}", got:\n${outcome}`);
  timeline.note("Model", `without ${without}, the server does not start: ${reason}`);
}

/**
 * Passes only if the registered model, loaded from its archive by its own inference handler, answers the sample
 * requests that came with it as evaluation said that it would.
 */
export async function mustAnswer(
  modelPackageArn: string,
  sampleLocation: string,
  testEnvironment: TestEnvironment,
): Promise<void> {
  const { servingPython: python, project, context, timeline } = testEnvironment;
  const sample = await sampleAt(sampleLocation, context);
  const { body } = sample;
  const question = { body, modelPackageArn, python, roleArn: project.executionRoleArn };
  const count = mustBeAsEvaluated(await predictOnce(question, context), sample);
  timeline.note("Model", `predictions of ${count.toString()} sample requests equal the evaluation`);
  // Every version is registered with the same variables.
  if (modelPackageArn.endsWith("/1")) await mustNeedNoBuildIsolation(question, testEnvironment);
}
