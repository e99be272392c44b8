import { environment } from "./environment";
import * as limits from "./limits";
import { network } from "./network";
import { flag, given, group, integer, listOf, oneOf, text } from "./rules";
import { source } from "./source";

const exampleRole = "arn:aws:iam::123456789012:role/data-science";
/** A key, as it stands in an example. */
export const exampleKey =
  "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const exampleBoundary = "arn:aws:iam::123456789012:policy/churn-dev-boundary";
const exampleQueue = "arn:aws:sqs:us-east-1:123456789012:on-call";
/** An image repository, as it stands in an example. */
export const exampleImages = "arn:aws:ecr:us-east-1:123456789012:repository/churn-train";

const projectWord = (word: string) =>
  text(
    "must be 1 to 32 lower-case letters, digits and single hyphens, starting with a letter",
    word,
    limits.projectWord,
  );

/** What every build runs on. */
export const machine = {
  image: text(
    "must be one of CodeBuild's images or a private ECR image, with its tag or digest",
    "aws/codebuild/amazonlinux-x86_64-standard:6.0",
    (image) => limits.managedImage.test(image) || limits.privateImage.test(image),
  ).default("aws/codebuild/amazonlinux-x86_64-standard:6.0"),
  computeType: oneOf(limits.computeTypes, "BUILD_GENERAL1_SMALL").default("BUILD_GENERAL1_SMALL"),
  queuedTimeoutMinutes: integer(5, 480, "minutes", 60).default(60),
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
    waitForTraining: flag(false).default(false),
  },
);

/** So many that the longest ones still fit into IAM's 10,240 characters of inline policy. */
const few = { max: 8 };

/** Who alone may delete history. */
export const administrators = listOf(
  "role or user ARNs",
  exampleRole,
  given("must be the ARN of an IAM role or user", exampleRole, limits.administratorArn),
  few,
).default([]);

const artifacts = group(
  { noncurrentDays: 365 },
  {
    requireKey: flag(true).default(true),
    expireBuildsAfterDays: integer(1, 36500, "days", 730).optional(),
    noncurrentDays: integer(1, 36500, "days", 365).default(365),
    noncurrentVersions: integer(1, 100, "versions", 10).default(10),
    readerRoleArns: listOf(
      "role ARNs",
      exampleRole,
      given("must be the ARN of an IAM role", exampleRole, limits.roleArn),
      few,
    ).default([]),
    approverRoleArns: listOf(
      "role ARNs",
      exampleRole,
      given("must be the ARN of an IAM role", exampleRole, limits.roleArn),
      few,
    ).default([]),
    administratorArns: administrators,
  },
);

/** Where images are pulled from. */
export const imageRepositories = listOf(
  "ECR repository ARNs",
  exampleImages,
  given("must be the ARN of an ECR repository", exampleImages, limits.imageRepositoryArn),
  few,
).default([]);

const training = group(
  { dataBuckets: ["churn-data"] },
  {
    executionRoleArn: given(
      "must be the ARN of an IAM role",
      exampleRole,
      limits.roleArn,
    ).optional(),
    dataBuckets: listOf(
      "bucket names",
      "churn-data",
      given("must be the name of an S3 bucket without dots", "churn-data", limits.bucketName),
      few,
    ).default([]),
    dataKeyArns: listOf(
      "KMS key ARNs",
      exampleKey,
      given("must be the ARN of a KMS key, not of an alias", exampleKey, limits.keyArn),
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
      given("must be the ARN of an SQS queue that is not FIFO", exampleQueue, limits.queueArn),
      { ...few, once: true },
    ).default([]),
  },
);

/** What every component of a project is told. */
export const project = {
  projectName: projectWord("churn"),
  projectId: projectWord("dev"),
  posture: oneOf(["dev", "prod"], "prod").default("prod"),
  permissionsBoundaryArn: given(
    "must be the ARN of an IAM policy of an account",
    exampleBoundary,
    limits.policyArn,
  ).optional(),
};

/** How long logs are kept. */
export const logs = group(
  { retentionDays: 365 },
  { retentionDays: oneOf(limits.retentionDays, 365).default(365) },
);

/** Everything that shapes a project's model build, with its defaults; every problem names rule and example. */
export const buildShape = {
  ...project,
  source: source.prefault({ codecommit: {} }),
  build: build.prefault({}),
  artifacts: artifacts.prefault({}),
  pipeline: group(
    { executionMode: "SUPERSEDED" },
    {
      // PARALLEL is left out: it runs the branch's head whatever commit the event named, and allows no rollback.
      executionMode: oneOf(["SUPERSEDED", "QUEUED"], "SUPERSEDED").default("SUPERSEDED"),
    },
  ).prefault({}),
  logs: logs.prefault({}),
  training: training.prefault({}),
  notifications: notifications.prefault({}),
  network: network.prefault({}),
};

/** The shape of what a caller of the component decides. */
export const schema = group(
  { projectName: "churn" },
  { ...buildShape, deployment: flag(true).default(false) },
);
