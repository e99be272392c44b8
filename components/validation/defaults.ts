/*
 * Every default value. The schemas and docs/configuration.md take it from here;
 * tests/components/defaults.test.ts compares the `@default` of the arguments, Pulumi.yaml and README.
 */

const codecommit = { branch: "main", seed: true } as const;
const none: never[] = [];

/** Default values of a stack config, in its shape. */
export const defaults = {
  /**
   * First word of every physical name. Not `sagemaker`: AWS-managed policies, for example
   * AmazonSageMakerFullAccess, grant StartBuild, GitPush, S3 access and StartPipelineExecution on
   * `sagemaker-*` to everyone who has them.
   */
  namePrefix: "mlops",
  posture: "prod",
  source: { codecommit },
  build: {
    image: "aws/codebuild/amazonlinux-x86_64-standard:6.0",
    computeType: "BUILD_GENERAL1_SMALL",
    buildspec: "codebuild-buildspec.yml",
    environment: {},
    secretsManager: {},
    parameterStore: {},
    secretKeyArns: none,
    comparePullRequests: false,
    waitForTraining: false,
    policyStatements: none,
  },
  artifacts: {
    requireKey: true,
    noncurrentDays: 365,
    readerRoleArns: none,
    approverRoleArns: none,
    administratorArns: none,
  },
  pipeline: { executionMode: "SUPERSEDED" },
  logs: { retentionDays: 365 },
  training: {
    dataBuckets: none,
    dataKeyArns: none,
    imageRepositoryArns: none,
    policyStatements: none,
  },
  notifications: { emails: none, executionRole: true, queueArns: none },
  trial: {
    starterRoleArns: none,
    maxInstanceMinutes: 180,
    instanceTypes: ["ml.m5.large", "ml.t3.medium"],
  },
  network: {},
  deploy: {
    enabled: false,
    source: { codecommit },
    build: { timeoutMinutes: 120 },
    staging: { kind: "instances", hours: 24 },
    alarms: { maximumErrors: 0, maximumLatencyMilliseconds: 1000, noInvocationsMinutes: 0 },
    approval: "required",
    approvalTimeoutMinutes: 10080,
  },
} as const;

/** Default values in groups that a stack config has only if it sets them. */
export const groupDefaults = {
  source: {
    existing: { branch: codecommit.branch },
    connection: { branch: codecommit.branch },
  },
  network: { created: { cidrBlock: "10.0.0.0/16", availabilityZones: 2 }, isolateJobs: true },
} as const;

/** Default values that depend on another setting. */
export const dependentDefaults = {
  build: { timeoutMinutes: { otherwise: 60, waitForTraining: 480 } },
  network: { created: { natGateways: { otherwise: "Single", packageIndexUrl: "None" } } },
} as const;
