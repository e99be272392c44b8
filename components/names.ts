import { createHash } from "node:crypto";

import { privateImage } from "./checks/limits";
import { artifactFolder, deployLimits, deployNamesFor } from "./deployNames";

/** Where a stack lives: what every ARN and the console link need beside a name. */
export interface Place {
  accountId: string;
  /** Domain of the partition's service endpoints, for example `amazonaws.com`. */
  dnsSuffix: string;
  partition: string;
  region: string;
}

/** The words from which every name of a project is made. */
export interface ProjectWords {
  /** @default - derived like all the others */
  deployRepositoryName?: string;
  projectId: string;
  projectName: string;
  /** @default - derived like all the others */
  repositoryName?: string;
}

/** Stages of the CodePipeline that builds models, one action each; a pinned commit names the source action. */
export const stages = {
  build: { action: "BuildAndExecuteSageMakerPipeline", name: "Build" },
  source: { action: "ModelBuildWorkflowCode", name: "Source" },
} as const;

/** Every physical name and ARN of one project in one place, as plain strings. */
export type Names = ReturnType<typeof namesFor>;

/**
 * Computes every physical name and ARN once, so that trust policies can pin their caller without a cycle
 * and reviewers read whole policies in a preview.
 */
export function namesFor({ projectName, projectId, ...given }: ProjectWords, place: Place) {
  const { accountId, dnsSuffix, partition, region } = place;
  const stem = `sagemaker-${projectName}-${projectId}`;
  const delivery = `${stem}-modelbuild`;
  const registry = `${projectName}-${projectId}`;
  const arn = (service: string, rest: string) =>
    `arn:${partition}:${service}:${region}:${accountId}:${rest}`;
  const roleArn = (role: string) => `arn:${partition}:iam::${accountId}:role/${stem}-${role}`;
  const repository = given.repositoryName ?? delivery;
  const bucket = `${stem}-${placeHash(place)}`;
  const queue = `${stem}-undelivered`;
  const messageRules = {
    failed: `${stem}-failed`,
    letter: `${stem}-letter`,
    pending: `${stem}-pending`,
    step: `${stem}-step`,
    stopped: `${stem}-stopped`,
  };
  const console = `https://${consoleHost(place)}`;
  const pipelineUrl = `${console}/codesuite/codepipeline/pipelines/${delivery}`;
  const queueUrl = `https://sqs.${region}.${dnsSuffix}/${accountId}/${queue}`;
  const sourceFolder = `arn:${partition}:s3:::${bucket}/${artifactFolder(delivery)}`;

  return {
    ...place,
    accountRootArn: `arn:${partition}:iam::${accountId}:root`,
    alarm: queue,
    alarmArn: arn("cloudwatch", `alarm:${queue}`),
    artifactBucket: bucket,
    artifactBucketArn: `arn:${partition}:s3:::${bucket}`,
    buildProject: delivery,
    buildProjectArn: arn("codebuild", `project/${delivery}`),
    buildRole: `${stem}-build`,
    buildRoleArn: roleArn("build"),
    consoleUrl: `${pipelineUrl}/view?region=${region}`,
    deploy: deployNamesFor(
      { arn, bucket, console, partition, registry, roleArn, stem },
      given.deployRepositoryName,
    ),
    executionRole: `${stem}-execution`,
    executionRoleArn: roleArn("execution"),
    keyAlias: `alias/${stem}`,
    logBucket: `${bucket}-logs`,
    logBucketArn: `arn:${partition}:s3:::${bucket}-logs`,
    logGroup: `/aws/codebuild/${delivery}`,
    logGroupArn: arn("logs", `log-group:/aws/codebuild/${delivery}`),
    logsService: `logs.${region}.${dnsSuffix}`,
    messageRole: `${stem}-messages`,
    messageRoleArn: roleArn("messages"),
    messageRuleArns: Object.values(messageRules).map((name) => arn("events", `rule/${name}`)),
    messageRules,
    modelPackageArns: arn("sagemaker", `model-package/${registry}/*`),
    modelPackageGroup: registry,
    modelPackageGroupArn: arn("sagemaker", `model-package-group/${registry}`),
    pipeline: delivery,
    pipelineArn: arn("codepipeline", delivery),
    pipelineRole: `${stem}-pipeline`,
    pipelineRoleArn: roleArn("pipeline"),
    pipelineUrl,
    queue,
    queueArn: arn("sqs", queue),
    queueConsoleUrl: `${console}/sqs/v3/home?region=${region}#/queues/${encodeURIComponent(queueUrl)}`,
    repository,
    repositoryArn: arn("codecommit", repository),
    rule: `${stem}-push`,
    ruleArn: arn("events", `rule/${stem}-push`),
    s3Service: `s3.${region}.${dnsSuffix}`,
    sagemakerPipeline: registry,
    sagemakerPipelineArn: arn("sagemaker", `pipeline/${registry}`),
    sagemakerService: `sagemaker.${region}.${dnsSuffix}`,
    snsService: `sns.${region}.${dnsSuffix}`,
    sourceArchiveArns: `${sourceFolder}/*`,
    sqsService: `sqs.${region}.${dnsSuffix}`,
    studioUrl: `${console}/sagemaker/home?region=${region}#/studio-landing`,
    topic: `${stem}-messages`,
    topicArn: arn("sns", `${stem}-messages`),
    triggerRole: `${stem}-trigger`,
    triggerRoleArn: roleArn("trigger"),
  };
}

/** ARN of the repository of a private image, or undefined for an image that CodeBuild itself provides. */
export function imageRepositoryArn({ partition }: Place, image: string): string | undefined {
  const found = privateImage.exec(image)?.groups;
  if (found === undefined) return undefined;
  const { account = "", region = "", repository = "" } = found;
  return `arn:${partition}:ecr:${region}:${account}:repository/${repository}`;
}

/** A derived name that AWS would refuse for its length. */
export interface OverlongName {
  limit: number;
  name: string;
  what: string;
}

/** The derived name that is furthest over AWS's limit, or undefined if all of them fit. */
export function overlongName(
  words: ProjectWords,
  { deployment = false } = {},
): OverlongName | undefined {
  // The place only adds eight characters of hash to a name, whichever it is.
  const anywhere = { accountId: "", dnsSuffix: "", partition: "", region: "" };
  const names = namesFor(words, anywhere);
  const limited: OverlongName[] = [
    { what: "access log bucket", name: names.logBucket, limit: 63 },
    ...(deployment ? deployLimits(names.deploy) : []),
    { what: "IAM role", name: names.executionRole, limit: 64 },
    ...[names.rule, ...Object.values(names.messageRules)].map((name) => ({
      what: "EventBridge rule",
      name,
      limit: 64,
    })),
    { what: "model package group", name: names.modelPackageGroup, limit: 63 },
    { what: "SQS queue", name: names.queue, limit: 80 },
    { what: "CodePipeline", name: names.pipeline, limit: 100 },
  ];
  const excess = ({ name, limit }: OverlongName) => name.length - limit;

  return limited.filter((it) => excess(it) > 0).sort((a, b) => excess(b) - excess(a))[0];
}

/** Bucket names are global: eight digits tell the same project in two accounts or regions apart. */
function placeHash({ accountId, region }: Place): string {
  return createHash("sha256").update(`${accountId}/${region}`).digest("hex").slice(0, 8);
}

function consoleHost({ partition, region }: Place): string {
  if (partition === "aws-cn") return `${region}.console.amazonaws.cn`;
  if (partition === "aws-us-gov") return `${region}.console.amazonaws-us-gov.com`;
  return `${region}.console.aws.amazon.com`;
}
