import { defaults, dependentDefaults } from "./defaults";
import { environment } from "./environment";
import * as limits from "./limits";
import * as patterns from "./patterns";
import { network } from "./network";
import { policyStatements } from "./policyStatements";
import { parameterStore, secretsManager } from "./references";
import { boolean, inputText, group, integer, listOf, oneOf, text } from "./fields";
import { source } from "./source";

const exampleRole = "arn:aws:iam::123456789012:role/data-science";
/** Example of a KMS key ARN. */
export const exampleKey =
  "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const exampleBoundary = "arn:aws:iam::123456789012:policy/mlops-churn--dev--boundary-use1";
const exampleQueue = "arn:aws:sqs:us-east-1:123456789012:on-call";
/** Example of an ECR repository ARN. */
export const exampleImages = "arn:aws:ecr:us-east-1:123456789012:repository/churn-train";

const projectWord = (word: string) =>
  text(
    "must be 1 to 32 lower-case letters, digits and single hyphens, starting with a letter",
    word,
    patterns.projectWord,
  );

/** Image of a build. */
export const image = text(
  "must be one of CodeBuild's images or a private ECR image, with its tag or digest",
  defaults.build.image,
  (value) => patterns.managedImage.test(value) || patterns.privateImage.test(value),
);

/** CodeBuild environment of every build. */
export const machine = {
  image: image.default(defaults.build.image),
  computeType: oneOf(limits.computeTypes, defaults.build.computeType).default(
    defaults.build.computeType,
  ),
};

const keyArns = listOf(
  "KMS key ARNs",
  exampleKey,
  inputText("must be the ARN of a KMS key, not of an alias", exampleKey, patterns.keyArn),
  limits.few,
);

const { otherwise: timeoutMinutes } = dependentDefaults.build.timeoutMinutes;

const build = group(
  { timeoutMinutes },
  {
    ...machine,
    timeoutMinutes: integer(...limits.buildTimeoutMinutes, "minutes", timeoutMinutes).optional(),
    buildspec: text(
      "must be a path inside the repository that ends in .yml or .yaml",
      defaults.build.buildspec,
      patterns.buildspecPath,
    ).default(defaults.build.buildspec),
    environment: environment.default(defaults.build.environment),
    secretsManager: secretsManager.default(defaults.build.secretsManager),
    parameterStore: parameterStore.default(defaults.build.parameterStore),
    secretKeyArns: keyArns.default(defaults.build.secretKeyArns),
    comparePullRequests: boolean(true).default(defaults.build.comparePullRequests),
    waitForTraining: boolean(false).default(defaults.build.waitForTraining),
    policyStatements: policyStatements.default(defaults.build.policyStatements),
  },
);

/** Principals that may delete object versions. */
const administrators = listOf(
  "role or user ARNs",
  exampleRole,
  inputText("must be the ARN of an IAM role or user", exampleRole, patterns.administratorArn),
  limits.few,
).default(defaults.artifacts.administratorArns);

const role = inputText("must be the ARN of an IAM role", exampleRole, patterns.roleArn);
const roles = listOf("role ARNs", exampleRole, role, limits.few);

const artifacts = group(
  { noncurrentDays: defaults.artifacts.noncurrentDays },
  {
    requireKey: boolean(true).default(defaults.artifacts.requireKey),
    expireBuildsAfterDays: integer(...limits.lifecycleDays, "days", 730).optional(),
    noncurrentDays: integer(
      ...limits.lifecycleDays,
      "days",
      defaults.artifacts.noncurrentDays,
    ).default(defaults.artifacts.noncurrentDays),
    readerRoleArns: roles.default(defaults.artifacts.readerRoleArns),
    approverRoleArns: roles.default(defaults.artifacts.approverRoleArns),
    administratorArns: administrators,
  },
);

