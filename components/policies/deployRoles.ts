import type { Given } from "../checks/rules";
import type { DeployStageNames } from "../deployNames";
import type { Names } from "../names";
import { bringUpEndpoint } from "./endpoint";
import {
  allow,
  type Document,
  document,
  inAccount,
  pullImages,
  readArtifactBucket,
  type Statement,
  storeArtifacts,
  viaS3,
  writeLog,
} from "./grammar";
import { connectBuild, connectJobs, type NetworkAccess } from "./network";
import { type Connection, readSource } from "./roles";

/** What builds of a deployment use beyond the project's own. */
export interface DeployAccess {
  /** Of the builds' own image, if it is a private one. */
  imageRepositoryArn: string | undefined;
  network: NetworkAccess | undefined;
}

/** What CodePipeline may do to deploy models: read the one repository, keep artifacts, run the three builds. */
export function runDeployPipeline(names: Names, keyArn: Given, connection?: Connection): Document {
  const { prod, staging, test } = names.deploy;
  return document([
    ...storeArtifacts(names, keyArn),
    ...readSource(names.deploy.repositoryArn, connection),
    allow(
      "BuildActions",
      [staging.projectArn, test.projectArn, prod.projectArn],
      ["codebuild:StartBuild", "codebuild:BatchGetBuilds", "codebuild:StopBuild"],
    ),
  ]);
}

/** What the build of a stage may do: bring this stage's endpoint up, from this stage's state, with approved versions alone. */
export function deployStage(
  names: Names,
  keyArn: Given,
  stage: DeployStageNames,
  { imageRepositoryArn, network }: DeployAccess,
): Document {
  const isStaging = stage.stage === "staging";
  return document([
    writeLog(stage.logGroupArn),
    // Staging hands on which version it is; production only reads.
    ...passArtifacts(names, keyArn, { hasOutput: isStaging }),
    ...keepState(names, keyArn, stage),
    ...bringUpEndpoint(names, keyArn, stage, network),
    // CreateModel and UpdateEndpoint say nothing of approval: the build looks for itself, and that the archive is as it was.
    allow("VersionsRead", names.modelPackageArns, ["sagemaker:DescribeModelPackage"]),
    ...(isStaging ? decideForAll(names) : [allow("OwnRuns", names.deploy.pipelineArn, ownRuns)]),
    ...(imageRepositoryArn === undefined ? [] : pullImages([imageRepositoryArn])),
    ...connectBuild(names, network),
  ]);
}

/** What the test may do: invoke staging's endpoint with the samples of the version, and hand its results on. */
export function testStaging(
  names: Names,
  keyArn: Given,
  { imageRepositoryArn, network }: DeployAccess,
): Document {
  const { staging, test } = names.deploy;
  return document([
    writeLog(test.logGroupArn),
    ...passArtifacts(names, keyArn, { hasOutput: true }),
    allow("Invoke", staging.endpointArn, [
      "sagemaker:DescribeEndpoint",
      "sagemaker:InvokeEndpoint",
    ]),
    ...(imageRepositoryArn === undefined ? [] : pullImages([imageRepositoryArn])),
    ...connectBuild(names, network),
  ]);
}

/** What a model of a stage may do: be loaded, log, measure, and keep captured requests of its own endpoint. */
export function serveModels(
  names: Names,
  keyArn: Given,
  stage: DeployStageNames,
  access: { imageRepositoryArns: Given[]; network: NetworkAccess | undefined },
): Document {
  return document([
    allow("ArchivesRead", resultsArn(names), ["s3:GetObject"], inAccount(names)),
    allow("CaptureWrite", stage.capturedArns, ["s3:PutObject"], inAccount(names)),
    allow("DataKey", keyArn, ["kms:Decrypt", "kms:GenerateDataKey"], viaS3(names)),
    ...(access.imageRepositoryArns.length === 0 ? [] : pullImages(access.imageRepositoryArns)),
    allow("EndpointLogGroup", stage.endpointLogArn, [
      "logs:CreateLogGroup",
      "logs:DescribeLogStreams",
    ]),
    allow("EndpointLogStreams", `${stage.endpointLogArn}:log-stream:*`, [
      "logs:CreateLogStream",
      "logs:PutLogEvents",
    ]),
    // PutMetricData knows no resource; the namespace is its only limit.
    allow("EndpointMetrics", "*", ["cloudwatch:PutMetricData"], {
      StringLike: {
        "cloudwatch:namespace": ["/aws/sagemaker/*", "aws/sagemaker/*", "AWS/SageMaker*"],
      },
    }),
    // SageMaker looks at the alarms with the model's role, and goes back if one of them rings.
    allow("AlarmsRead", stage.alarmArns, ["cloudwatch:DescribeAlarms"]),
    ...connectJobs(access.network),
  ]);
}

/** What training wrote, models and sample requests among it. Not beside it, where requests to production are captured. */
function resultsArn({ artifactBucketArn, sagemakerPipeline }: Names): string {
  return `${artifactBucketArn}/${sagemakerPipeline}/executions/*`;
}

/**
 * Takes what CodePipeline hands a build and what training made, and gives CodePipeline what comes out; whose files stay as
 * they are is for the bucket to say.
 */
function passArtifacts(
  names: Names,
  keyArn: Given,
  { hasOutput }: { hasOutput: boolean },
): Statement[] {
  const { all } = names.deploy.artifactArns;
  return [
    readArtifactBucket(names),
    allow(
      "ArtifactRead",
      [all, resultsArn(names)],
      ["s3:GetObject", "s3:GetObjectVersion"],
      inAccount(names),
    ),
    ...(hasOutput ? [allow("ArtifactWrite", all, ["s3:PutObject"], inAccount(names))] : []),
    allow("ArtifactKey", keyArn, ["kms:Decrypt", "kms:GenerateDataKey"], viaS3(names)),
  ];
}

/** Pulumi's state of one stage, and the key that encrypts the secrets in it. */
function keepState(names: Names, keyArn: Given, { stage }: DeployStageNames): Statement[] {
  const { stateBucketArn } = names.deploy;
  return [
    // IfExists: a read of what is not there asks for the list too, but of no prefix; refused, "not there" would read as
    // "not allowed", and the first deployment would fail.
    allow("StateList", stateBucketArn, ["s3:ListBucket"], {
      StringEquals: { "aws:ResourceAccount": names.accountId },
      StringLikeIfExists: { "s3:prefix": `${stage}/*` },
    }),
    allow(
      "StateObjects",
      `${stateBucketArn}/${stage}/*`,
      ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      inAccount(names),
    ),
    allow("StateSecrets", keyArn, ["kms:Decrypt", "kms:Encrypt"], {
      StringEquals: { "kms:EncryptionContext:stack": names.deploy[stage].endpoint },
    }),
  ];
}

/** Whether a run is over whose build was killed, and left the state locked; and that its own run ends here, being no news. */
const ownRuns = ["codepipeline:GetPipelineExecution", "codepipeline:StopPipelineExecution"];

/** Staging decides for both stages: by what production runs, and by the runs of the pipeline that are on their way. */
function decideForAll({ deploy }: Names): Statement[] {
  const { pipelineArn, prod } = deploy;
  return [
    allow(
      "ProductionRead",
      [prod.endpointArn, prod.endpointConfigArns],
      ["sagemaker:DescribeEndpoint", "sagemaker:ListTags"],
    ),
    allow("OwnRuns", pipelineArn, [...ownRuns, "codepipeline:ListPipelineExecutions"]),
  ];
}
