import type * as pulumi from "@pulumi/pulumi";

import type { LogsArgs, SourceArgs } from "./args";

/** What a caller decides about a `ModelDeployPipeline`. Only `projectName` and `modelBuild` have no default. */
export interface ModelDeployPipelineArgs {
  /** As of the `ModelBuildPipeline` whose models are deployed. */
  projectName: string;
  /**
   * As of the `ModelBuildPipeline` whose models are deployed.
   * @default - the stack's name
   */
  projectId?: string;
  /**
   * `prod` protects every resource and keeps data when protection is lifted; `dev` can be destroyed without a trace.
   * @default "prod"
   */
  posture?: string;
  /**
   * A policy of the same account beyond which no role that is made here can ever go, whatever its own policy says.
   * @default - none
   */
  permissionsBoundaryArn?: pulumi.Input<string>;
  /** What the `ModelBuildPipeline` of the project gives, which must have `deployment` set. */
  modelBuild: ModelBuildGivesArgs;
  /** Where the code of deployment and test lives. @default - a CodeCommit repository is created */
  source?: SourceArgs;
  /** How the builds run that bring endpoints up and test them. */
  build?: DeployBuildArgs;
  /** Minutes that a tested version waits for approval, 5 to 86400. @default 10080 */
  approvalTimeoutMinutes?: number;
  /** ECR repositories from which images of models may be pulled. @default - none */
  imageRepositoryArns?: pulumi.Input<string>[];
  /** Roles or users that alone may delete versions of the deployments' state. @default - no such limit */
  administratorArns?: pulumi.Input<string>[];
  /** How long logs are kept. */
  logs?: LogsArgs;
  /** The private network in which builds and models run. @default - none */
  network?: DeployNetworkArgs;
}

/** Outputs of a `ModelBuildPipeline`, under their own names; given the component itself, pipeline and rules wait for all of it. */
export interface ModelBuildGivesArgs {
  /** Name of the bucket that keeps every build. */
  artifactBucketName: pulumi.Input<string>;
  /** ARN of the project's key. */
  artifactKeyArn: pulumi.Input<string>;
  /** Name of the model package group. */
  modelPackageGroupName: pulumi.Input<string>;
  /** ARN of the topic that tells people. */
  notificationTopicArn: pulumi.Input<string>;
}

/** The CodeBuild projects. */
export interface DeployBuildArgs {
  /** CodeBuild's own image, or a private ECR image with tag or digest. @default "aws/codebuild/amazonlinux-x86_64-standard:6.0" */
  image?: string;
  /** `BUILD_GENERAL1_` SMALL, MEDIUM, LARGE, XLARGE or 2XLARGE. @default "BUILD_GENERAL1_SMALL" */
  computeType?: string;
  /** Minutes a build may run, 5 to 2160; an endpoint with a slow canary takes long. @default 120 */
  timeoutMinutes?: number;
  /** Minutes a build may wait for a machine, 5 to 480. @default 60 */
  queuedTimeoutMinutes?: number;
}

/** Where builds and models run, as a `ModelBuildPipeline` with a private network gives it. */
export interface DeployNetworkArgs {
  /** The VPC of the subnets. */
  vpcId: pulumi.Input<string>;
  /** Subnets without public addresses. */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Security groups of builds and models. */
  securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Where pip and uv find packages: an HTTPS address without credentials. @default - wherever they look by themselves */
  packageIndexUrl?: string;
}
