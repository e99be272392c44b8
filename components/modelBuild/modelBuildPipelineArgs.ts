import type * as pulumi from "@pulumi/pulumi";

/**
 * Arguments of `ModelBuildPipeline`. Only `projectName` is required.
 * @example { projectName: "churn", projectId: "dev", posture: "dev" }
 */
export interface ModelBuildPipelineArgs {
  /**
   * Project name, part of every physical name.
   * 1 to 32 lower-case letters, digits and single hyphens.
   */
  projectName: string;
  /**
   * Installation of the project, part of every physical name; same rule as `projectName`.
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
   * First word of every physical name: 1 to 12 lower-case letters and digits.
   * A new value replaces every resource.
   * With `sagemaker`, every user with the AWS managed policy AmazonSageMakerFullAccess may start
   * builds, push code and write artifacts.
   * @default "mlops"
   * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSageMakerFullAccess.html
   */
  namePrefix?: string;
  /**
   * IAM policy of the same account, attached as permissions boundary to every role that this
   * component creates.
   * @default - none
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
   */
  permissionsBoundaryArn?: pulumi.Input<string>;
  /**
   * Repository of the model code: one of `codecommit`, `existing` and `connection`.
   * @default - a new CodeCommit repository
   */
  source?: SourceArgs;
  /** CodeBuild project that creates and starts the SageMaker pipeline. */
  build?: BuildArgs;
  /** Artifact bucket: retention and access. */
  artifacts?: ArtifactsArgs;
  /** CodePipeline: execution mode. */
  pipeline?: PipelineArgs;
  /** Retention of logs. */
  logs?: LogsArgs;
  /** Execution role of training: data buckets, keys and images. */
  training?: TrainingArgs;
  /** Recipients and publisher of notifications about failures and pending model versions. */
  notifications?: NotificationsArgs;
  /** Trials of pull requests on SageMaker: who starts them, and their limits. */
  trial?: TrialArgs;
  /**
   * Private network of builds and jobs: one of `existing` and `created`.
   * @default - none: builds and jobs run in networks of AWS, with internet access
   */
  network?: NetworkArgs;
  /**
   * Lets a `ModelDeployPipeline` of the same project use the key, buckets, topic and queue.
   * @default false
   */
  deployment?: boolean;
}

/**
 * Repository of the model code: exactly one of these.
 * @example { codecommit: { branch: "main" } }
 */
export interface SourceArgs {
  /** CodeCommit repository that the component creates and owns. */
  codecommit?: CodeCommitSourceArgs;
  /** Existing CodeCommit repository. The component reads it and never changes it. */
  existing?: ExistingSourceArgs;
  /** Repository at GitHub, GitLab or Bitbucket, through a connection of AWS CodeConnections. */
  connection?: ConnectionSourceArgs;
}

/**
 * CodeCommit repository that the component creates.
 * @example { repositoryName: "churn-model", branch: "main", seed: false }
 */
export interface CodeCommitSourceArgs {
  /**
   * Name of the repository.
   * @default - `<namePrefix>-<projectName>--<projectId>--modelbuild`
   * @see https://docs.aws.amazon.com/codecommit/latest/userguide/limits.html
   */
  repositoryName?: string;
  /**
   * Branch whose commits start the pipeline.
   * @default "main"
   */
  branch?: string;
  /**
   * Create the first commit, with working model code, before the first pipeline execution.
   * @default true
   */
  seed?: boolean;
}

/**
 * Existing CodeCommit repository of the same account and region.
 * @example { repositoryName: "churn-model" }
 */
export interface ExistingSourceArgs {
  /** Name of the repository. */
  repositoryName: string;
  /**
   * Branch whose commits start the pipeline.
   * @default "main"
   */
  branch?: string;
}

/**
 * Repository outside AWS.
 * @example { connectionArn: connection.arn, fullRepositoryId: "acme/churn-model" }
 */
export interface ConnectionSourceArgs {
  /**
   * ARN of a CodeConnections (or CodeStar) connection in the state "Available".
   * A new connection is pending until you complete the handshake in the AWS console.
   * @see https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-update.html
   */
  connectionArn: string;
  /** `owner/repository`, or for GitLab `group/subgroup/repository`. */
  fullRepositoryId: string;
  /**
   * Branch whose commits start the pipeline.
   * @default "main"
   */
  branch?: string;
  /**
   * Globs of file paths, at most 8. A push that changes no matching file starts no execution.
   * @default - every push to the branch starts the pipeline
   * @see https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GitFilePathFilterCriteria.html
   */
  paths?: string[];
}

/**
 * CodeBuild project of the model build.
 * @example { environment: { COUNTRY: "eu" }, secretsManager: { TOKEN: "churn/token:key" } }
 */
