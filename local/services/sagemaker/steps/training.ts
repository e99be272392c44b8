import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { type RunResult, run } from "../../../toolchain/processes";
import { type Json, checked, asJson } from "../json";
import { moveScripts, runIn } from "../container";
import type { StepOf } from "../definition";
import { watchInstance } from "../instanceMetrics";
import { jobName } from "../jobName";
import { type TrainingRequest, trainingRequest } from "../jobRequests";
import { type JobContext, runJob } from "../jobRun";
import { download, put } from "../s3Objects";
import { type Script, scriptEnvironment, scriptOf } from "../scriptMode";
import type { Outcome, Site } from "../site";

interface Names {
  readonly name: string;
  readonly arn: string;
}

/** Plays a training job: channels from S3, the container's command or the script, the model to S3. */
export async function simulateTrainingJob(
  step: StepOf<"Training">,
  args: Json,
  site: Site,
): Promise<Outcome> {
  const sagemaker = await site.pipelineClients.sagemaker();
  const request = checked(trainingRequest, args);
  const name = jobName(site.execution.id, step.Name);
  const created = await sagemaker.createTrainingJob({ ...request, TrainingJobName: name });
  const arn = created.TrainingJobArn ?? "";
  const metadata = { TrainingJob: { Arn: arn } };
  const stop = () => sagemaker.stopTrainingJob({ TrainingJobName: name });
  const { RoleArn: roleArn, VpcConfig: network } = request;
  const job = { kind: "TrainingJobs", name, arn, network, roleArn, stop } as const;
  const failureReason = await runJob(site, job, (jobContext) =>
    work(request, { name, arn }, jobContext),
  );
  if (failureReason !== undefined) return { metadata, failureReason };

  const described = await sagemaker.describeTrainingJob({ TrainingJobName: name });
  return { metadata, described: asJson(described) };
}

async function work(
  request: TrainingRequest,
  names: Names,
  jobContext: JobContext,
): Promise<RunResult> {
  const { at, clients } = jobContext;
  const publish = watchInstance();
  await prepare(request, jobContext);
  const script = scriptOf(request.HyperParameters);
  const ended = await start(request, script, names, jobContext);
  const { MetricDefinitions } = request.AlgorithmSpecification;
  await publish(await clients.cloudwatch(), names.name, MetricDefinitions, ended.lines);

  const { KmsKeyId, S3OutputPath } = request.OutputDataConfig;
  const target = `${S3OutputPath.replace(/\/$/, "")}/${names.name}/output`;
  const parts = [["/opt/ml/output/data", "output.tar.gz"]];
  // AWS keeps no model of a job that failed.
  if (ended.code === 0) parts.push(["/opt/ml/model", "model.tar.gz"]);
  for (const [path = "", file = ""] of parts) {
    const packed = await pack(at(path), join(jobContext.container.root, file), jobContext);
    if (packed !== undefined) await put(await clients.s3(), packed, `${target}/${file}`, KmsKeyId);
  }
  return ended;
}

/** What a container finds when it starts. */
async function prepare(request: TrainingRequest, jobContext: JobContext): Promise<void> {
  const { at, clients, container } = jobContext;
  for (const folder of ["input/config", "input/data", "model", "output/data", "code"]) {
    mkdirSync(at(`/opt/ml/${folder}`), { recursive: true });
  }
  for (const { ChannelName, DataSource } of request.InputDataConfig ?? []) {
    const folder = at(`/opt/ml/input/data/${ChannelName}`);
    await download(await clients.s3(), DataSource.S3DataSource.S3Uri, folder);
    moveScripts(container, folder);
  }
  const channels = (request.InputDataConfig ?? []).map(({ ChannelName, ContentType }) => [
    ChannelName,
    { ContentType, TrainingInputMode: "File", S3DistributionType: "FullyReplicated" },
  ]);
  const files: readonly (readonly [string, unknown])[] = [
    ["hyperparameters.json", request.HyperParameters],
    ["inputdataconfig.json", Object.fromEntries(channels)],
    ["resourceconfig.json", clusterOf(request)],
  ];
  for (const [name, content] of files) {
    writeFileSync(at(`/opt/ml/input/config/${name}`), JSON.stringify(content));
  }
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html */
function clusterOf({ ResourceConfig: { InstanceType: instance_type } }: TrainingRequest) {
  const group = { instance_group_name: "homogeneousCluster", instance_type, hosts: ["algo-1"] };
  return {
    current_group_name: group.instance_group_name,
    current_host: "algo-1",
    current_instance_type: instance_type,
    hosts: group.hosts,
    instance_groups: [group],
    network_interface_name: "eth0",
  };
}

async function start(
  request: TrainingRequest,
  script: Script | undefined,
  { name, arn }: Names,
  jobContext: JobContext,
): Promise<RunResult> {
  const { container, onLine } = jobContext;
  const { ContainerArguments = [], ContainerEntrypoint } = request.AlgorithmSpecification;
  const job = { TRAINING_JOB_NAME: name, TRAINING_JOB_ARN: arn };
  if (ContainerEntrypoint !== undefined) {
    const environment = { ...job, ...request.Environment };
    const line = [...ContainerEntrypoint, ...ContainerArguments];
    return runIn(container, { line, environment, folder: "/opt/ml", onLine });
  }
  if (script === undefined) {
    throw new Error(
      "the local cloud runs a ContainerEntrypoint or a script, not the entry point of an image",
    );
  }
  await unpackCode(script, jobContext);
  const channels = (request.InputDataConfig ?? []).map(({ ChannelName }) => ChannelName);
  const environment = { ...scriptEnvironment(script, channels), ...job, ...request.Environment };
  const line = ["python3", script.program, ...script.args];
  return runIn(container, { line, environment, folder: "/opt/ml/code", onLine });
}

async function unpackCode(
  { submitDirectory }: Script,
  { at, clients, container }: JobContext,
): Promise<void> {
  const folder = join(container.root, "submitted");
  await download(await clients.s3(), submitDirectory, folder);
  const archive = join(folder, basename(submitDirectory));
  await tar(["-xzf", archive, "-C", at("/opt/ml/code")], container.signal);
  moveScripts(container, at("/opt/ml/code"));
}

/** The folder's content as an archive; undefined if it is empty. */
async function pack(
  folder: string,
  file: string,
  jobContext: JobContext,
): Promise<string | undefined> {
  const entries = readdirSync(folder);
  if (entries.length === 0) return undefined;
  await tar(["-czf", file, "-C", folder, ...entries], jobContext.container.signal);
  return file;
}

async function tar(args: string[], signal: AbortSignal): Promise<void> {
  const { code, lines } = await run("tar", args, { signal });
  if (code !== 0) throw new Error(`tar ${args[0] ?? ""} failed: ${lines.slice(-3).join("\n")}`);
}
