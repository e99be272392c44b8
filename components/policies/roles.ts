import * as pulumi from "@pulumi/pulumi";

import type { Given } from "../checks/rules";
import type { Names } from "../names";
import {
  allow,
  type Document,
  document,
  inAccount,
  passToSageMaker,
  pullImages,
  type Statement,
  storeArtifacts,
  viaS3,
  writeLog,
} from "./grammar";
import { connectBuild, connectJobs, makeInside, type NetworkAccess } from "./network";

/** What CodePipeline may do: read the one repository, keep artifacts, run the one build. */
export function runPipeline(names: Names, keyArn: Given, connection?: Connection): Document {
  return document([
    ...storeArtifacts(names, keyArn),
    ...readSource(names.repositoryArn, connection),
    allow("BuildActions", names.buildProjectArn, [
      "codebuild:StartBuild",
      "codebuild:BatchGetBuilds",
      "codebuild:StopBuild",
    ]),
  ]);
}

/** A repository outside AWS, and how it is reached. */
export interface Connection {
  connectionArn: string;
  fullRepositoryId: string;
}

/** What a build uses beyond the project's own bucket, pipeline and registry. */
export interface BuildAccess {
  executionRoleArn: Given;
  /** Of the build's own image, if it is a private one. */
  imageRepositoryArn: string | undefined;
  network: NetworkAccess | undefined;
}

/** What the build may do: upsert and start the one SageMaker pipeline, watch it, read the registry. */
export function runBuild(
  names: Names,
  keyArn: Given,
  { executionRoleArn, imageRepositoryArn, network }: BuildAccess,
): Document {
  return document([
    writeLog(names.logGroupArn),
    ...storeArtifacts(names, keyArn),
    // The SageMaker SDK probes the default bucket with HeadBucket before it uploads a definition.
    allow("SdkBucketProbe", names.artifactBucketArn, ["s3:ListBucket"], inAccount(names)),
    allow("PipelineUpsertAndStart", names.sagemakerPipelineArn, [
      "sagemaker:CreatePipeline",
      "sagemaker:UpdatePipeline",
      "sagemaker:DescribePipeline",
      "sagemaker:StartPipelineExecution",
      "sagemaker:ListPipelineExecutions",
      "sagemaker:ListPipelineVersions",
      "sagemaker:AddTags",
      "sagemaker:ListTags",
    ]),
    allow("PipelineExecutionWatch", `${names.sagemakerPipelineArn}/execution/*`, [
      "sagemaker:DescribePipelineExecution",
      "sagemaker:ListPipelineExecutionSteps",
      "sagemaker:ListPipelineParametersForExecution",
      "sagemaker:StopPipelineExecution",
    ]),
    allow("RegistryGroupRead", names.modelPackageGroupArn, ["sagemaker:DescribeModelPackageGroup"]),
    allow("RegistryRead", names.modelPackageArns, [
      "sagemaker:ListModelPackages",
      "sagemaker:DescribeModelPackage",
    ]),
    passToSageMaker("PassExecutionRole", executionRoleArn),
    ...(imageRepositoryArn === undefined ? [] : pullImages([imageRepositoryArn])),
    ...connectBuild(names, network),
  ]);
}

/** What a rule may do: start this one pipeline. */
export function startPipeline(pipelineArn: string): Document {
  return document([allow("StartPipeline", pipelineArn, ["codepipeline:StartPipelineExecution"])]);
}

/** What the rules that tell people may do: publish to the one topic, and encrypt what they publish. */
export function tellPeople(names: Names, keyArn: Given): Document {
  return document([
    allow("PublishMessages", names.topicArn, ["sns:Publish"]),
    allow("MessageKey", keyArn, ["kms:Decrypt", "kms:GenerateDataKey"], {
      StringEquals: { "kms:ViaService": names.snsService },
    }),
  ]);
}

/** What the SageMaker pipeline and its jobs may use beyond the project's own bucket and registry. */
export interface TrainingAccess {
  dataBuckets: Given[];
  dataKeyArns: Given[];
  imageRepositoryArns: Given[];
  network: NetworkAccess | undefined;
}

