import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import type { ModelBuildPipelineArgs, SourceArgs } from "../modelBuild/modelBuildPipelineArgs";
import type { AlarmsArgs, StagingArgs } from "../modelDeploy/modelDeployPipelineArgs";
import { defaults } from "./defaults";
import * as limits from "./limits";
import * as patterns from "./patterns";
import { packageIndexUrl, vpcId } from "./network";
import { boolean, type StringInput, inputText, group, integer, oneOf, ruleText } from "./fields";
import {
  buildShape,
  executionRole,
  image,
  imageRepositories,
  logs,
  machine,
  project,
} from "./modelBuildSchema";
import { source } from "./source";

/** Stack config: settings of the model build, and of the deployment under `deploy`. */
export interface StackConfig extends Omit<ModelBuildPipelineArgs, "deployment"> {
  /**
   * Deployment of approved models to staging and production. `permissionsBoundaryArn`, `logs`,
   * `network` and `training.imageRepositoryArns` apply to it too.
   */
  deploy?: DeployConfig;
}

/** Deployment of approved models. */
interface DeployConfig {
  /**
   * Create the deployment CodePipeline, which deploys each approved model version.
   * @default false
   */
  enabled?: boolean;
  /**
   * Repository of the deployment and test code. A push starts no execution.
   * The name of a new repository ends in `--modeldeploy`.
   * @default - a new CodeCommit repository
   */
  source?: SourceArgs;
  /** CodeBuild projects that deploy and test the endpoints; compute type as in `build`. */
  build?: DeployBuildConfig;
  /** Endpoint of staging. */
  staging?: StagingArgs;
  /** CloudWatch alarms of the production endpoint, and limits of a canary. */
  alarms?: AlarmsArgs;
  /**
   * Manual approval of each deployment to production: `required` or `none`.
   * `none` only with posture `dev`.
   * @default "required"
   */
  approval?: string;
  /**
   * Timeout of the manual approval in minutes, 5 to 86400. No effect with approval `none`.
   * @default 10080
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
   */
  approvalTimeoutMinutes?: number;
}

/** CodeBuild projects of the deployment. */
interface DeployBuildConfig {
  /**
   * CodeBuild managed image, or a private ECR image with tag or digest.
   * Set it if `build.image` has no Python 3.12 with boto3, or no `runtime-versions` of CodeBuild.
   * @default - `build.image`
   * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html
   */
  image?: string;
  /**
   * Build timeout in minutes, 5 to 2160. A slow canary deployment needs a long timeout.
   * @default 120
   * @see https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html
   */
  timeoutMinutes?: number;
}

const timeoutMinutes = integer(
  ...limits.buildTimeoutMinutes,
  "minutes",
  defaults.deploy.build.timeoutMinutes,
).default(defaults.deploy.build.timeoutMinutes);

const { alarms } = defaults.deploy;

/** Settings of the deployment, without those that both components share. */
const deployShape = {
  source: source.prefault(defaults.deploy.source),
  build: group(defaults.deploy.build, { ...machine, timeoutMinutes }).prefault({}),
  staging: group(defaults.deploy.staging, {
    kind: oneOf(limits.stagingKinds, "instances").default(defaults.deploy.staging.kind),
    hours: integer(...limits.stagingHours, "hours", defaults.deploy.staging.hours).default(
      defaults.deploy.staging.hours,
    ),
  }).prefault({}),
  alarms: group(alarms, {
    maximumErrors: integer(
      ...limits.maximumErrors,
      "errors in a minute",
      alarms.maximumErrors,
    ).default(alarms.maximumErrors),
    maximumLatencyMilliseconds: integer(
      ...limits.latencyMilliseconds,
      "milliseconds",
      alarms.maximumLatencyMilliseconds,
    ).default(alarms.maximumLatencyMilliseconds),
    noInvocationsMinutes: integer(...limits.noInvocationsMinutes, "minutes", 60).default(
      alarms.noInvocationsMinutes,
    ),
  }).prefault({}),
  approval: oneOf(limits.approvals, "required").default(defaults.deploy.approval),
  approvalTimeoutMinutes: integer(
    ...limits.approvalTimeoutMinutes,
    "minutes",
    defaults.deploy.approvalTimeoutMinutes,
  ).default(defaults.deploy.approvalTimeoutMinutes),
};

/** Schema of a stack config. */
export const stackSchema = group(
  { projectName: "churn" },
  {
    ...buildShape,
    deploy: group(
      { enabled: true },
      {
        enabled: boolean(true).default(defaults.deploy.enabled),
        ...deployShape,
        build: group(
          defaults.deploy.build,
          // No default: the image is that of `build`.
          { image: image.optional(), timeoutMinutes },
        ).prefault({}),
      },
    ).prefault({}),
  },
);

const exampleOutputs = {
  artifactBucketName: "mlops-churn--dev--eb805c6c",
  artifactKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  modelPackageGroupName: "mlops-churn--dev--models",
  notificationTopicArn: "arn:aws:sns:us-east-1:123456789012:mlops-churn--dev--notifications",
};

/** List of IDs. Not checked further: the whole list may be an output that is still unknown. */
const ids = (what: string, example: string) =>
  z.custom<pulumi.Input<StringInput[]>>((value) => value !== undefined && value !== null, {
    error: ruleText(`must be a list of ${what}`, [example]),
  });

/** Outputs of the model build. Not strict: callers pass the whole component. */
const modelBuild = z.object(
  {
    artifactBucketName: inputText(
      "must be the name of an S3 bucket",
      exampleOutputs.artifactBucketName,
      patterns.bucketName,
    ),
    artifactKeyArn: inputText(
      "must be the ARN of a KMS key",
      exampleOutputs.artifactKeyArn,
      patterns.keyArn,
    ),
    modelPackageGroupName: inputText(
      "must be the name of a model package group",
      exampleOutputs.modelPackageGroupName,
      patterns.groupName,
    ),
    notificationTopicArn: inputText(
      "must be the ARN of an SNS topic",
      exampleOutputs.notificationTopicArn,
      patterns.topicArn,
    ),
    networkSecurityGroupIds: ids("security group IDs", "sg-0a1b2c3d4e5f60718").optional(),
    networkSubnetIds: ids("subnet IDs", "subnet-0a1b2c3d4e5f60718").optional(),
    networkVpcId: inputText("must be the ID of a VPC", vpcId, patterns.vpcId).optional(),
  },
  { error: ruleText("must be a ModelBuildPipeline, or its outputs", exampleOutputs) },
);

/** Schema of the arguments of `ModelDeployPipeline`. */
export const deploySchema = group(
  { projectName: "churn", modelBuild: exampleOutputs },
  {
    ...project,
    ...deployShape,
    modelBuild,
    imageRepositoryArns: imageRepositories,
    logs: logs.prefault({}),
    notifications: group({ executionRole: false }, { executionRole }).prefault({}),
    packageIndexUrl: packageIndexUrl.optional(),
  },
);
