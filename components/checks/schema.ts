import { z } from "zod";

import * as limits from "./limits";
import { network } from "./network";
import { flag, given, group, integer, listOf, oneOf, ownVariable, sentence, text } from "./rules";

const exampleRole = "arn:aws:iam::123456789012:role/data-science";
/** A key, as it stands in an example. */
export const exampleKey =
  "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const exampleBoundary = "arn:aws:iam::123456789012:policy/churn-dev-boundary";
const exampleQueue = "arn:aws:sqs:us-east-1:123456789012:on-call";
/** An image repository, as it stands in an example. */
export const exampleImages = "arn:aws:ecr:us-east-1:123456789012:repository/churn-train";

/** The variables that every build gets, which `build.environment` may not override. */
const reservedVariables = [
  "ARTIFACT_BUCKET",
  "ARTIFACT_BUCKET_KMS_ID",
  "AWS_REGION",
  "CODEPIPELINE_EXECUTION_ID",
  "MODEL_PACKAGE_GROUP_NAME",
  "SAGEMAKER_PIPELINE_NAME",
  "SAGEMAKER_PIPELINE_ROLE_ARN",
  "SAGEMAKER_PROJECT_ID",
  "SAGEMAKER_PROJECT_NAME",
  "WAIT_FOR_TRAINING",
];

const projectWord = (word: string) =>
  text(
    "must be 1 to 32 lower-case letters, digits and single hyphens, starting with a letter",
    word,
    limits.projectWord,
  );

const environment = z
  .record(
    z.string(),
    text("must be a text of at most 1000 characters", "eu", (value) => value.length <= 1000),
    { error: sentence("must be an object of names and texts", { COUNTRY: "eu" }) },
  )
  .superRefine((variables, context) => {
    for (const name of Object.keys(variables)) {
      const message = variableProblem(name);
      if (message !== undefined) context.addIssue({ code: "custom", message, path: [name] });
    }
  });

const repositoryName = text(
  "must be 1 to 100 letters, digits, dots, underscores or hyphens, not ending in .git",
  "churn-model",
  limits.repositoryName,
);
const branch = text(
  "must be a branch's name, without refs/heads/",
  "main",
  limits.isBranchName,
).default("main");

/** The source that is made when none is given. */
export const defaultBranch = { branch: "main" };
const exampleConnection = {
  connectionArn:
    "arn:aws:codeconnections:us-east-1:123456789012:connection/11111111-2222-3333-4444-555555555555",
  fullRepositoryId: "acme/churn-model",
};

const source = group(
  { codecommit: defaultBranch },
  {
    codecommit: group(defaultBranch, {
      repositoryName: repositoryName.optional(),
      branch,
      seed: flag(true).default(true),
    }).optional(),
    existing: group({ repositoryName: "churn-model" }, { repositoryName, branch }).optional(),
    connection: group(exampleConnection, {
      connectionArn: text(
        "must be the ARN of a connection",
        exampleConnection.connectionArn,
        limits.connectionArn,
      ),
      fullRepositoryId: text(
        "must be owner and repository, without host and .git",
        exampleConnection.fullRepositoryId,
        limits.fullRepositoryId,
      ),
      branch,
      paths: listOf(
        "globs of paths in the repository",
        "pipelines/**",
        text(
          "must be a glob of 1 to 255 characters without a leading slash",
          "src/**",
          limits.pathPattern,
        ),
        { min: 1, max: 8 },
      ).optional(),
    }).optional(),
  },
);

const build = group(
  { timeoutMinutes: 60 },
  {
    image: text(
      "must be one of CodeBuild's images or a private ECR image, with its tag or digest",
      "aws/codebuild/amazonlinux-x86_64-standard:6.0",
      (image) => limits.managedImage.test(image) || limits.privateImage.test(image),
    ).default("aws/codebuild/amazonlinux-x86_64-standard:6.0"),
    computeType: oneOf(limits.computeTypes, "BUILD_GENERAL1_SMALL").default("BUILD_GENERAL1_SMALL"),
    timeoutMinutes: integer(5, 2160, "minutes", 60).optional(),
    queuedTimeoutMinutes: integer(5, 480, "minutes", 60).default(60),
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
    administratorArns: listOf(
      "role or user ARNs",
      exampleRole,
      given("must be the ARN of an IAM role or user", exampleRole, limits.administratorArn),
      few,
    ).default([]),
  },
);

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
    imageRepositoryArns: listOf(
      "ECR repository ARNs",
      exampleImages,
      given("must be the ARN of an ECR repository", exampleImages, limits.imageRepositoryArn),
      few,
    ).default([]),
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

/** The shape of everything that a caller decides, with its defaults; every problem names rule and example. */
export const schema = group(
  { projectName: "churn" },
  {
    projectName: projectWord("churn"),
    projectId: projectWord("dev"),
    posture: oneOf(["dev", "prod"], "prod").default("prod"),
    permissionsBoundaryArn: given(
      "must be the ARN of an IAM policy of an account",
      exampleBoundary,
      limits.policyArn,
    ).optional(),
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
    logs: group(
      { retentionDays: 365 },
      { retentionDays: oneOf(limits.retentionDays, 365).default(365) },
    ).prefault({}),
    training: training.prefault({}),
    notifications: notifications.prefault({}),
    network: network.prefault({}),
  },
);

function variableProblem(name: string): string | undefined {
  if (!limits.environmentName.test(name) || name.startsWith("CODEBUILD_"))
    return sentence(
      "must be named with letters, digits and underscores, not CODEBUILD_",
      "COUNTRY",
    );
  if (reservedVariables.includes(name)) return ownVariable(name);
  if (limits.looksSecret(name))
    return sentence("must not carry a secret: pass the ARN of a Secrets Manager secret", "API_ARN");
  return undefined;
}
