import * as pulumi from "@pulumi/pulumi";

import type { StringInput } from "../validation/fields";
import { codeCommitArn, type Names } from "../names/names";
import {
  allowStatement,
  type Document,
  logGroupResources,
  policyDocument,
  sameAccountCondition,
  passRoleStatement,
  publishMetricsStatement,
  pullImageStatements,
  type Statement,
  storeArtifactStatements,
  viaS3Condition,
  writeLogStatement,
} from "./statements";
import {
  buildNetworkStatements,
  jobNetworkStatements,
  createInNetworkStatements,
  type NetworkAccess,
} from "./network";
import { readChampionStatement } from "./championStatements";
import { type References, referenceStatements } from "./references";

/** IAM policy of the CodePipeline role: read the source, store artifacts, run the build. */
export function pipelineRolePolicy(
  names: Names,
  keyArn: StringInput,
  source: SourceAccess,
): Document {
  return policyDocument([
    ...storeArtifactStatements(names, keyArn),
    ...readSourceStatements(names, { repositoryName: names.defaultRepository, ...source }),
    allowStatement("BuildActions", names.buildProjectArn, [
      "codebuild:StartBuild",
      "codebuild:BatchGetBuilds",
      "codebuild:StopBuild",
    ]),
  ]);
}

/** Repository outside AWS, and its CodeConnections connection. */
interface Connection {
  connectionArn: string;
  fullRepositoryId: string;
}

/** Repository that a pipeline reads: in CodeCommit, by default that of the stack, or outside AWS. */
export interface SourceAccess {
  connection?: Connection;
  repositoryName?: string;
}

/** Resources of the build other than the project's bucket, pipeline and registry. */
export interface BuildAccess {
  executionRoleArn: StringInput;
  /** Whether approved models are deployed. */
  hasDeployment: boolean;
  /** ECR repository of the build image, if the image is private. */
  imageRepositoryArn: string | undefined;
  network: NetworkAccess | undefined;
  /** Secrets and parameters of the environment variables. */
  references: References;
}

/**
 * IAM policy of the CodeBuild role: create, update and start the SageMaker pipeline, watch its
 * executions, read the model registry.
 */
export function buildRolePolicy(
  names: Names,
  keyArn: StringInput,
  { executionRoleArn, hasDeployment, imageRepositoryArn, network, references }: BuildAccess,
): Document {
  return policyDocument([
    writeLogStatement(names.logGroupArn),
    ...storeArtifactStatements(names, keyArn),
    // The SageMaker SDK calls HeadBucket on the default bucket before it uploads a definition.
    allowStatement(
      "SdkBucketProbe",
      names.artifactBucketArn,
      ["s3:ListBucket"],
      sameAccountCondition(names),
    ),
    allowStatement("PipelineUpsertAndStart", names.sagemakerPipelineArn, [
      "sagemaker:CreatePipeline",
      "sagemaker:UpdatePipeline",
      "sagemaker:DescribePipeline",
      "sagemaker:StartPipelineExecution",
      "sagemaker:ListPipelineExecutions",
      "sagemaker:ListPipelineVersions",
      "sagemaker:AddTags",
      "sagemaker:ListTags",
    ]),
    allowStatement("PipelineExecutionWatch", `${names.sagemakerPipelineArn}/execution/*`, [
      "sagemaker:DescribePipelineExecution",
      "sagemaker:ListPipelineExecutionSteps",
      "sagemaker:ListPipelineParametersForExecution",
      "sagemaker:StopPipelineExecution",
    ]),
    allowStatement("RegistryGroupRead", names.modelPackageGroupArn, [
      "sagemaker:DescribeModelPackageGroup",
    ]),
    allowStatement("RegistryRead", names.modelPackageArns, [
      "sagemaker:ListModelPackages",
      "sagemaker:DescribeModelPackage",
    ]),
    ...(hasDeployment ? [readChampionStatement(names)] : []),
    // Code of AWS's project templates looks for a custom image first: it continues if there is none,
    // and ends if the call is denied.
    allowStatement(
      "ImageVersionRead",
      `arn:${names.partition}:sagemaker:${names.region}:${names.accountId}:image-version/*/*`,
      ["sagemaker:DescribeImageVersion"],
    ),
    passRoleStatement("PassExecutionRole", executionRoleArn),
    ...(imageRepositoryArn === undefined ? [] : pullImageStatements([imageRepositoryArn])),
    ...referenceStatements(names, references),
    ...buildNetworkStatements(names, network),
  ]);
}