/** What the SageMaker pipeline and its jobs may do: run `pipelines-*` jobs, keep results, register models as pending. */
export function runTraining(names: Names, keyArn: Given, access: TrainingAccess): Document {
  const job = (kind: string) =>
    `arn:${names.partition}:sagemaker:${names.region}:${names.accountId}:${kind}/pipelines-*`;
  // With a network, what runs somewhere is made inside it alone.
  const anywhere = (action: string) =>
    access.network === undefined ? [`sagemaker:${action}`] : [];
  const jobLogs = ["ProcessingJobs", "TrainingJobs", "TransformJobs"].map(
    (kind) =>
      `arn:${names.partition}:logs:${names.region}:${names.accountId}:log-group:/aws/sagemaker/${kind}`,
  );

  return document([
    allow(
      "DataBucketList",
      names.artifactBucketArn,
      ["s3:ListBucket", "s3:GetBucketLocation"],
      inAccount(names),
    ),
    allow(
      "DataObjects",
      `${names.artifactBucketArn}/*`,
      ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"],
      inAccount(names),
    ),
    allow("DataKey", keyArn, ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"], viaS3(names)),
    // Encrypted job volumes: SageMaker hands the key on to the instances by a grant.
    allow("VolumeKeyGrant", keyArn, ["kms:CreateGrant"], {
      Bool: { "kms:GrantIsForAWSResource": "true" },
      StringEquals: { "kms:ViaService": names.sagemakerService },
    }),
    allow("KeyDescribe", keyArn, ["kms:DescribeKey"]),
    ...readData(names, access),
    ...(access.imageRepositoryArns.length === 0 ? [] : pullImages(access.imageRepositoryArns)),
    allow("JobLogGroups", jobLogs, ["logs:CreateLogGroup", "logs:DescribeLogStreams"]),
    // A stream begins with its job's name; endpoints and other people's jobs log beside.
    allow(
      "JobLogStreams",
      jobLogs.map((group) => `${group}:log-stream:pipelines-*`),
      ["logs:CreateLogStream", "logs:PutLogEvents"],
    ),
    // PutMetricData knows no resource; the namespace is its only limit.
    allow("JobMetrics", "*", ["cloudwatch:PutMetricData"], {
      StringLike: {
        "cloudwatch:namespace": ["/aws/sagemaker/*", "aws/sagemaker/*", "AWS/SageMaker*"],
      },
    }),
    ...["Processing", "Training"].map((kind) =>
      allow(kind, job(`${kind.toLowerCase()}-job`), [
        ...anywhere(`Create${kind}Job`),
        ...follow(kind),
      ]),
    ),
    allow("Transform", job("transform-job"), [
      "sagemaker:CreateTransformJob",
      ...follow("Transform"),
    ]),
    allow("Model", job("model"), [
      ...anywhere("CreateModel"),
      "sagemaker:DescribeModel",
      "sagemaker:DeleteModel",
    ]),
    ...makeInside(job, access.network),
    ...connectJobs(access.network),
    allow(
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
    // Training code registers models as pending only: approval stays with people.
    allow(
      "RegisterPending",
      [names.modelPackageGroupArn, names.modelPackageArns],
      ["sagemaker:CreateModelPackage"],
      { StringEqualsIfExists: { "sagemaker:ModelApprovalStatus": "PendingManualApproval" } },
    ),
    // A RegisterModel step asks for its group to be made if it is missing; the ARN allows ours alone.
    allow("RegistryGroup", names.modelPackageGroupArn, [
      "sagemaker:CreateModelPackageGroup",
      "sagemaker:DescribeModelPackageGroup",
    ]),
    allow("RegistryRead", names.modelPackageArns, [
      "sagemaker:DescribeModelPackage",
      "sagemaker:ListModelPackages",
    ]),
    passToSageMaker("PassSelfToJobs", names.executionRoleArn),
  ]);
}

function follow(kind: string): string[] {
  return [`sagemaker:Describe${kind}Job`, `sagemaker:Stop${kind}Job`];
}

/** What a pipeline's source action uses: the one repository, or the one connection. */
export function readSource(repositoryArn: string, connection?: Connection): Statement[] {
  if (connection !== undefined) return useConnection(connection);
  return [
    allow("SourceCodeCommit", repositoryArn, [
      "codecommit:GetBranch",
      "codecommit:GetCommit",
      "codecommit:UploadArchive",
      "codecommit:GetUploadArchiveStatus",
      "codecommit:CancelUploadArchive",
    ]),
  ];
}

/**
 * CodeConnections was CodeStar Connections, and IAM knows an ARN and its action under either name, depending on when
 * the connection was made. Only for the one repository, where the call names one.
 */
function useConnection({ connectionArn, fullRepositoryId }: Connection): Statement[] {
  const under = (Sid: string, service: string) =>
    allow(
      Sid,
      connectionArn.replace(/:(codeconnections|codestar-connections):/, `:${service}:`),
      [`${service}:UseConnection`],
      { StringEqualsIfExists: { [`${service}:FullRepositoryId`]: fullRepositoryId } },
    );
  return [
    under("SourceConnection", "codeconnections"),
    under("SourceConnectionLegacy", "codestar-connections"),
  ];
}

/** Buckets outside the project may belong to other accounts, so their list is the only limit. Read-only. */
function readData(names: Names, { dataBuckets, dataKeyArns }: TrainingAccess): Statement[] {
  const buckets = dataBuckets.map(
    (bucket) => pulumi.interpolate`arn:${names.partition}:s3:::${bucket}`,
  );
  const statements: Statement[] = [];
  if (buckets.length > 0) {
    const objects = buckets.map((bucket) => pulumi.interpolate`${bucket}/*`);
    statements.push(allow("SourceDataList", buckets, ["s3:ListBucket", "s3:GetBucketLocation"]));
    statements.push(allow("SourceDataRead", objects, ["s3:GetObject"]));
  }
  if (dataKeyArns.length > 0)
    statements.push(allow("SourceDataKey", dataKeyArns, ["kms:Decrypt"], viaS3(names)));
  return statements;
}
