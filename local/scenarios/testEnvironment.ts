import type { Project } from "@aws-sdk/client-codebuild";
import { z } from "zod";

import type { Programs } from "../toolchain/venv";
import type { ScriptTarget } from "./npmScript";
import type { Engine } from "../cloud/engine";
import { together } from "../services/beside";
import { ownerClients } from "../iam/clients";
import { alarmsOf } from "../services/cloudwatch/alarms";
import type { AwsContext } from "../iam/contract";
import { type DeployedSource, deployedSource } from "./deployedSource";
import { startAuthorizingProxy } from "../iam/authorizingProxy";
import type { Review } from "../iam/review";
import type { Deployment } from "./deployment/deployScenario";
import type { ServiceEvent } from "../services/eventbridge/serviceEvent";
import { type Hosting, openHosting } from "../services/hosting/hosting";
import { type TestEnvironment, send } from "../services/runUntilIdle";
import { simulateTime } from "../services/simulatedTime";
import { type Timeline, startTimeline } from "../services/timeline";

const outputsShape = z.object({
  artifactBucketName: z.string(),
  artifactKeyArn: z.string(),
  buildProjectName: z.string(),
  executionRoleArn: z.string(),
  modelBuildPipelineArn: z.string(),
  modelBuildPipelineName: z.string(),
  modelDeployPipelineName: z.string().optional(),
  modelPackageGroupName: z.string(),
  notificationTopicArn: z.string(),
  prodEndpointName: z.string().optional(),
  sourceRepositoryCloneUrl: z.string().optional(),
  sourceRepositoryName: z.string(),
  stagingEndpointName: z.string().optional(),
});

/** What the stack tells other projects, as an end-to-end run uses it. */
export type StackOutputs = z.output<typeof outputsShape>;

/** A stack that is deployed in the local cloud. */
export type Deployed = ScriptTarget &
  Pick<Engine, "outputs"> & {
    readonly cloud: Pick<Engine["cloud"], "endpoint">;
  };

/** An end-to-end run of a deployed stack; `close` it at the end. */
export interface Opened {
  /** Role of the model build. */
  readonly buildRoleArn: string;
  readonly buildspec: string;
  /** Left out if the stack deploys no models. */
  readonly deployment?: Deployment | undefined;
  readonly outputs: StackOutputs;
  readonly source: DeployedSource;
  readonly testEnvironment: TestEnvironment;
  /** Needed and unused permissions of the roles. */
  readonly review: () => Promise<Review>;
  readonly close: () => Promise<void>;
}

/** Reads the deployed stack back and puts the authorizing proxy between its roles and the emulator. */
export async function openTestEnvironment(
  engine: Deployed,
  programs: Programs,
  timeline: Timeline = startTimeline(),
): Promise<Opened> {
  const outputs = outputsShape.parse(await engine.outputs());
  const [, partition = "", , region = "", accountId = ""] =
    outputs.modelBuildPipelineArn.split(":");
  const where = { accountId, ownerEndpoint: engine.cloud.endpoint, partition, region };
  const proxy = await startAuthorizingProxy(where);
  const context: AwsContext = { ...where, proxy, scratch: engine.folder, signal: engine.signal };
  await simulateTime(context);
  const project = await projectOf(outputs.buildProjectName, context);
  const testEnvironment: TestEnvironment = {
    context,
    timeline,
    python: programs.buildPython,
    jobPython: programs.jobPython,
    servingPython: programs.servingPython,
    // In a private network, deployments need no way out: there they must do without one.
    offline: project?.vpcConfig?.vpcId === undefined ? undefined : outputs.modelDeployPipelineName,
    simulatesTime: outputs.modelDeployPipelineName,
    // Runs of a deployment wait for scenarios of their own.
    only: outputs.modelBuildPipelineName,
    project: {
      artifactBucket: outputs.artifactBucketName,
      executionRoleArn: outputs.executionRoleArn,
      keyArn: outputs.artifactKeyArn,
      modelPackageGroupName: outputs.modelPackageGroupName,
      requireKey: await keyIsRequired(outputs, context),
    },
  };
  const site = { send: (event: ServiceEvent) => send(event, testEnvironment), context, timeline };
  const hosting = openHosting({ ...site, python: programs.servingPython });
  return {
    buildRoleArn: project?.serviceRole ?? "",
    buildspec: project?.source?.buildspec ?? "buildspec.yml",
    deployment: deploymentOf(outputs, hosting),
    outputs,
    source: await deployedSource(outputs.modelBuildPipelineName, context),
    testEnvironment: { ...testEnvironment, meanwhile: together(hosting.run, alarmsOf(site)) },
    review: proxy.review,
    close: async () => {
      // Model servers stop, even if another part fails.
      await hosting.close();
      try {
        await clearTraces(context);
      } finally {
        await proxy.stop();
      }
    },
  };
}

function deploymentOf(
  { modelDeployPipelineName, prodEndpointName, stagingEndpointName }: StackOutputs,
  hosting: Hosting,
): Deployment | undefined {
  if (modelDeployPipelineName === undefined) return undefined;
  if (prodEndpointName === undefined || stagingEndpointName === undefined) {
    throw new Error("the stack deploys models, but its outputs have no endpoint names");
  }
  const pipelineName = modelDeployPipelineName;
  const dashboardName = pipelineName.replace(/--modeldeploy$/, "");
  return { dashboardName, hosting, pipelineName, prodEndpointName, stagingEndpointName };
}

/** The deployed bucket policy decides, not the config. */
async function keyIsRequired(
  { artifactBucketName: Bucket }: StackOutputs,
  context: AwsContext,
): Promise<boolean> {
  const { Policy = "" } = await (await ownerClients(context).s3()).getBucketPolicy({ Bucket });
  return Policy.includes("DenyKmsWithoutKeyId");
}

async function projectOf(name: string, context: AwsContext): Promise<Project | undefined> {
  const codebuild = await ownerClients(context).codebuild();
  return (await codebuild.batchGetProjects({ names: [name] })).projects?.[0];
}

/**
 * Removes the log groups of SageMaker's jobs, which on AWS all projects of an account share, so that the stack's end
 * can be compared with its beginning.
 */
async function clearTraces(context: AwsContext): Promise<void> {
  const logs = await ownerClients(context).logs();
  const { logGroups = [] } = await logs.describeLogGroups({
    logGroupNamePrefix: "/aws/sagemaker/",
  });
  for (const { logGroupName } of logGroups) await logs.deleteLogGroup({ logGroupName });
}