/** IAM policy of an EventBridge rule: start one pipeline. */
export function ruleRolePolicy(pipelineArn: string): Document {
  return policyDocument([
    allowStatement("StartPipeline", pipelineArn, ["codepipeline:StartPipelineExecution"]),
  ]);
}

/** IAM policy of the notification rules. */
export function notificationsRolePolicy(names: Names, keyArn: StringInput): Document {
  return policyDocument(publishStatements(names, keyArn));
}

/** Statements to publish to the topic, and to encrypt the messages. */
export function publishStatements(names: Names, keyArn: StringInput): Statement[] {
  return [
    allowStatement("PublishNotifications", names.topicArn, ["sns:Publish"]),
    allowStatement("NotificationKey", keyArn, ["kms:Decrypt", "kms:GenerateDataKey"], {
      StringEquals: { "kms:ViaService": names.snsService },
    }),
  ];
}

/** Resources of training other than the project's bucket and registry. */
export interface TrainingAccess {
  dataBuckets: StringInput[];
  dataKeyArns: StringInput[];
  imageRepositoryArns: StringInput[];
  network: NetworkAccess | undefined;
}

/**
 * IAM policy of the SageMaker execution role: run `pipelines-*` jobs, store results, register model
 * versions as pending.
 */
export function executionRolePolicy(
  names: Names,
  keyArn: StringInput,
  access: TrainingAccess,
): Document {
  const job = (kind: string) =>
    `arn:${names.partition}:sagemaker:${names.region}:${names.accountId}:${kind}/pipelines-*`;
  // With a private network, createInNetworkStatements allow these actions, only in that network.
  const anyNetworkActions = (action: string) =>
    access.network === undefined ? [`sagemaker:${action}`] : [];

  return policyDocument([
    allowStatement(
      "DataBucketList",
      names.artifactBucketArn,
      ["s3:ListBucket", "s3:GetBucketLocation"],
      sameAccountCondition(names),
    ),
    allowStatement(
      "DataObjects",
      `${names.artifactBucketArn}/*`,
      ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"],
      sameAccountCondition(names),
    ),
    allowStatement(
      "DataKey",
      keyArn,
      ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
      viaS3Condition(names),
    ),
    ...volumeKeyStatements(names, keyArn),
    ...readDataStatements(names, access),
    ...(access.imageRepositoryArns.length === 0
      ? []
      : pullImageStatements(access.imageRepositoryArns)),
    ...jobLogStatements(names),
    ...["Processing", "Training"].map((kind) =>
      allowStatement(`${kind}Jobs`, job(`${kind.toLowerCase()}-job`), [
        ...anyNetworkActions(`Create${kind}Job`),
        ...jobActions(kind),
      ]),
    ),
    allowStatement("TransformJobs", job("transform-job"), [
      "sagemaker:CreateTransformJob",
      ...jobActions("Transform"),
    ]),
    allowStatement("Models", job("model"), [
      ...anyNetworkActions("CreateModel"),
      "sagemaker:DescribeModel",
      "sagemaker:DeleteModel",
    ]),
    ...createInNetworkStatements(job, access.network),
    ...jobNetworkStatements(access.network),
    allowStatement(
      "JobTags",
      [
        job("processing-job"),
        job("training-job"),
        job("transform-job"),
        job("model"),
        names.modelPackageArns,
      ],
      ["sagemaker:AddTags", "sagemaker:ListTags"],
    ),
    // Training may register model versions only as pending, without a life-cycle stage, which Studio
    // shows as an approval: users approve them.
    allowStatement(
      "RegisterPending",
      [names.modelPackageGroupArn, names.modelPackageArns],
      ["sagemaker:CreateModelPackage"],
      {
        StringEqualsIfExists: { "sagemaker:ModelApprovalStatus": "PendingManualApproval" },
        Null: { "sagemaker:ModelLifeCycle:Stage": "true" },
      },
    ),
    // A RegisterModel step creates a missing group. The ARN allows only the project's group.
    allowStatement("RegistryGroup", names.modelPackageGroupArn, [
      "sagemaker:CreateModelPackageGroup",
      "sagemaker:DescribeModelPackageGroup",
    ]),
    allowStatement("RegistryRead", names.modelPackageArns, [
      "sagemaker:DescribeModelPackage",
      "sagemaker:ListModelPackages",
    ]),
    passRoleStatement("PassExecutionRoleToJobs", names.executionRoleArn),
  ]);
}

