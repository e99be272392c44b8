import { type RegistryReads, modelVersion } from "../../endpoint/modelVersions";
import { type EndpointReads, type Running, runningOn } from "../../endpoint/running";
import { table } from "../../local/table";

/** AWS calls of the report, all of them read-only. */
type Reads = EndpointReads & RegistryReads;

const HEADINGS = ["endpoint", "status", "version", "since", "commit", "previous", "model package"];

/** Table of endpoints and their model versions, then a note for each endpoint with a problem. */
export async function deployedReport(
  endpointNames: readonly string[],
  sagemaker: Reads,
): Promise<string[]> {
  if (endpointNames.length === 0)
    return [
      "this stack does not deploy models. Next: set deploy.enabled to true and run pulumi up",
    ];
  const rows: string[][] = [];
  const notes: string[] = [];
  for (const name of endpointNames) {
    const running = await runningOn(sagemaker, name);
    if (running === undefined) {
      notes.push(`${name}: not deployed yet. Next: approve a model version to deploy it`);
      continue;
    }
    rows.push(await rowOf(running, sagemaker));
    if (running.failureReason !== undefined) notes.push(`${name}: ${running.failureReason}`);
  }
  return [...(rows.length === 0 ? [] : table([HEADINGS, ...rows])), ...notes];
}

async function rowOf(
  { endpointName, lastModified, model, status }: Running,
  sagemaker: Reads,
): Promise<string[]> {
  if (model === undefined)
    return [
      endpointName,
      status,
      "?",
      since(lastModified),
      "?",
      "?",
      "not deployed by the pipeline",
    ];
  const registered = await modelVersion(sagemaker, model.modelPackageArn);
  return [
    endpointName,
    status,
    String(model.modelVersion),
    since(lastModified),
    registered?.gitCommit ?? "?",
    model.earlierVersions.join(", ") || "none",
    model.modelPackageArn,
  ];
}

/** Time in UTC, to the minute. */
function since(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
