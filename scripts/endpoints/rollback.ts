import type { CodePipeline } from "@aws-sdk/client-codepipeline";
import type { SageMaker } from "@aws-sdk/client-sagemaker";

import { modelVariable } from "../../components/names/deployNames";
import { ifFound } from "./clients";
import { deployedEndpoint, type Reads } from "./deployedEndpoint";
import { type Deployment, executionUrl } from "./deployment";
import { stageStatesOf, stagingOf } from "./executions";

/** An execution of the deployment pipeline that a command started, and what the command prints. */
export interface Started {
  readonly executionId: string;
  readonly lines: readonly string[];
}

interface RollbackClients {
  readonly codepipeline: Pick<CodePipeline, "getPipelineState" | "startPipelineExecution">;
  readonly sagemaker: Reads;
}

/**
 * Starts the deployment of an earlier version of production: a deployment like any other, with test
 * and approval.
 * @param version default: the newest earlier version that is still approved
 * @throws if production does not serve a version of the pipeline, or no such version is approved
 */
export async function rollback(
  deployment: Deployment,
  { codepipeline, sagemaker }: RollbackClients,
  version?: number,
): Promise<Started> {
  const { names, project } = deployment;
  const served = await servedVersion(deployment, sagemaker);
  const target =
    version === undefined
      ? await newestApproved(deployment, sagemaker, served)
      : await chosen(deployment, sagemaker, served, version);
  const value = `${deployment.modelPackageArn}${String(target)}`;
  const { executionId: busy, hasApproval } = stagingOf(
    await stageStatesOf(deployment, codepipeline),
  );
  const { pipelineExecutionId = "" } = await codepipeline.startPipelineExecution({
    name: names.pipeline,
    variables: [{ name: modelVariable.name, value }],
  });
  const decision = hasApproval ? "when the deployment is approved" : "when the test has succeeded";
  return {
    executionId: pipelineExecutionId,
    lines: [
      `Rollback of ${project} from version ${String(served.version)} to version ${String(target)} started.`,
      `What: staging tests version ${String(target)}; production serves it ${decision}.`,
      ...(busy === undefined
        ? []
        : [
            `Waits for: ${executionUrl(deployment, busy)}, which deploys to staging or is pending.`,
          ]),
      `Link: ${executionUrl(deployment, pipelineExecutionId)}`,
    ],
  };
}

interface Served {
  /** The last deployed one first. */
  readonly earlier: readonly number[];
  readonly version: number;
}

async function servedVersion({ names }: Deployment, sagemaker: Reads): Promise<Served> {
  const { endpoint } = names.prod;
  const found = await deployedEndpoint(sagemaker, endpoint);
  if (found?.model === undefined)
    throw new Error(
      `${endpoint} ${found === undefined ? "does not exist" : "was not deployed by the pipeline"}: ` +
        "no version to roll back from. Next: approve a model version to deploy it",
    );
  const { EarlierVersions, ModelVersion } = found.model;
  const earlier = [...EarlierVersions.matchAll(/\d+/g)].map(([number]) => Number(number));
  return { earlier, version: Number(ModelVersion) };
}

async function newestApproved(
  deployment: Deployment,
  sagemaker: Reads,
  { earlier, version }: Served,
): Promise<number> {
  for (const number of earlier.filter((one) => one !== version))
    if ((await approvalOf(deployment, sagemaker, number)) === "Approved") return number;
  throw new Error(
    `no version to roll back to: production serves version ${String(version)}, and none of its ` +
      `earlier versions (${earlier.join(", ") || "none"}) is approved. ` +
      "Next: approve an earlier version, which deploys it",
  );
}

async function chosen(
  deployment: Deployment,
  sagemaker: Reads,
  served: Served,
  version: number,
): Promise<number> {
  if (version === served.version)
    throw new Error(
      `production serves version ${String(version)} already. Next: choose an earlier version: ` +
        (served.earlier.join(", ") || "there is none"),
    );
  const approval = await approvalOf(deployment, sagemaker, version);
  if (approval === "Approved") return version;
  throw new Error(
    `version ${String(version)} must be approved, is ${approval ?? "missing in the model registry"}. ` +
      "Next: approve it, which deploys it, or choose another version",
  );
}

async function approvalOf(
  { modelPackageArn }: Deployment,
  sagemaker: Pick<SageMaker, "describeModelPackage">,
  version: number,
): Promise<string | undefined> {
  const ModelPackageName = `${modelPackageArn}${String(version)}`;
  return (await ifFound(sagemaker.describeModelPackage({ ModelPackageName })))?.ModelApprovalStatus;
}
