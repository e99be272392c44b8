import { createHash } from "node:crypto";

import { defaults } from "../validation/defaults";
import { privateImage } from "../validation/patterns";
import { artifactFolders, deployNamesFor } from "./deployNames";
import { pullRequestNamesFor } from "./pullRequestNames";
import { trialNamesFor } from "./trialNames";

/** AWS account, region and partition of a stack: what every ARN and console link needs beside a name. */
export interface AwsContext {
  accountId: string;
  /** Domain of the partition's service endpoints, for example `amazonaws.com`. */
  dnsSuffix: string;
  partition: string;
  region: string;
}

/** The settings from which every name of a project is derived. */
export interface ProjectIdentity {
  /** First word of every name. @default - that of the settings */
  namePrefix?: string;
  projectId: string;
  projectName: string;
}

/** Stages of the CodePipeline that builds models, one action each; a pinned commit names the source action. */
export const stages = {
  build: { action: "BuildAndExecuteSageMakerPipeline", name: "Build" },
  source: { action: "ModelBuildWorkflowCode", name: "Source" },
} as const;

/** Every physical name and ARN of one project in one place, as plain strings. */
export type Names = ReturnType<typeof namesFor>;

/**
 * Every physical name and ARN, computed once, so that trust policies can pin their caller without a cycle
 * and reviewers read complete policies in a preview.
 *
 * `<namePrefix>-<projectName>--<projectId>--<rest>`: no part contains `--`, so that neither a name nor a pattern that
 * ends in `*` of one project matches a name of another.
 */
export function namesFor(identity: ProjectIdentity, context: AwsContext) {
  const { accountId, dnsSuffix, partition, region } = context;
  const stem = stemOf(identity);
  const pipeline = `${stem}--modelbuild`;
  const modelPackageGroup = modelPackageGroupName(stem);
  const sagemakerPipeline = `${stem}--training`;
  const trainingResults = `${sagemakerPipeline}/executions`;
  const arn = (service: string, rest: string) =>
    `arn:${partition}:${service}:${region}:${accountId}:${rest}`;
  const roleNameOf = (role: string) => `${stem}--${role}-${regionCode(region)}`;
  const roleArnOf = (name: string) => `arn:${partition}:iam::${accountId}:role/${name}`;
  const role = (part: string) => ({ name: roleNameOf(part), arn: roleArnOf(roleNameOf(part)) });
  const roles = {
    build: role("build"),
    execution: role("execution"),
    notifications: role("notifications"),
    pipeline: role("pipeline"),
    pushRule: role("push-rule"),
  };
  const bucket = `${stem}--${contextHash(context)}`;
  const queue = `${stem}--undelivered-events`;
  const topic = `${stem}--notifications`;
  const notificationRules = {
    "build-failed": `${stem}--build-failed`,
    "model-pending": `${stem}--model-pending`,
    "training-failed": `${stem}--training-failed`,
    "training-stopped": `${stem}--training-stopped`,
  };
  const console = `https://${consoleHost(context)}`;
  const pipelineUrl = `${console}/codesuite/codepipeline/pipelines/${pipeline}`;
  const queueUrl = `https://sqs.${region}.${dnsSuffix}/${accountId}/${queue}`;

  return {
    ...context,
    accountRootArn: `arn:${partition}:iam::${accountId}:root`,
    alarm: queue,
    alarmArn: arn("cloudwatch", `alarm:${queue}`),
    artifactBucket: bucket,
    artifactBucketArn: `arn:${partition}:s3:::${bucket}`,
    buildProject: pipeline,
    buildProjectArn: arn("codebuild", `project/${pipeline}`),
    buildRole: roles.build.name,
    buildRoleArn: roles.build.arn,
    consoleUrl: `${pipelineUrl}/view?region=${region}`,
    /** Name of the source repository, unless the settings have another. */
    defaultRepository: pipeline,
    defaultRepositoryArn: arn("codecommit", pipeline),
    deploy: deployNamesFor({
      accountId,
      arn,
      bucket,
      console,
      modelPackageGroup,
      partition,
      role,
      stem,
    }),
    executionRole: roles.execution.name,
    executionRoleArn: roles.execution.arn,
    keyAlias: `alias/${stem}`,
    logBucket: `${bucket}-logs`,
    logBucketArn: `arn:${partition}:s3:::${bucket}-logs`,
    logGroup: `/aws/codebuild/${pipeline}`,
    logGroupArn: arn("logs", `log-group:/aws/codebuild/${pipeline}`),
    logsService: `logs.${region}.${dnsSuffix}`,
    modelPackageArns: arn("sagemaker", `model-package/${modelPackageGroup}/*`),
    modelPackageGroup,
    modelPackageGroupArn: arn("sagemaker", `model-package-group/${modelPackageGroup}`),
    notificationRuleArns: Object.values(notificationRules).map((it) => arn("events", `rule/${it}`)),
    notificationRules,
    notificationsRole: roles.notifications.name,
    notificationsRoleArn: roles.notifications.arn,
    parameterStoreService: `ssm.${region}.${dnsSuffix}`,
    pipeline,
    pipelineArn: arn("codepipeline", pipeline),
    pipelineRole: roles.pipeline.name,
    pipelineRoleArn: roles.pipeline.arn,
    pipelineUrl,
    pullRequests: pullRequestNamesFor({
      arn,
      artifactBucketArn: `arn:${partition}:s3:::${bucket}`,
      role,
      stem,
    }),
    pushRule: `${stem}--push`,
    pushRuleArn: arn("events", `rule/${stem}--push`),
    pushRuleRole: roles.pushRule.name,
    pushRuleRoleArn: roles.pushRule.arn,
    queue,
    queueArn: arn("sqs", queue),
    queueConsoleUrl: `${console}/sqs/v3/home?region=${region}#/queues/${encodeURIComponent(queueUrl)}`,
    s3Service: `s3.${region}.${dnsSuffix}`,
    sagemakerPipeline,
    sagemakerPipelineArn: arn("sagemaker", `pipeline/${sagemakerPipeline}`),
    sagemakerService: `sagemaker.${region}.${dnsSuffix}`,
    secretsManagerService: `secretsmanager.${region}.${dnsSuffix}`,
    snsService: `sns.${region}.${dnsSuffix}`,
    sourceArchiveArns: artifactFolders(pipeline).map(
      (folder) => `arn:${partition}:s3:::${bucket}/${folder}/*`,
    ),
    sqsService: `sqs.${region}.${dnsSuffix}`,
    studioUrl: `${console}/sagemaker/home?region=${region}#/studio-landing`,
    topic,
    topicArn: arn("sns", topic),
    /** Model archives, evaluation reports and sample requests of training; no captured requests. */
    trainingResults,
    trainingResultsArn: `arn:${partition}:s3:::${bucket}/${trainingResults}/*`,
    trial: trialNamesFor({ arn, artifactBucketArn: `arn:${partition}:s3:::${bucket}`, role, stem }),
  };
}

