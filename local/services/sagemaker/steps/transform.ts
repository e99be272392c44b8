import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

import type { DescribeModelOutput } from "@aws-sdk/client-sagemaker";

import { ownerClients } from "../../../iam/clients";
import type { RunResult } from "../../../toolchain/processes";
import { type ModelServer, startModelServer } from "../../hosting/modelServer";
import type { StepOf } from "../definition";
import { jobName } from "../jobName";
import { type JobContext, runJob } from "../jobRun";
import { type Json, asJson, checked } from "../json";
import { download, filesIn, upload } from "../s3Objects";
import { type TransformRequest, transformRequest } from "../servingRequests";
import type { Outcome, Site } from "../site";

/** Plays a transform job: the model's server answers each object under the prefix, answers to S3. */
export async function simulateTransformJob(
  step: StepOf<"Transform">,
  args: Json,
  site: Site,
): Promise<Outcome> {
  const sagemaker = await site.pipelineClients.sagemaker();
  const request = checked(transformRequest, args);
  const name = jobName(site.execution.id, step.Name);
  const created = await sagemaker.createTransformJob({ ...request, TransformJobName: name });
  const arn = created.TransformJobArn ?? "";
  const metadata = { TransformJob: { Arn: arn } };
  const owner = await ownerClients(site.context).sagemaker();
  const model = await owner.describeModel({ ModelName: request.ModelName });
  const stop = () => sagemaker.stopTransformJob({ TransformJobName: name });
  const failureReason = await runJob(
    site,
    {
      kind: "TransformJobs",
      name,
      arn,
      network: networkOf(model),
      roleArn: model.ExecutionRoleArn ?? "",
      stop,
    },
    (jobContext) => work(request, model, site, jobContext),
  );
  if (failureReason !== undefined) return { metadata, failureReason };

  const described = await sagemaker.describeTransformJob({ TransformJobName: name });
  return { metadata, described: asJson(described) };
}

function networkOf({ VpcConfig }: DescribeModelOutput) {
  if (VpcConfig === undefined) return undefined;
  const { SecurityGroupIds = [], Subnets = [] } = VpcConfig;
  return { SecurityGroupIds, Subnets };
}

async function work(
  request: TransformRequest,
  { Containers, PrimaryContainer = Containers?.[0] }: DescribeModelOutput,
  { context, servingPython: python, signal }: Site,
  { clients, container, onLine }: JobContext,
): Promise<RunResult> {
  const s3 = await clients.s3();
  const { DataSource } = request.TransformInput;
  const [input, output] = [join(container.root, "input"), join(container.root, "output")];
  await download(s3, DataSource.S3DataSource.S3Uri, input);

  const { Environment = {}, ModelDataUrl: modelDataUrl = "" } = PrimaryContainer ?? {};
  // A transform job reaches the package index, from which pip gets setuptools; here it is installed.
  const online = { PIP_NO_BUILD_ISOLATION: "0" };
  const { InvocationsTimeoutInSeconds = 600 } = request.ModelClientConfig ?? {};
  const patient = { SAGEMAKER_MODEL_SERVER_TIMEOUT: InvocationsTimeoutInSeconds.toString() };
  const environment = { ...online, ...patient, ...Environment, ...request.Environment };
  const serving = { environment, modelDataUrl, python, reachesAws: true };
  const server = await startModelServer(serving, container.credentials, context);
  if ("notLoaded" in server) return { code: 1, lines: [...server.notLoaded] };
  try {
    for (const file of filesIn(input)) {
      const target = join(output, `${relative(input, file).split(sep).join("/")}.out`);
      mkdirSync(dirname(target), { recursive: true });
      const answer = await transformed(readFileSync(file, "utf8"), request, server, signal);
      writeFileSync(target, answer);
    }
  } finally {
    await server.stop();
    server.lines.forEach(onLine);
  }
  const { KmsKeyId, S3OutputPath } = request.TransformOutput;
  await upload(s3, output, S3OutputPath, KmsKeyId);
  return { code: 0, lines: [...server.lines] };
}

/** Answers of one object: of each line by itself, or of all at once. */
async function transformed(
  text: string,
  { BatchStrategy, TransformInput, TransformOutput }: TransformRequest,
  { url }: ModelServer,
  signal: AbortSignal,
): Promise<string> {
  const { ContentType = "", SplitType } = TransformInput;
  const { Accept = "", AssembleWith } = TransformOutput;
  const lines = text.split("\n").filter((line) => line !== "");
  const bodies = SplitType === "Line" && BatchStrategy === "SingleRecord" ? lines : [text];
  const answers: string[] = [];
  for (const body of bodies) {
    const headers = {
      ...(Accept === "" ? {} : { Accept }),
      ...(ContentType === "" ? {} : { "Content-Type": ContentType }),
    };
    const answer = await fetch(`${url}/invocations`, { body, headers, method: "POST", signal });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`the model answered ${answer.status.toString()}: ${said}`);
    answers.push(said);
  }
  if (AssembleWith !== "Line") return answers.join("");
  return answers.map((answer) => (answer.endsWith("\n") ? answer : `${answer}\n`)).join("");
}
