import { table } from "../../lib/table";
import { commitOf, type DeployedEndpoint, deployedEndpoint, type Reads } from "./deployedEndpoint";
import { minuteOf } from "./executions";

const HEADINGS = ["endpoint", "status", "version", "since", "commit", "previous", "model package"];

/** Table of endpoints and their model versions, then a note for each endpoint with a problem. */
export async function deployedReport(
  endpointNames: readonly string[],
  sagemaker: Reads,
): Promise<string[]> {
  const rows: string[][] = [];
  const notes: string[] = [];
  for (const name of endpointNames) {
    const found = await deployedEndpoint(sagemaker, name);
    if (found === undefined) {
      notes.push(`${name}: not deployed. The next deployment creates it`);
      continue;
    }
    rows.push(await rowOf(found, sagemaker));
    if (found.failureReason !== undefined) notes.push(`${name}: ${found.failureReason}`);
  }
  return [...(rows.length === 0 ? [] : table([HEADINGS, ...rows])), ...notes];
}

async function rowOf(
  { endpointName, lastModified, model, status }: DeployedEndpoint,
  sagemaker: Reads,
): Promise<string[]> {
  const time = minuteOf(lastModified);
  if (model === undefined)
    return [endpointName, status, "?", time, "?", "?", "not deployed by the pipeline"];
  const { EarlierVersions, ModelPackageArn, ModelVersion } = model;
  return [
    endpointName,
    status,
    ModelVersion,
    time,
    (await commitOf(sagemaker, ModelPackageArn)) ?? "?",
    EarlierVersions.replaceAll(" ", ", ") || "none",
    ModelPackageArn,
  ];
}