/** Statements for encrypted job volumes: SageMaker creates a grant for the instances. */
export function volumeKeyStatements(names: Names, keyArn: StringInput): Statement[] {
  return [
    allowStatement("VolumeKeyGrant", keyArn, ["kms:CreateGrant"], {
      Bool: { "kms:GrantIsForAWSResource": "true" },
      StringEquals: { "kms:ViaService": names.sagemakerService },
    }),
    allowStatement("KeyDescribe", keyArn, ["kms:DescribeKey"]),
  ];
}

/** Statements to write logs and metrics of `pipelines-*` jobs. */
export function jobLogStatements({ accountId, partition, region }: Names): Statement[] {
  const jobLogs = ["ProcessingJobs", "TrainingJobs", "TransformJobs"].map(
    (kind) => `arn:${partition}:logs:${region}:${accountId}:log-group:/aws/sagemaker/${kind}`,
  );
  return [
    allowStatement("JobLogGroups", logGroupResources(jobLogs), [
      "logs:CreateLogGroup",
      "logs:DescribeLogStreams",
    ]),
    // A stream name begins with the job name. Other jobs and endpoints use the same log groups.
    allowStatement(
      "JobLogStreams",
      jobLogs.map((group) => `${group}:log-stream:pipelines-*`),
      ["logs:CreateLogStream", "logs:PutLogEvents"],
    ),
    publishMetricsStatement("JobMetrics"),
  ];
}

function jobActions(kind: string): string[] {
  return [`sagemaker:Describe${kind}Job`, `sagemaker:Stop${kind}Job`];
}

/** Statements of the CodePipeline source action: read one repository, or use one connection. */
export function readSourceStatements(
  names: Names,
  { connection, repositoryName = "" }: SourceAccess,
): Statement[] {
  if (connection !== undefined) return connectionStatements(connection);
  return [
    allowStatement("SourceCodeCommit", codeCommitArn(names, repositoryName), [
      "codecommit:GetBranch",
      "codecommit:GetCommit",
      "codecommit:UploadArchive",
      "codecommit:GetUploadArchiveStatus",
      "codecommit:CancelUploadArchive",
    ]),
  ];
}

/**
 * Statements for a connection and its repository.
 * CodeConnections was CodeStar Connections: the creation date of a connection decides which service
 * prefix IAM uses.
 * `IfExists`: some calls have no repository.
 * @see https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html
 */
function connectionStatements({ connectionArn, fullRepositoryId }: Connection): Statement[] {
  const useStatement = (Sid: string, service: string) =>
    allowStatement(
      Sid,
      connectionArn.replace(/:(codeconnections|codestar-connections):/, `:${service}:`),
      [`${service}:UseConnection`],
      { StringEqualsIfExists: { [`${service}:FullRepositoryId`]: fullRepositoryId } },
    );
  return [
    useStatement("SourceConnection", "codeconnections"),
    useStatement("SourceConnectionLegacy", "codestar-connections"),
  ];
}

/**
 * Statements to read the data buckets.
 * Without an account condition: these buckets may belong to other accounts.
 */
export function readDataStatements(
  names: Names,
  { dataBuckets, dataKeyArns }: TrainingAccess,
): Statement[] {
  const buckets = dataBuckets.map(
    (bucket) => pulumi.interpolate`arn:${names.partition}:s3:::${bucket}`,
  );
  const statements: Statement[] = [];
  if (buckets.length > 0) {
    const objects = buckets.map((bucket) => pulumi.interpolate`${bucket}/*`);
    statements.push(
      allowStatement("TrainingDataList", buckets, ["s3:ListBucket", "s3:GetBucketLocation"]),
    );
    statements.push(allowStatement("TrainingDataRead", objects, ["s3:GetObject"]));
  }
  if (dataKeyArns.length > 0)
    statements.push(
      allowStatement("TrainingDataKey", dataKeyArns, ["kms:Decrypt"], viaS3Condition(names)),
    );
  return statements;
}