/** ECR repositories of images. */
export const imageRepositories = listOf(
  "ECR repository ARNs",
  exampleImages,
  inputText("must be the ARN of an ECR repository", exampleImages, patterns.imageRepositoryArn),
  limits.imageRepositories,
).default(defaults.training.imageRepositoryArns);

const training = group(
  { dataBuckets: ["churn-data"] },
  {
    executionRoleArn: role.optional(),
    dataBuckets: listOf(
      "bucket names",
      "churn-data",
      inputText("must be the name of an S3 bucket without dots", "churn-data", patterns.bucketName),
      limits.few,
    ).default(defaults.training.dataBuckets),
    dataKeyArns: keyArns.default(defaults.training.dataKeyArns),
    imageRepositoryArns: imageRepositories,
    policyStatements: policyStatements.default(defaults.training.policyStatements),
  },
);

const trial = group(
  { starterRoleArns: [exampleRole] },
  {
    starterRoleArns: roles.default(defaults.trial.starterRoleArns),
    maxInstanceMinutes: integer(
      ...limits.instanceMinutes,
      "minutes",
      defaults.trial.maxInstanceMinutes,
    ).default(defaults.trial.maxInstanceMinutes),
    instanceTypes: listOf(
      "instance types",
      "ml.m5.large",
      text("must be a SageMaker instance type", "ml.m5.large", patterns.instanceType),
      limits.instanceTypes,
    ).default([...defaults.trial.instanceTypes]),
  },
);

/** Whether EventBridge publishes notifications with an execution role. */
export const executionRole = boolean(false).default(defaults.notifications.executionRole);

const notifications = group(
  { emails: ["ml-team@example.com"] },
  {
    emails: listOf(
      "mail addresses",
      "ml-team@example.com",
      text("must be a mail address", "ml-team@example.com", patterns.email),
      limits.few,
    ).default(defaults.notifications.emails),
    executionRole,
    queueArns: listOf(
      "ARNs of SQS queues",
      exampleQueue,
      inputText(
        "must be the ARN of an SQS queue that is not FIFO",
        exampleQueue,
        patterns.queueArn,
      ),
      limits.few,
    ).default(defaults.notifications.queueArns),
  },
);

/** Settings that both components share. */
export const project = {
  namePrefix: text(
    "must be 1 to 12 lower-case letters and digits, starting with a letter, " +
      "and must not begin with aws or amazon or be amzn, sthree or xn",
    defaults.namePrefix,
    patterns.namePrefix,
  ).default(defaults.namePrefix),
  projectName: projectWord("churn"),
  projectId: projectWord("dev"),
  posture: oneOf(["dev", "prod"], defaults.posture).default(defaults.posture),
  permissionsBoundaryArn: inputText(
    "must be the ARN of an IAM policy of an account",
    exampleBoundary,
    patterns.policyArn,
  ).optional(),
};

/** Retention of logs. */
export const logs = group(defaults.logs, {
  retentionDays: oneOf(limits.retentionDays, defaults.logs.retentionDays).default(
    defaults.logs.retentionDays,
  ),
});

/** Settings of the model build, with defaults. */
export const buildShape = {
  ...project,
  source: source.prefault(defaults.source),
  build: build.prefault({}),
  artifacts: artifacts.prefault({}),
  pipeline: group(defaults.pipeline, {
    // Not PARALLEL: it runs the head of the branch instead of the commit of the event, and has no
    // rollback.
    executionMode: oneOf(["SUPERSEDED", "QUEUED"], defaults.pipeline.executionMode).default(
      defaults.pipeline.executionMode,
    ),
  }).prefault({}),
  logs: logs.prefault({}),
  training: training.prefault({}),
  notifications: notifications.prefault({}),
  trial: trial.prefault({}),
  network: network.prefault(defaults.network),
};

/** Schema of the arguments of `ModelBuildPipeline`. */
export const schema = group(
  { projectName: "churn" },
  { ...buildShape, deployment: boolean(true).default(defaults.deploy.enabled) },
);
