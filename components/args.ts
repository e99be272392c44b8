import type * as pulumi from "@pulumi/pulumi";

/** What a caller decides about a `ModelBuildPipeline`. Only `projectName` has no default. */
export interface ModelBuildPipelineArgs {
  /** Names everything, with `projectId`: 1 to 32 lower-case letters, digits and single hyphens. */
  projectName: string;
  /**
   * Tells two installations of one project apart; same rule as `projectName`.
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
  /** Where the model code lives. @default - a CodeCommit repository is created */
  source?: SourceArgs;
  /** How the build runs that creates and starts the SageMaker pipeline. */
  build?: BuildArgs;
  /** How builds are kept, and who may read them. */
  artifacts?: ArtifactsArgs;
  /** How the CodePipeline treats overlapping pushes. */
  pipeline?: PipelineArgs;
  /** How long logs are kept. */
  logs?: LogsArgs;
  /** What training may use. */
  training?: TrainingArgs;
  /** Who is told of failures, and of model versions that wait for approval. */
  notifications?: NotificationsArgs;
  /** The private network in which builds and jobs run. @default - none: they run in networks of AWS, with access to the internet */
  network?: NetworkArgs;
  /** Lets a `ModelDeployPipeline` of the same project use key, buckets, topic and queue. @default false */
  deployment?: boolean;
}

/** Where the model code lives: exactly one of these. */
export interface SourceArgs {
  /** A CodeCommit repository that the component creates and owns. */
  codecommit?: CodeCommitSourceArgs;
  /** A CodeCommit repository that is already there; it is looked up and never changed. */
  existing?: ExistingSourceArgs;
  /** A repository at GitHub, GitLab or Bitbucket, reached by a connection. */
  connection?: ConnectionSourceArgs;
}

/** A CodeCommit repository made by the component. */
export interface CodeCommitSourceArgs {
  /** @default - `sagemaker-<projectName>-<projectId>-modelbuild` */
  repositoryName?: string;
  /** The one branch whose commits start the pipeline. @default "main" */
  branch?: string;
  /** Make the first commit, with working model code, before the pipeline's first run. @default true */
  seed?: boolean;
}

/** A CodeCommit repository of the same account and region, made elsewhere. */
export interface ExistingSourceArgs {
  /** Its name. */
  repositoryName: string;
  /** The one branch whose commits start the pipeline. @default "main" */
  branch?: string;
}

/** A repository outside AWS. */
export interface ConnectionSourceArgs {
  /** ARN of a CodeConnections (or CodeStar) connection whose handshake somebody has completed in the console. */
  connectionArn: string;
  /** `owner/repository`, or for GitLab `group/subgroup/repository`. */
  fullRepositoryId: string;
  /** The one branch whose commits start the pipeline. @default "main" */
  branch?: string;
  /** Globs of paths; a push that touches none of them starts nothing. At most 8. @default - every push to the branch */
  paths?: string[];
}

/** The CodeBuild project. */
export interface BuildArgs {
  /** CodeBuild's own image, or a private ECR image with tag or digest. @default "aws/codebuild/amazonlinux-x86_64-standard:6.0" */
  image?: string;
  /** `BUILD_GENERAL1_` SMALL, MEDIUM, LARGE, XLARGE or 2XLARGE. @default "BUILD_GENERAL1_SMALL" */
  computeType?: string;
  /** Minutes a build may run, 5 to 2160. @default - 60, or 480 with `waitForTraining` */
  timeoutMinutes?: number;
  /** Minutes a build may wait for a machine, 5 to 480. @default 60 */
  queuedTimeoutMinutes?: number;
  /** Path of the buildspec in the repository. @default "codebuild-buildspec.yml" */
  buildspec?: string;
  /** Further plain-text variables of the build. No secrets: AWS shows them to everyone who may read the project. */
  environment?: Record<string, string>;
  /** Tells the build to wait until training has ended, by the variable `WAIT_FOR_TRAINING`. @default false */
  waitForTraining?: boolean;
}