export interface BuildArgs {
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
   * Build timeout in minutes, 5 to 2160.
   * @default - 60, or 480 with `waitForTraining`
   * @see https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html
   */
  timeoutMinutes?: number;
  /**
   * Path of the buildspec in the repository.
   * @default "codebuild-buildspec.yml"
   */
  buildspec?: string;
  /**
   * Additional plain-text environment variables of the build.
   * Must not contain secrets: AWS shows the values to every user who may read the project.
   * @default - none
   * @see https://docs.aws.amazon.com/codebuild/latest/APIReference/API_EnvironmentVariable.html
   */
  environment?: Record<string, string>;
  /**
   * Environment variables of the build from Secrets Manager, each with the name or ARN of a secret
   * of the stack's account and region, and optionally JSON key, version stage and version ID, as in
   * a buildspec. The build role may read these secrets.
   * @default - none
   * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.env
   */
  secretsManager?: Record<string, string>;
  /**
   * Environment variables of the build from Parameter Store, each with the name of a parameter of
   * the stack's account and region. The build role may read these parameters.
   * @default - none
   * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.env
   */
  parameterStore?: Record<string, string>;
  /**
   * Customer managed KMS keys of `secretsManager` and `parameterStore`. The build role may decrypt
   * with them, only through these services.
   * @default - none: the AWS managed keys, which need no permission
   */
  secretKeyArns?: pulumi.Input<string>[];
  /**
   * Sets the variable `WAIT_FOR_TRAINING`: the build waits until training has ended.
   * @default false
   */
  waitForTraining?: boolean;
  /**
   * Comments on each pull request to the branch how the change alters the model: one build runs
   * `compare-buildspec.yml` of the pull request, a second one `comment-buildspec.yml` of the branch.
   * Only for a CodeCommit repository, and not with `network`.
   * @default false
   */
  comparePullRequests?: boolean;
  /**
   * Further permissions of the build role, at most 8 statements: an IAM policy of its own, in which
   * Deny statements keep the promises of SECURITY.md.
   * @default - none
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
   */
  policyStatements?: PolicyStatementArgs[];
}

/**
 * IAM statement that allows these actions on these resources.
 * @example { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::churn-features/*"] }
 */
export interface PolicyStatementArgs {
  /** Actions by their full names, 1 to 40. */
  actions: string[];
  /**
   * ARNs, 1 to 20; `*` for actions that AWS does not limit to a resource.
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
   */
  resources: pulumi.Input<string>[];
  /**
   * Values by condition operator and condition key.
   * @default - none
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
   */
  conditions?: Record<string, Record<string, string[]>>;
}

/**
 * Artifact bucket.
 * @example { expireBuildsAfterDays: 730, approverRoleArns: [dataScience.arn] }
 */
export interface ArtifactsArgs {
  /**
   * Deny uploads that ask for KMS encryption without a key ID.
   * S3 would encrypt them with the AWS managed key `aws/s3`, whose policy cannot be changed.
   * @default true
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
   */
  requireKey?: boolean;
  /**
   * Days until the artifacts of a build are deleted, 1 to 36500.
   * With deployment, only in the folders of CodePipeline, of the SageMaker pipeline and of captured
   * requests: deployed models never expire.
   * @default - never: every build remains available for rollback and audit
   */
  expireBuildsAfterDays?: number;
  /**
   * Days that a noncurrent version of an object is retained, 1 to 36500.
   * The last 10 versions are retained at any age.
   * @default 365
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_NoncurrentVersionExpiration.html
   */
  noncurrentDays?: number;
  /**
   * Roles outside this component that may read artifacts.
   * @default - none
   */
  readerRoleArns?: pulumi.Input<string>[];
  /**
   * Roles of this account that approve models.
   * With the policy `approverPolicy` attached, they may decrypt evaluation reports.
   * @default - none
   */
  approverRoleArns?: pulumi.Input<string>[];
  /**
   * Roles or users that may delete object versions or the bucket, or change its protection.
   * All other principals are denied: include the role that runs `pulumi up`.
   * @default - no restriction
   */
  administratorArns?: pulumi.Input<string>[];
}

/**
 * CodePipeline of the model build.
 * @example { executionMode: "QUEUED" }
 */
export interface PipelineArgs {
  /**
   * `SUPERSEDED`: a newer execution replaces a waiting one. `QUEUED`: executions run in order.
   * @default "SUPERSEDED"
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html
   */
  executionMode?: string;
}

/**
 * Log groups and access logs.
 * @example { retentionDays: 30 }
 */
export interface LogsArgs {
  /**
   * Retention in days: one of the values of CloudWatch Logs.
   * @default 365
   * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
   */
  retentionDays?: number;
}

