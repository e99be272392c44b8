import { environment } from "./environment";
import { defaultNamePrefix } from "../names/names";
import * as limits from "./patterns";
import { network } from "./network";
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
    limits.projectWord,
  );

/** Image of a build. */
export const image = text(
  "must be one of CodeBuild's images or a private ECR image, with its tag or digest",
  "aws/codebuild/amazonlinux-x86_64-standard:6.0",
  (value) => limits.managedImage.test(value) || limits.privateImage.test(value),
);

/** CodeBuild environment of every build. */
export const machine = {
  image: image.default("aws/codebuild/amazonlinux-x86_64-standard:6.0"),
  computeType: oneOf(limits.computeTypes, "BUILD_GENERAL1_SMALL").default("BUILD_GENERAL1_SMALL"),
};

const build = group(
  { timeoutMinutes: 60 },
  {
    ...machine,
    timeoutMinutes: integer(5, 2160, "minutes", 60).optional(),
    buildspec: text(
      "must be a path inside the repository that ends in .yml or .yaml",
      "codebuild-buildspec.yml",
      limits.buildspecPath,
    ).default("codebuild-buildspec.yml"),
    environment: environment.default({}),
    waitForTraining: boolean(false).default(false),
  },
);

/**
 * Maximum list length: the longest entries fit into the 10,240 characters of an inline policy.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const few = { max: 8 };

/** Principals that may delete object versions. */
export const administrators = listOf(
  "role or user ARNs",
  exampleRole,
  inputText("must be the ARN of an IAM role or user", exampleRole, limits.administratorArn),
  few,
).default([]);

const artifacts = group(
  { noncurrentDays: 365 },
  {
    requireKey: boolean(true).default(true),
    expireBuildsAfterDays: integer(1, 36500, "days", 730).optional(),
    noncurrentDays: integer(1, 36500, "days", 365).default(365),
    readerRoleArns: listOf(
      "role ARNs",
      exampleRole,
      inputText("must be the ARN of an IAM role", exampleRole, limits.roleArn),
      few,
    ).default([]),
    approverRoleArns: listOf(
      "role ARNs",
      exampleRole,
      inputText("must be the ARN of an IAM role", exampleRole, limits.roleArn),
      few,
    ).default([]),
    administratorArns: administrators,
  },
);

/** ECR repositories of images. */
export const imageRepositories = listOf(
  "ECR repository ARNs",
  exampleImages,
  inputText("must be the ARN of an ECR repository", exampleImages, limits.imageRepositoryArn),
  few,
).default([]);

const training = group(
  { dataBuckets: ["churn-data"] },
  {
    executionRoleArn: inputText(
      "must be the ARN of an IAM role",
      exampleRole,
      limits.roleArn,
    ).optional(),
    dataBuckets: listOf(
      "bucket names",
      "churn-data",
      inputText("must be the name of an S3 bucket without dots", "churn-data", limits.bucketName),
      few,
    ).default([]),
    dataKeyArns: listOf(
      "KMS key ARNs",
      exampleKey,
      inputText("must be the ARN of a KMS key, not of an alias", exampleKey, limits.keyArn),
      few,
    ).default([]),
    imageRepositoryArns: imageRepositories,
  },
);

const notifications = group(
  { emails: ["ml-team@example.com"] },
  {
    emails: listOf(
      "mail addresses, each once",
      "ml-team@example.com",
      text("must be a mail address", "ml-team@example.com", limits.email),
      { ...few, once: true },
    ).default([]),
    queueArns: listOf(
      "ARNs of SQS queues, each once",
      exampleQueue,
      inputText("must be the ARN of an SQS queue that is not FIFO", exampleQueue, limits.queueArn),
      { ...few, once: true },
    ).default([]),
  },
);

/** Settings that both components share. */
export const project = {
  namePrefix: text(
    "must be 1 to 12 lower-case letters and digits, starting with a letter, " +
      "and must not begin with aws or amazon or be amzn, sthree or xn",
    defaultNamePrefix,
    limits.namePrefix,
  ).default(defaultNamePrefix),
  projectName: projectWord("churn"),
  projectId: projectWord("dev"),
  posture: oneOf(["dev", "prod"], "prod").default("prod"),
  permissionsBoundaryArn: inputText(
    "must be the ARN of an IAM policy of an account",
    exampleBoundary,
    limits.policyArn,
  ).optional(),
};

/** Retention of logs. */
export const logs = group(
  { retentionDays: 365 },
  { retentionDays: oneOf(limits.retentionDays, 365).default(365) },
);

/** Settings of the model build, with defaults. */
export const buildShape = {
  ...project,
  source: source.prefault({ codecommit: {} }),
  build: build.prefault({}),
  artifacts: artifacts.prefault({}),
  pipeline: group(
    { executionMode: "SUPERSEDED" },
    {
      // Not PARALLEL: it runs the head of the branch instead of the commit of the event, and has no
      // rollback.
      executionMode: oneOf(["SUPERSEDED", "QUEUED"], "SUPERSEDED").default("SUPERSEDED"),
    },
  ).prefault({}),
  logs: logs.prefault({}),
  training: training.prefault({}),
  notifications: notifications.prefault({}),
  network: network.prefault({}),
};

/** Schema of the arguments of `ModelBuildPipeline`. */
export const schema = group(
  { projectName: "churn" },
  { ...buildShape, deployment: boolean(true).default(false) },
);
