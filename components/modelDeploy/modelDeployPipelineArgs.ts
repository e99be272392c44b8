import type * as pulumi from "@pulumi/pulumi";

import type { LogsArgs, SourceArgs } from "../modelBuild/modelBuildPipelineArgs";

/**
 * Arguments of `ModelDeployPipeline`. Only `projectName` and `modelBuild` are required.
 * @example { projectName: "churn", projectId: "dev", modelBuild }
 */
export interface ModelDeployPipelineArgs {
  /** Project name; must be that of the `ModelBuildPipeline`. */
  projectName: string;
  /**
   * Installation of the project; must be that of the `ModelBuildPipeline`.
   * @default - the stack name
   */
  projectId?: string;
  /**
   * Protection against deletion.
   * `prod` protects every resource and retains data when the protection is removed.
   * `dev` allows full teardown, including data.
   * @default "prod"
   */
  posture?: string;
  /**
   * First word of every physical name; must be that of the `ModelBuildPipeline`.
   * @default "mlops"
   */
  namePrefix?: string;
  /**
   * IAM policy of the same account, attached as permissions boundary to every role that this
   * component creates.
   * @default - none
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
   */
  permissionsBoundaryArn?: pulumi.Input<string>;
  /** The `ModelBuildPipeline` of the project, with `deployment` set, or its outputs. */
  modelBuild: ModelBuildOutputsArgs;
  /**
   * Repository of the deployment and test code.
   * @default - a new CodeCommit repository
   */
  source?: SourceArgs;
  /** CodeBuild projects that deploy and test the endpoints. */
  build?: DeployBuildArgs;
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
  /**
   * ECR repositories of the model images.
   * @default - none
   */
  imageRepositoryArns?: pulumi.Input<string>[];
  /** Retention of logs. */
  logs?: LogsArgs;
  /** Publisher of the notifications. */
  notifications?: DeployNotificationsArgs;
  /**
   * Package index of pip and uv in a private network: an HTTPS address without credentials.
   * @default - the default index of pip and uv
   */
  packageIndexUrl?: string;
}

/**
 * Publisher of the notifications of deployments.
 * @example { executionRole: false }
 */
export interface DeployNotificationsArgs {
  /**
   * Whether EventBridge publishes notifications with an execution role; must be that of the
   * `ModelBuildPipeline`, which creates the role.
   * @default true
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
   */
  executionRole?: boolean;
}

/**
 * Outputs of a `ModelBuildPipeline`, under their own names.
 * Pass the component itself: the pipeline and the rules then wait for all of its resources.
 * @example { artifactBucketName, artifactKeyArn, modelPackageGroupName, notificationTopicArn }
 */
export interface ModelBuildOutputsArgs {
  /** Name of the artifact bucket. */
  artifactBucketName: pulumi.Input<string>;
  /** ARN of the KMS key of the project. */
  artifactKeyArn: pulumi.Input<string>;
  /** Name of the model package group. */
  modelPackageGroupName: pulumi.Input<string>;
  /** ARN of the notification topic. */
  notificationTopicArn: pulumi.Input<string>;
  /**
   * Security groups of builds and models; all three network outputs, or none.
   * @default - no private network
   */
  networkSecurityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Subnets of builds and models, without public addresses.
   * @default - no private network
   */
  networkSubnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * VPC of the subnets.
   * @default - no private network
   */
  networkVpcId?: pulumi.Input<string>;
}

/**
 * Endpoint of staging.
 * @example { kind: "serverless" }
 */
export interface StagingArgs {
  /**
   * `instances`: an endpoint with instances, as in production.
   * `serverless`: an endpoint that costs nothing between requests, without network isolation; only
   * with posture `dev`, and without a private network.
   * After a change, the next deployment deletes the endpoint and creates it again.
   * @default "instances"
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
   */
  kind?: string;
  /**
   * Hours after the end of the approval until EventBridge Scheduler deletes the staging endpoint, 0
   * to 720. Each deployment renews the schedule, and the next one creates the endpoint again.
   * 0 keeps the endpoint.
   * @default 24
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/what-is-scheduler.html
   */
  hours?: number;
}

/**
 * CloudWatch alarms of the production endpoint, with the notification topic as action.
 * A canary of either endpoint has the same limits for errors and latency.
 * @example { maximumErrors: 5, maximumLatencyMilliseconds: 300, noInvocationsMinutes: 60 }
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 */
export interface AlarmsArgs {
  /**
   * Maximum number of server errors (`Invocation5XXErrors`) in a minute, 0 to 1000000.
   * @default 0
   */
  maximumErrors?: number;
  /**
   * Maximum mean latency of the model (`ModelLatency`) in milliseconds, 1 to 60000.
   * @default 1000
   */
  maximumLatencyMilliseconds?: number;
  /**
   * Minutes without an invocation until an alarm fires, 0 to 1440. 0 creates no such alarm.
   * @default 0
   */
  noInvocationsMinutes?: number;
}

/**
 * CodeBuild projects of the deployment.
 * @example { timeoutMinutes: 240 }
 */
export interface DeployBuildArgs {
  /**
   * CodeBuild managed image, or a private ECR image with tag or digest.
   * @default "aws/codebuild/amazonlinux-x86_64-standard:6.0"
   * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html
   */
  image?: string;
  /**
   * Compute type: `BUILD_GENERAL1_` SMALL, MEDIUM, LARGE, XLARGE or 2XLARGE.
   * @default "BUILD_GENERAL1_SMALL"
   * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-compute-types.html
   */
  computeType?: string;
  /**
   * Build timeout in minutes, 5 to 2160. A slow canary deployment needs a long timeout.
   * @default 120
   * @see https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html
   */
  timeoutMinutes?: number;
}
