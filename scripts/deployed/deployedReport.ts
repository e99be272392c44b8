import { type RegistryReads, modelVersion } from "../../endpoint/modelVersions";
import { type EndpointReads, type Running, runningOn } from "../../endpoint/running";
import { table } from "../../local/table";

/** The calls that the report needs: all of them only read. */
type Reads = EndpointReads & RegistryReads;

const HEADINGS = ["endpoint", "status", "version", "since", "commit", "before it", "model package"];

/** What each endpoint really runs, as lines of a table, and what there is to say beside it. */
export async function deployedReport(
  endpointNames: readonly string[],
  sagemaker: Reads,
): Promise<string[]> {
  if (endpointNames.length === 0)
    return [
      "this stack deploys no models: set deploy.enabled to true in its config, and bring it up",
    ];
  const rows: string[][] = [];
  const notes: string[] = [];
  for (const name of endpointNames) {
    const running = await runningOn(sagemaker, name);
    if (running === undefined) {
      notes.push(
        `${name}: nothing was deployed yet; it is made when the first model version is approved`,
      );
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

/** In UTC, as AWS's own times. */
function since(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
