import { ownerClients } from "../iam/clients";
import type { AwsContext } from "../iam/contract";
import { predictOnce } from "../services/sagemaker/predictOnce";
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
 * Passes only if the registered model, loaded from its archive by its own inference handler, answers the sample
 * requests that came with it as evaluation said that it would.
 */
export async function mustAnswer(
  modelPackageArn: string,
  sampleLocation: string,
  { jobPython: python, project, context, timeline }: TestEnvironment,
): Promise<void> {
  const sample = await sampleAt(sampleLocation, context);
  const { body } = sample;
  const question = { body, modelPackageArn, python, roleArn: project.executionRoleArn };
  const count = mustBeAsEvaluated(await predictOnce(question, context), sample);
  timeline.note("Model", `predictions of ${count.toString()} sample requests equal the evaluation`);
}