/** What every name of a project begins with. */
export function stemOf({
  namePrefix = defaults.namePrefix,
  projectId,
  projectName,
}: ProjectIdentity): string {
  return `${namePrefix}-${projectName}--${projectId}`;
}

/** Name of a project's model package group. */
export function modelPackageGroupName(stem: string): string {
  return `${stem}--models`;
}

/** Start of every name of a project, from the name of its model package group. */
export function stemOfModelPackageGroup(name: string): string {
  return name.replace(/--models$/, "");
}

/**
 * Short code of a region for role names, since IAM is global: `us-east-1` is `use1`. Compass words become their
 * initials; all other words stay. No two AWS regions have the same code.
 */
export function regionCode(region: string): string {
  return region
    .split("-")
    .map((word) => compass.get(word) ?? word)
    .join("");
}

const compass = new Map([
  ...["north", "south", "east", "west", "central"].map((word) => [word, word.slice(0, 1)] as const),
  ["northeast", "ne"],
  ["northwest", "nw"],
  ["southeast", "se"],
  ["southwest", "sw"],
]);

/** ARN of a CodeCommit repository. */
export function codeCommitArn(
  { accountId, partition, region }: AwsContext,
  repositoryName: string,
): string {
  return `arn:${partition}:codecommit:${region}:${accountId}:${repositoryName}`;
}

/** ARN of the ECR repository of a private image; undefined for an image of CodeBuild. */
export function imageRepositoryArn({ partition }: AwsContext, image: string): string | undefined {
  const found = privateImage.exec(image)?.groups;
  if (found === undefined) return undefined;
  const { account = "", region = "", repository = "" } = found;
  return `arn:${partition}:ecr:${region}:${account}:repository/${repository}`;
}

/** Eight digits that tell one project in two accounts or regions apart: bucket names are global. */
export function contextHash({ accountId, region }: AwsContext): string {
  return createHash("sha256").update(`${accountId}/${region}`).digest("hex").slice(0, 8);
}

/** Host of the AWS console of a region. */
export function consoleHost({ partition, region }: AwsContext): string {
  if (partition === "aws-cn") return `${region}.console.amazonaws.cn`;
  if (partition === "aws-us-gov") return `${region}.console.amazonaws-us-gov.com`;
  return `${region}.console.aws.amazon.com`;
}
