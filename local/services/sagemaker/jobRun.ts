import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { RunResult } from "../../toolchain/processes";
import { type Clients, authorizedClients } from "../../iam/clients";
import { type Connection, connected } from "../network/connected";
import { type Container, inContainer } from "./container";
import { showJob } from "./emulatorState";
import type { JobNetwork } from "./jobRequests";
import { writeJobLog } from "./jobLog";
import type { Site } from "./site";

// The API cuts failure reasons at 1024 characters.
const LONGEST_REASON = 1000;

/** A job that SageMaker has accepted. */
interface Job {
  readonly kind: "ProcessingJobs" | "TrainingJobs" | "TransformJobs";
  readonly name: string;
  readonly arn: string;
  /** The job's own role. */
  readonly roleArn: string;
  /** Where it runs, if not in a network of SageMaker's own. */
  readonly network: JobNetwork | undefined;
  /** Asks SageMaker to stop it. */
  readonly stop: () => Promise<unknown>;
}

/** What a job's work can use. */
export interface JobContext {
  readonly container: Container;
  /** Under the job's role. */
  readonly clients: Clients;
  /** Where the container's path is on this machine. */
  readonly at: (path: string) => string;
  /** Takes a line of the job's log. */
  readonly onLine: (line: string) => void;
}

/** Runs one job under its role: its log is written and its end shown, however the work ends. */
export async function runJob(
  site: Site,
  job: Job,
  work: (jobContext: JobContext) => Promise<RunResult>,
): Promise<string | undefined> {
  const { python, report, signal, context } = site;
  const root = join(context.scratch, "jobs", job.name);
  mkdirSync(root, { recursive: true });
  const by = { service: "sagemaker.amazonaws.com", sourceArn: job.arn };
  const credentials = await context.proxy.assume(job.roleArn, by);
  const clients = authorizedClients(context, credentials);
  const container = { root, python, context, credentials, signal };
  const lines: string[] = [];
  const onLine = (line: string): void => {
    lines.push(line);
    report(line.trim());
  };
  const at = (path: string): string => inContainer(container, path);

  let reason: string | undefined;
  try {
    const ended = await connected(connectionOf(job), { credentials, context }, () =>
      work({ container, clients, at, onLine }),
    );
    reason = reasonOf(ended, at("/opt/ml/output"));
  } catch (error) {
    if (signal.aborted) {
      await stopped(job, site);
      throw error;
    }
    reason = `ClientError: ${messageOf(error)}`;
  }
  try {
    await writeJobLog(await clients.logs(), job.kind, job.name, lines);
  } catch (error) {
    // AWS runs jobs that may not log, and no one ever learns why they fail: here that is a failure.
    reason ??= `ClientError: ${messageOf(error)}`;
  }
  const end = reason === undefined ? "Completed" : "Failed";
  const FailureReason = reason?.slice(0, LONGEST_REASON);
  await showJob(context, { JobArn: job.arn, Status: end, FailureReason });
  return FailureReason;
}

async function stopped(job: Job, { context }: Site): Promise<void> {
  // The run itself may be over, and the emulator with it.
  if (context.signal.aborted) return;
  await job.stop();
  await showJob(context, { JobArn: job.arn, Status: "Stopped" });
}

function connectionOf({ network }: Job): Connection | undefined {
  if (network === undefined) return undefined;
  const { SecurityGroupIds, Subnets } = network;
  const service = "sagemaker.amazonaws.com";
  return { securityGroupIds: SecurityGroupIds, service, subnetIds: Subnets };
}

/** What the container says of its failure; its last words if it says nothing. */
function reasonOf({ code, lines }: RunResult, output: string): string | undefined {
  if (code === 0) return undefined;
  const file = join(output, "failure");
  const said = existsSync(file) ? readFileSync(file, "utf8") : lines.slice(-5).join("\n");
  // What matters of a traceback is its end.
  return `AlgorithmError: ${said.trim().slice(-900)}, exit code: ${code.toString()}`;
}

/** What an error says, with its kind if AWS named one. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
}
