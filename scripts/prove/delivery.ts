import type { PipelineExecutionSummary } from "@aws-sdk/client-codepipeline";

import { deployStages } from "../../components/names/deployNames";
import { deployedEndpoint } from "../endpoints/deployedEndpoint";
import { modelOf, newestFirst, stageStatesOf } from "../endpoints/executions";
import { type Kit, until } from "./kit";

const BUILD_MINUTES = 60;
const DEPLOYMENT_MINUTES = 60;

/** Waits until this model version is registered. @throws if the build or the training failed */
export async function waitForVersion(kit: Kit, version: number): Promise<string> {
  const { clients, target } = kit;
  const ModelPackageGroupName = target.names.modelPackageGroup;
  return until(kit, `model version ${String(version)}`, BUILD_MINUTES, async () => {
    const { ModelPackageSummaryList: versions = [] } = await clients.sagemaker.listModelPackages({
      ModelPackageGroupName,
    });
    const found = versions.find(({ ModelPackageVersion }) => ModelPackageVersion === version);
    if (found?.ModelPackageStatus === "Completed") return found.ModelPackageArn;
    await mustNotFail(kit);
    return undefined;
  });
}

async function mustNotFail({ clients, target }: Kit): Promise<void> {
  const { pipeline: pipelineName, sagemakerPipeline: PipelineName } = target.names;
  const { pipelineExecutionSummaries = [] } = await clients.codepipeline.listPipelineExecutions({
    pipelineName,
  });
  const [newest] = newestFirst(pipelineExecutionSummaries);
  if (newest?.status === "Failed")
    throw new Error(`the build failed: execution ${newest.pipelineExecutionId ?? ""}`);
  // The build creates the SageMaker pipeline.
  if (newest?.status !== "Succeeded") return;
  const { PipelineExecutionSummaries: trainings = [] } =
    await clients.sagemaker.listPipelineExecutions({ PipelineName });
  const failed = trainings.find(({ PipelineExecutionStatus: status }) => status === "Failed");
  if (failed !== undefined)
    throw new Error(`the training failed: ${failed.PipelineExecutionFailureReason ?? "no reason"}`);
}

/** Pushes a commit to the source repository; it registers the next model version. */
export async function push({ clients, started, target }: Kit): Promise<string> {
  const { codecommit: source } = target.settings.source;
  const branchName = source?.branch ?? "";
  const repositoryName = source?.repositoryName ?? target.names.defaultRepository;
  const { branch } = await clients.codecommit.getBranch({ branchName, repositoryName });
  const { commitId = "" } = await clients.codecommit.createCommit({
    authorName: "npm run prove",
    branchName,
    commitMessage: "Train a second version",
    parentCommitId: branch?.commitId,
    putFiles: [
      { fileContent: Buffer.from(`${started.toISOString()}\n`), filePath: "docs/prove.txt" },
    ],
    repositoryName,
  });
  return commitId;
}

/**
 * Approves or rejects a model version in the registry, as an approver; follows the deployment that
 * starts, and approves it when it waits for that.
 * @param during called again and again while it is in progress
 */
export async function decide(
  kit: Kit,
  version: number,
  ModelApprovalStatus: "Approved" | "Rejected",
  during: () => Promise<void> = () => Promise.resolve(),
): Promise<{ readonly id: string; readonly status: string }> {
  const { clients, target } = kit;
  const arn = `${target.deployment.modelPackageArn}${String(version)}`;
  const earlier = (await deploymentsOf(kit)).map(({ pipelineExecutionId: id }) => id);
  await clients.sagemaker.updateModelPackage({
    ApprovalDescription: "npm run prove",
    ModelApprovalStatus,
    ModelPackageArn: arn,
  });
  const expected = `the end of the deployment of version ${String(version)}`;
  return until(kit, expected, DEPLOYMENT_MINUTES, async () => {
    for (const { pipelineExecutionId: id = "", status = "" } of await deploymentsOf(kit)) {
      if (earlier.includes(id)) continue;
      if ((await modelOf(target.deployment, clients.codepipeline, id)) !== arn) continue;
      if (status !== "InProgress" && status !== "Stopping") return { id, status };
      await approvePending(kit);
      await during();
    }
    return undefined;
  });
}

/** Executions of the deployment pipeline, without automatic rollbacks. */
async function deploymentsOf({ clients, target }: Kit): Promise<PipelineExecutionSummary[]> {
  const { pipelineExecutionSummaries = [] } = await clients.codepipeline.listPipelineExecutions({
    pipelineName: target.deployment.names.pipeline,
  });
  return pipelineExecutionSummaries.filter(
    ({ trigger }) => trigger?.triggerType !== "AutomatedRollback",
  );
}

async function approvePending({ clients, report, target }: Kit): Promise<void> {
  const { approve: actionName, name: stageName } = deployStages.staging;
  const stages = await stageStatesOf(target.deployment, clients.codepipeline);
  const action = stages
    .find((stage) => stage.stageName === stageName)
    ?.actionStates?.find((one) => one.actionName === actionName);
  const { status, token } = action?.latestExecution ?? {};
  if (status !== "InProgress" || token === undefined) return;
  await clients.codepipeline.putApprovalResult({
    actionName,
    pipelineName: target.deployment.names.pipeline,
    result: { status: "Approved", summary: "npm run prove" },
    stageName,
    token,
  });
  report("deployment to production approved");
}

/** Waits until no execution of the deployment pipeline is in progress, an automatic rollback, say. */
export async function waitUntilIdle(kit: Kit): Promise<void> {
  const pipelineName = kit.target.deployment.names.pipeline;
  await until(kit, "the end of every deployment", DEPLOYMENT_MINUTES, async () => {
    const { pipelineExecutionSummaries = [] } =
      await kit.clients.codepipeline.listPipelineExecutions({ pipelineName });
    const isBusy = pipelineExecutionSummaries.some(({ status }) =>
      ["InProgress", "Stopping"].includes(status ?? ""),
    );
    return isBusy ? undefined : true;
  });
}

/** Passes only if production serves this version. */
export async function mustServe({ clients, target }: Kit, version: number): Promise<string> {
  const { endpoint } = target.deployment.names.prod;
  const { model, status } = (await deployedEndpoint(clients.sagemaker, endpoint)) ?? {};
  const found = `${status ?? "missing"} with version ${model?.ModelVersion ?? "none"}`;
  if (found !== `InService with version ${String(version)}`)
    throw new Error(`expected ${endpoint} InService with version ${String(version)}, got ${found}`);
  return `${endpoint}: ${found}`;
}

/**
 * While production is updated, sends the verdict 1 of the canary, which only its deployment build
 * sends otherwise: the alarm must make SageMaker roll back.
 */
export async function failCanary({ clients, report, target }: Kit): Promise<void> {
  const { endpoint: EndpointName, metricNamespace: Namespace } = target.deployment.names.prod;
  const { EndpointStatus } = await clients.sagemaker.describeEndpoint({ EndpointName });
  if (EndpointStatus !== "Updating") return;
  const MetricData = [{ MetricName: "CanaryVerdict", Value: 1 }];
  await clients.cloudwatch.putMetricData({ MetricData, Namespace });
  report("production is updated: CanaryVerdict 1 sent");
}