/** The artifact bucket. */
export interface ArtifactsArgs {
  /** Refuse uploads that ask for KMS but name no key, which S3 would encrypt with a key nobody here controls. @default true */
  requireKey?: boolean;
  /** Days after which a build's artifacts are deleted, 1 to 36500. @default - never: every build stays for rollback and audit */
  expireBuildsAfterDays?: number;
  /** Days that an overwritten or deleted object stays readable as an earlier version, 1 to 36500. @default 365 */
  noncurrentDays?: number;
  /** Earlier versions of an object that stay whatever their age, 1 to 100. @default 10 */
  noncurrentVersions?: number;
  /** Roles outside this component that may read artifacts. @default - none */
  readerRoleArns?: pulumi.Input<string>[];
  /** Roles of this account that approve models: with the policy `approverPolicy` attached, they may decrypt reports. @default - none */
  approverRoleArns?: pulumi.Input<string>[];
  /**
   * Roles or users that alone may delete versions or the bucket, or change what protects them; name the one that runs
   * `pulumi up` too.
   * @default - no such limit
   */
  administratorArns?: pulumi.Input<string>[];
}

/** The CodePipeline. */
export interface PipelineArgs {
  /** `SUPERSEDED`: a newer push overtakes a waiting one; `QUEUED`: each runs in turn. @default "SUPERSEDED" */
  executionMode?: string;
}

/** Log groups and access logs. */
export interface LogsArgs {
  /** Days that logs are kept: one of CloudWatch's values. @default 365 */
  retentionDays?: number;
}

/** What training may use. */
export interface TrainingArgs {
  /** A role that SageMaker assumes, made elsewhere. @default - one is created */
  executionRoleArn?: pulumi.Input<string>;
  /** Buckets that training may read. @default - only the artifact bucket */
  dataBuckets?: pulumi.Input<string>[];
  /** Keys that decrypt the data buckets. @default - none */
  dataKeyArns?: pulumi.Input<string>[];
  /** ECR repositories from which training and processing images may be pulled. @default - none */
  imageRepositoryArns?: pulumi.Input<string>[];
}

/** Who hears of the topic's messages, beside those who subscribe to it themselves. */
export interface NotificationsArgs {
  /** Mail addresses, at most 8; each hears nothing before its owner has confirmed it. @default - none */
  emails?: string[];
  /** Standard SQS queues of this account whose policy lets the topic send, at most 8. @default - none */
  queueArns?: pulumi.Input<string>[];
}

/** Where builds and jobs run: exactly one of `existing` and `created`; none of them is no private network. */
export interface NetworkArgs {
  /** Subnets and security groups of a VPC that is already there. */
  existing?: ExistingNetworkArgs;
  /** A VPC that the component creates and owns. */
  created?: CreatedNetworkArgs;
  /** Let the containers of jobs reach nothing at all: SageMaker brings their input and takes their output. @default true */
  isolateJobs?: boolean;
  /** Where pip and uv find packages: an HTTPS address without credentials. @default - wherever they look by themselves */
  packageIndexUrl?: string;
}

/** A network of the stack's own account and region, made elsewhere. */
export interface ExistingNetworkArgs {
  /** The VPC of the subnets. */
  vpcId: pulumi.Input<string>;
  /** Subnets without public addresses, 1 to 16. */
  subnetIds: pulumi.Input<string>[];
  /** Security groups of builds and jobs, 1 to 5. */
  securityGroupIds: pulumi.Input<string>[];
}

/** A VPC with a private subnet in each zone, and endpoints for the AWS services that builds and jobs call. */
export interface CreatedNetworkArgs {
  /** Its private addresses, /16 to /22. @default "10.0.0.0/16" */
  cidrBlock?: string;
  /** In how many availability zones, 1 to 4; fewer than two stop with their zone. @default 2 */
  availabilityZones?: number;
  /** The way to the internet: `None`, `Single` or `OnePerAz`. @default - `None` with a `packageIndexUrl`, else `Single`: a build needs packages */
  natGateways?: string;
}