/**
 * Execution role of training, and its access.
 * @example { dataBuckets: ["churn-data"], dataKeyArns: [dataKey.arn] }
 */
export interface TrainingArgs {
  /**
   * Existing role that SageMaker assumes.
   * @default - a new role
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
   */
  executionRoleArn?: pulumi.Input<string>;
  /**
   * Buckets that training may read; with a private network, at most 4.
   * @default - only the artifact bucket
   */
  dataBuckets?: pulumi.Input<string>[];
  /**
   * KMS keys that decrypt the data buckets; with a private network, at most 4.
   * @default - none
   */
  dataKeyArns?: pulumi.Input<string>[];
  /**
   * ECR repositories of the training and processing images, also of those of AWS;
   * with a private network, at most 3.
   * @default - none
   */
  imageRepositoryArns?: pulumi.Input<string>[];
  /**
   * Further permissions of the execution role, at most 8 statements, as in `build`.
   * Not with `executionRoleArn`.
   * @default - none
   */
  policyStatements?: PolicyStatementArgs[];
}

/**
 * Trials: SageMaker trains and evaluates the model of a pull request on the data of training, before
 * the merge, with roles that cannot register it.
 * @example { starterRoleArns: [github.arn], maxInstanceMinutes: 60 }
 */
export interface TrialArgs {
  /**
   * Roles of this account that start trials: of a GitHub workflow, or of users.
   * @default - none: there are no trials
   */
  starterRoleArns?: pulumi.Input<string>[];
  /**
   * Limit of a trial, 1 to 10080: the longest runtime of each job times its instances, all jobs
   * together.
   * @default 180
   */
  maxInstanceMinutes?: number;
  /**
   * Instance types of the jobs, 1 to 8.
   * @default - ml.m5.large and ml.t3.medium, those of the starter
   */
  instanceTypes?: string[];
}

/**
 * Subscriptions and publisher of the notification topic. Other subscribers are not affected.
 * @example { emails: ["ml-team@example.com"] }
 */
export interface NotificationsArgs {
  /**
   * Email addresses, at most 8. SNS sends nothing to an address until its owner confirms it.
   * @default - none
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
   */
  emails?: string[];
  /**
   * Whether EventBridge publishes notifications with an execution role. With `false`, it publishes
   * as a service, which the policies of topic and key then allow.
   * @default true
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
   */
  executionRole?: boolean;
  /**
   * Standard SQS queues of this account, at most 8. Their policies must let the topic send.
   * @default - none
   * @see https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html
   */
  queueArns?: pulumi.Input<string>[];
}

/**
 * Private network of builds and jobs: exactly one of `existing` and `created`.
 * An empty object means no private network.
 * @example { created: { cidrBlock: "10.0.0.0/16", natGateways: "Single" } }
 */
export interface NetworkArgs {
  /** Subnets and security groups of an existing VPC. */
  existing?: ExistingNetworkArgs;
  /** VPC that the component creates and owns. */
  created?: CreatedNetworkArgs;
  /**
   * Network isolation of SageMaker jobs: containers make no outbound network calls.
   * SageMaker itself downloads their input and uploads their output.
   * @default true
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html
   */
  isolateJobs?: boolean;
  /**
   * Package index of pip and uv: an HTTPS address without credentials.
   * @default - the default index of pip and uv
   */
  packageIndexUrl?: string;
}

/**
 * Existing network of the stack's account and region.
 * @example { vpcId: vpc.id, subnetIds: [subnet.id], securityGroupIds: [group.id] }
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_VpcConfig.html
 */
export interface ExistingNetworkArgs {
  /** VPC of the subnets. */
  vpcId: pulumi.Input<string>;
  /** Subnets without public addresses, 1 to 16; with deployment, at most 7. */
  subnetIds: pulumi.Input<string>[];
  /** Security groups of builds and jobs, 1 to 5. */
  securityGroupIds: pulumi.Input<string>[];
}

/**
 * VPC with a private subnet in each availability zone, and with VPC endpoints for the AWS services
 * that builds and jobs call.
 * @example { cidrBlock: "10.20.0.0/16", availabilityZones: 2, natGateways: "None" }
 */
export interface CreatedNetworkArgs {
  /**
   * Private IPv4 range, /16 to /22.
   * @default "10.0.0.0/16"
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
   */
  cidrBlock?: string;
  /**
   * Number of availability zones, 1 to 4. With one zone, an outage of the zone stops all builds.
   * @default 2
   */
  availabilityZones?: number;
  /**
   * NAT gateways, for internet access: `None`, `Single` or `OnePerAz`.
   * @default - `None` with a `packageIndexUrl`, else `Single`: a build installs packages
   */
  natGateways?: string;
}
