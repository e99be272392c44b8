import { mkdirSync, writeFileSync } from "node:fs";

import type { RunResult } from "../../../toolchain/processes";
import { runIn, moveScripts } from "../container";
import type { StepOf } from "../definition";
import { jobName } from "../jobName";
import { type ProcessingRequest, processingRequest } from "../jobRequests";
import { type JobContext, runJob } from "../jobRun";
import { type Json, asJson, json, checked } from "../json";
import { download, readText, upload } from "../s3Objects";
import type { Outcome, Site } from "../site";

/** Plays a processing job: inputs from S3, the container's command as a subprocess, outputs to S3. */
export async function simulateProcessing(
  step: StepOf<"Processing">,
  args: Json,
  site: Site,
): Promise<Outcome> {
  const sagemaker = await site.pipelineClients.sagemaker();
  const request = checked(processingRequest, args);
  const name = jobName(site.execution.id, step.Name);
  const created = await sagemaker.createProcessingJob({ ...request, ProcessingJobName: name });
  const arn = created.ProcessingJobArn ?? "";
  const metadata = { ProcessingJob: { Arn: arn } };
  const stop = () => sagemaker.stopProcessingJob({ ProcessingJobName: name });
  const { NetworkConfig, RoleArn: roleArn } = request;
  const network = NetworkConfig?.VpcConfig;
  const job = { kind: "ProcessingJobs", name, arn, network, roleArn, stop } as const;
  const failureReason = await runJob(site, job, (jobContext) =>
    work(request, { name, arn }, jobContext),
  );
  if (failureReason !== undefined) return { metadata, failureReason };

  const described = await sagemaker.describeProcessingJob({ ProcessingJobName: name });
  return {
    metadata,
    described: asJson(described),
    propertyFiles: await propertyFiles(step, request, site),
  };
}

async function work(
  request: ProcessingRequest,
  { name, arn }: { readonly name: string; readonly arn: string },
  { at, clients, container, onLine }: JobContext,
): Promise<RunResult> {
  const s3 = await clients.s3();
  for (const { S3Input } of request.ProcessingInputs) {
    const folder = at(S3Input.LocalPath);
    await download(s3, S3Input.S3Uri, folder);
    moveScripts(container, folder);
  }
  for (const folder of ["/opt/ml/config", "/opt/ml/output"]) {
    mkdirSync(at(folder), { recursive: true });
  }
  for (const { S3Output } of request.ProcessingOutputConfig.Outputs) {
    mkdirSync(at(S3Output.LocalPath), { recursive: true });
  }
  const known = { ...request, ProcessingJobArn: arn, ProcessingJobName: name };
  writeFileSync(at("/opt/ml/config/processingjobconfig.json"), JSON.stringify(known));
  writeFileSync(at("/opt/ml/config/resourceconfig.json"), JSON.stringify(ONE_HOST));

  const { ContainerArguments = [], ContainerEntrypoint } = request.AppSpecification;
  const ended = await runIn(container, {
    line: [...ContainerEntrypoint, ...ContainerArguments],
    environment: { PROCESSING_JOB_NAME: name, PROCESSING_JOB_ARN: arn, ...request.Environment },
    folder: "/opt/ml/processing",
    onLine,
  });
  if (ended.code !== 0) return ended;

  const { KmsKeyId, Outputs } = request.ProcessingOutputConfig;
  for (const { S3Output } of Outputs) {
    await upload(s3, at(S3Output.LocalPath), S3Output.S3Uri, KmsKeyId);
  }
  return ended;
}

const ONE_HOST = { current_host: "algo-1", hosts: ["algo-1"] };

/** Pipelines reads them with the rights of the pipeline's role. */
async function propertyFiles(
  { PropertyFiles = [] }: StepOf<"Processing">,
  { ProcessingOutputConfig }: ProcessingRequest,
  { pipelineClients }: Site,
): Promise<Record<string, Json>> {
  const found: Record<string, Json> = {};
  for (const { FilePath, OutputName, PropertyFileName } of PropertyFiles) {
    const output = ProcessingOutputConfig.Outputs.find((one) => one.OutputName === OutputName);
    if (output === undefined) {
      throw new Error(
        `the property file ${PropertyFileName} names an output that does not exist: ${OutputName}`,
      );
    }
    const uri = `${output.S3Output.S3Uri.replace(/\/$/, "")}/${FilePath}`;
    found[PropertyFileName] = json.parse(
      JSON.parse(await readText(await pipelineClients.s3(), uri)),
    );
  }
  return found;
}
