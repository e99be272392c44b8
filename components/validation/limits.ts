/*
 * Limits of numbers and lists: smallest and largest value, both included. patterns.ts has the
 * limits of texts.
 */

/**
 * Timeout of a manual approval in minutes.
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
 */
export const approvalTimeoutMinutes = [5, 86400] as const;

/**
 * Timeout of a build in minutes.
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html
 */
export const buildTimeoutMinutes = [5, 2160] as const;

/**
 * Timeout in minutes of a build with `waitForTraining`, a limit of this project: SageMaker starts
 * each job in minutes.
 */
export const trainingTimeoutMinutes = { min: 60 } as const;

/** Instance minutes of a trial, a limit of this project: one week. */
export const instanceMinutes = [1, 10_080] as const;

/** Instance types of trials, a limit of this project. */
export const instanceTypes = { min: 1, max: 8 } as const;

/** Days in a lifecycle rule of S3, a limit of this project: one hundred years. */
export const lifecycleDays = [1, 36500] as const;

/** Availability zones of a created VPC, a limit of this project: few regions have more. */
export const availabilityZones = [1, 4] as const;

/**
 * List length: the longest entries fit into the 10,240 characters of a role's inline policies.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const few = { max: 8 } as const;

/** Like {@link few}: the ARNs of image repositories are the longest. */
export const imageRepositories = { max: 6, maxWithNetwork: 3 } as const;

/** Like {@link few}, with a network: the policy of the execution role contains it twice. */
export const fewWithNetwork = { max: 4 } as const;

/** References to secrets, and to parameters, like {@link few}. */
export const references = { max: 8 } as const;

/** Actions, resources and values of a condition in a policy statement, limits of this project. */
export const statementActions = { min: 1, max: 40 } as const;
export const statementResources = { min: 1, max: 20 } as const;

/**
 * Characters of all inline policies of a role: 10,240 less those of the policy of `npm run revoke`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const rolePolicySize = 10_040;

/** Characters in the value of an environment variable, a limit of this project. */
export const variableLength = { max: 1000 } as const;

/**
 * File path filters of a CodePipeline trigger.
 * @see https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GitFilePathFilterCriteria.html
 */
export const paths = { min: 1, max: 8 } as const;

/**
 * Subnets of SageMaker and CodeBuild.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_VpcConfig.html
 * @see https://docs.aws.amazon.com/codebuild/latest/APIReference/API_VpcConfig.html
 */
export const subnetIds = { min: 1, max: 16 } as const;

/** Subnets with a deployment: the policy of a deployment build contains each subnet twice. */
export const subnetIdsWithDeployment = { max: 7 } as const;

/** Security groups; see {@link subnetIds}. */
export const securityGroupIds = { min: 1, max: 5 } as const;

/** Kinds of the staging endpoint. */
export const stagingKinds = ["instances", "serverless"] as const;

/** Hours of the staging endpoint after the approval, a limit of this project: one month. */
export const stagingHours = [0, 720] as const;

/** Whether a deployment to production waits for a manual approval. */
export const approvals = ["required", "none"] as const;

/** Server errors in a minute, a limit of this project. */
export const maximumErrors = [0, 1_000_000] as const;

/**
 * Milliseconds of a model's answer: SageMaker ends an invocation after one minute.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
 */
export const latencyMilliseconds = [1, 60_000] as const;

/**
 * Minutes without invocations: the longest period of an alarm is a day.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export const noInvocationsMinutes = [0, 1440] as const;

/**
 * CodeBuild compute types for containers. Lambda, GPU and fleet types need additional settings.
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-compute-types.html
 */
export const computeTypes = [
  "BUILD_GENERAL1_SMALL",
  "BUILD_GENERAL1_MEDIUM",
  "BUILD_GENERAL1_LARGE",
  "BUILD_GENERAL1_XLARGE",
  "BUILD_GENERAL1_2XLARGE",
] as const;

/**
 * CloudWatch Logs retention in days.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
export const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
] as const;
