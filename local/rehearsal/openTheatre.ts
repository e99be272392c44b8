import type { Project } from "@aws-sdk/client-codebuild";
import { z } from "zod";

import type { Engine } from "../engine";
import { owners } from "./clients";
import type { Stage } from "./contract";
import { type DeployedSource, deployedSource } from "./deployedSource";
import { expectedDenials } from "./expectedDenials";
import { startGateway } from "./gateway";
import type { Review } from "./judge/review";
import type { Deployment } from "./deployment/scene";
import { type Hosting, openHosting } from "./hosting/hosting";
import { type Theatre, send } from "./settle";
import { type Timeline, startTimeline } from "./timeline";

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

/** What the stack tells other projects, as a rehearsal uses it. */
export type StackOutputs = z.output<typeof outputsShape>;

/** The programs that stand for those of the images of builds and jobs. */
export interface Programs {
  readonly buildPython: string;
  readonly jobPython: string;
  /** The Pulumi CLI. */
  readonly pulumi: string;
}

/** A stack that stands in the local cloud. */
export type Deployed = Pick<Engine, "folder" | "outputs" | "signal"> & {
  readonly cloud: Pick<Engine["cloud"], "endpoint">;
};

/** A rehearsal of a deployed stack; `close` it at the end. */
export interface Opened {
  readonly buildspec: string;
  /** Left out if the stack deploys no models. */
  readonly deployment?: Deployment | undefined;
  readonly outputs: StackOutputs;
  readonly source: DeployedSource;
  readonly theatre: Theatre;
  /** What the roles' permissions were good for. */
  readonly review: () => Promise<Review>;
  readonly close: () => Promise<void>;
}

/** Reads the deployed stack back and puts the judge between its roles and the emulator. */
export async function openTheatre(
  engine: Deployed,
  programs: Programs,
  timeline: Timeline = startTimeline(),
): Promise<Opened> {
  const outputs = outputsShape.parse(await engine.outputs());
  const [, partition = "", , region = "", accountId = ""] =
    outputs.modelBuildPipelineArn.split(":");
  const where = { accountId, ownerEndpoint: engine.cloud.endpoint, partition, region };
  const gateway = await startGateway({ ...where, expected: expectedDenials });
  const stage: Stage = { ...where, gateway, scratch: engine.folder, signal: engine.signal };
  const project = await projectOf(outputs.buildProjectName, stage);
  const variables = project?.environment?.environmentVariables ?? [];
  const theatre: Theatre = {
    stage,
    timeline,
    python: programs.buildPython,
    jobPython: programs.jobPython,
    pulumi: programs.pulumi,
    // Runs of a deployment wait for scenes of their own.
    only: outputs.modelBuildPipelineName,
    project: {
      artifactBucket: outputs.artifactBucketName,
      executionRoleArn: outputs.executionRoleArn,
      keyArn: outputs.artifactKeyArn,
      modelPackageGroupName: outputs.modelPackageGroupName,
      requireKey: await keyIsRequired(outputs, stage),
    },
    waitsForTraining: variables.some(
      ({ name, value }) => name === "WAIT_FOR_TRAINING" && value === "true",
    ),
  };
  const hosting = openHosting({
    stage,
    timeline,
    python: programs.jobPython,
    send: (event) => send(event, theatre),
  });
  return {
    buildspec: project?.source?.buildspec ?? "buildspec.yml",
    deployment: deploymentOf(outputs, hosting),
    outputs,
    source: await deployedSource(outputs.modelBuildPipelineName, stage),
    theatre: { ...theatre, meanwhile: hosting.play },
    review: gateway.review,
    close: async () => {
      await hosting.close();
      await gateway.stop();
    },
  };
}

function deploymentOf(
  { modelDeployPipelineName, prodEndpointName, stagingEndpointName }: StackOutputs,
  hosting: Hosting,
): Deployment | undefined {
  if (modelDeployPipelineName === undefined) return undefined;
  if (prodEndpointName === undefined || stagingEndpointName === undefined) {
    throw new Error("the stack deploys models, and has no names of endpoints among its outputs");
  }
  const pipelineName = modelDeployPipelineName;
  return { hosting, pipelineName, prodEndpointName, stagingEndpointName };
}

/** The deployed bucket policy decides, not the config. */
async function keyIsRequired(
  { artifactBucketName: Bucket }: StackOutputs,
  stage: Stage,
): Promise<boolean> {
  const { Policy = "" } = await (await owners(stage).s3()).getBucketPolicy({ Bucket });
  return Policy.includes("DenyKmsWithoutKeyId");
}

async function projectOf(name: string, stage: Stage): Promise<Project | undefined> {
  const codebuild = await owners(stage).codebuild();
  return (await codebuild.batchGetProjects({ names: [name] })).projects?.[0];
}
