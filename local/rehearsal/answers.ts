import { owners } from "./clients";
import type { Stage } from "./contract";
import { placeOf } from "./training/s3Objects";
import { predictOnce } from "./training/predictOnce";
import type { Theatre } from "./settle";

/**
 * Passes only if the registered model, loaded from its archive by its own inference handler, answers the sample
 * requests that came with it as evaluation said that it would.
 * @param sampleLocation S3 folder of `request.csv`, and `expected.csv` with a column `probability`
 */
export async function mustAnswer(
  modelPackageArn: string,
  sampleLocation: string,
  { jobPython: python, project, stage, timeline }: Theatre,
): Promise<void> {
  const [body, table] = await Promise.all([
    read(`${sampleLocation}/request.csv`, stage),
    read(`${sampleLocation}/expected.csv`, stage),
  ]);
  const [header = "", ...rows] = table.trim().split("\n");
  const column = header.split(",").indexOf("probability");
  const expected = rows.map((row) => Number(row.split(",")[column]));

  const question = { body, modelPackageArn, python, roleArn: project.executionRoleArn };
  const answer = await predictOnce(question, stage);
  const got = answer.trim().split("\n").map(Number);
  const isSame = (value: number, index: number): boolean =>
    Math.abs(value - (expected[index] ?? NaN)) < 1e-9;
  if (got.length !== expected.length || !got.every(isSame)) {
    throw new Error(`the model answers ${got.join(", ")} instead of ${expected.join(", ")}`);
  }
  timeline.note("Model", `answers ${got.length.toString()} sample requests as evaluated`);
}

async function read(uri: string, stage: Stage): Promise<string> {
  const { bucket: Bucket, key: Key } = placeOf(uri);
  const { Body } = await (await owners(stage).s3()).getObject({ Bucket, Key });
  return (await Body?.transformToString()) ?? "";
}
