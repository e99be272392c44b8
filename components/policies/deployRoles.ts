import type { StringInput } from "../validation/fields";
import type { DeployStageNames } from "../names/deployNames";
import type { Names } from "../names/names";
import { endpointStatements } from "./endpointStatements";
import {
  allowStatement,
  type Document,
  policyDocument,
  sameAccountCondition,
  pullImageStatements,
  artifactBucketStatement,
  type Statement,
  storeArtifactStatements,
  viaS3Condition,
  writeLogStatement,
} from "./statements";
import { buildNetworkStatements, jobNetworkStatements, type NetworkAccess } from "./network";
import { readSourceStatements, type SourceAccess } from "./buildRoles";

/** Resources of the deployment builds other than those of the project. */
export interface DeployAccess {
  /** ECR repository of the build image, if the image is private. */
  imageRepositoryArn: string | undefined;
  network: NetworkAccess | undefined;
}

/** IAM policy of the deployment CodePipeline role: read the source, run 3 builds. */
export function deployPipelineRolePolicy(
  names: Names,
  keyArn: StringInput,
  source: SourceAccess,
): Document {
  const { defaultRepository, prod, staging, test } = names.deploy;
  return policyDocument([
    ...storeArtifactStatements(names, keyArn),
    ...readSourceStatements(names, { repositoryName: defaultRepository, ...source }),
    allowStatement(
      "BuildActions",
      [staging.projectArn, test.projectArn, prod.projectArn],
      ["codebuild:StartBuild", "codebuild:BatchGetBuilds", "codebuild:StopBuild"],
    ),
  ]);
}

/**
 * IAM policy of the CodeBuild role that deploys one stage: endpoint and Pulumi state of that stage,
 * read access to model versions.
 */
export function deployStageRolePolicy(
  names: Names,
  keyArn: StringInput,
  stage: DeployStageNames,
  { imageRepositoryArn, network }: DeployAccess,
): Document {
  const isStaging = stage.stage === "staging";
  return policyDocument([
    writeLogStatement(stage.logGroupArn),
    // Staging writes the deployment artifact with the model version. Production only reads it.
    ...artifactStatements(names, keyArn, { hasOutput: isStaging }),
    ...stateStatements(names, keyArn, stage),
    ...endpointStatements(names, keyArn, stage, network),
    // CreateModel and UpdateEndpoint do not check the approval status. The build checks it, and
    // that the model archive is unchanged.
    allowStatement("ModelVersionsRead", names.modelPackageArns, ["sagemaker:DescribeModelPackage"]),
    ...(isStaging
      ? decisionStatements(names)
      : [allowStatement("PipelineExecutions", names.deploy.pipelineArn, executionActions)]),
    ...(imageRepositoryArn === undefined ? [] : pullImageStatements([imageRepositoryArn])),
    ...buildNetworkStatements(names, network),
  ]);
}

/** IAM policy of the CodeBuild role that tests staging: invoke the endpoint, store the results. */
export function testStagingRolePolicy(
  names: Names,
  keyArn: StringInput,
  { imageRepositoryArn, network }: DeployAccess,
): Document {
  const { staging, test } = names.deploy;
  return policyDocument([
    writeLogStatement(test.logGroupArn),
    ...artifactStatements(names, keyArn, { hasOutput: true }),
    allowStatement("Invoke", staging.endpointArn, [
      "sagemaker:DescribeEndpoint",
      "sagemaker:InvokeEndpoint",
    ]),
    ...(imageRepositoryArn === undefined ? [] : pullImageStatements([imageRepositoryArn])),
    ...buildNetworkStatements(names, network),
  ]);
}

/**
 * IAM policy of the SageMaker model role of one stage: read model archives, write logs, metrics and
 * data capture of its endpoint.
 */
export function servingRolePolicy(
  names: Names,
  keyArn: StringInput,
  stage: DeployStageNames,
  access: { imageRepositoryArns: StringInput[]; network: NetworkAccess | undefined },
): Document {
  return policyDocument([
    allowStatement(
      "ModelArchivesRead",
      trainingResultsArn(names),
      ["s3:GetObject"],
      sameAccountCondition(names),
    ),
    allowStatement(
      "DataCaptureWrite",
      stage.capturedArns,
      ["s3:PutObject"],
      sameAccountCondition(names),
    ),
    allowStatement(
      "DataKey",
      keyArn,
      ["kms:Decrypt", "kms:GenerateDataKey"],
      viaS3Condition(names),
    ),
    ...(access.imageRepositoryArns.length === 0
      ? []
      : pullImageStatements(access.imageRepositoryArns)),
    allowStatement("EndpointLogGroup", stage.endpointLogArn, [
      "logs:CreateLogGroup",
      "logs:DescribeLogStreams",
    ]),
    allowStatement("EndpointLogStreams", `${stage.endpointLogArn}:log-stream:*`, [
      "logs:CreateLogStream",
      "logs:PutLogEvents",
    ]),
    // PutMetricData has no resource type: only the namespace can restrict it.
    allowStatement("EndpointMetrics", "*", ["cloudwatch:PutMetricData"], {
      StringLike: {
        "cloudwatch:namespace": ["/aws/sagemaker/*", "aws/sagemaker/*", "AWS/SageMaker*"],
      },
    }),
    // SageMaker reads the alarms with the model role, and rolls back if one is in ALARM.
    // https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
    allowStatement("AlarmsRead", stage.alarmArns, ["cloudwatch:DescribeAlarms"]),
    ...jobNetworkStatements(access.network),
  ]);
}

/** ARN of the training results: models and sample requests, but no captured production requests. */
function trainingResultsArn({ artifactBucketArn, sagemakerPipeline }: Names): string {
  return `${artifactBucketArn}/${sagemakerPipeline}/executions/*`;
}

/**
 * Statements for CodePipeline artifacts and training results.
 * The bucket policy denies overwrites per artifact.
 */
function artifactStatements(
  names: Names,
  keyArn: StringInput,
  { hasOutput }: { hasOutput: boolean },
): Statement[] {
  const { all } = names.deploy.artifactArns;
  return [
    artifactBucketStatement(names),
    allowStatement(
      "ArtifactObjects",
      all,
      ["s3:GetObject", "s3:GetObjectVersion", ...(hasOutput ? ["s3:PutObject"] : [])],
      sameAccountCondition(names),
    ),
    allowStatement(
      "TrainingResultsRead",
      trainingResultsArn(names),
      ["s3:GetObject"],
      sameAccountCondition(names),
    ),
    allowStatement(
      "ArtifactKey",
      keyArn,
      ["kms:Decrypt", "kms:GenerateDataKey"],
      viaS3Condition(names),
    ),
  ];
}

/** Statements for the Pulumi state of one stage, and for the key of its secrets. */
function stateStatements(
  names: Names,
  keyArn: StringInput,
  { stage }: DeployStageNames,
): Statement[] {
  const { stateBucketArn } = names.deploy;
  return [
    // IfExists: reading a missing object needs ListBucket without a prefix. If that is denied, S3
    // returns 403 instead of 404, and the first deployment fails.
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    allowStatement("StateList", stateBucketArn, ["s3:ListBucket"], {
      StringEquals: { "aws:ResourceAccount": names.accountId },
      StringLikeIfExists: { "s3:prefix": `${stage}/*` },
    }),
    allowStatement(
      "StateObjects",
      `${stateBucketArn}/${stage}/*`,
      ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      sameAccountCondition(names),
    ),
    allowStatement("StateSecrets", keyArn, ["kms:Decrypt", "kms:Encrypt"], {
      StringEquals: { "kms:EncryptionContext:stack": names.deploy[stage].endpoint },
    }),
  ];
}

/**
 * Actions on pipeline executions: find whether an execution that left a state lock has ended, and
 * stop the own execution if there is nothing to deploy.
 */
const executionActions = [
  "codepipeline:GetPipelineExecution",
  "codepipeline:StopPipelineExecution",
];

/**
 * Statements for the decision of staging, which applies to both stages: read the production version
 * and the running pipeline executions.
 */
function decisionStatements({ deploy }: Names): Statement[] {
  const { pipelineArn, prod } = deploy;
  return [
    allowStatement(
      "ProductionRead",
      [prod.endpointArn, prod.endpointConfigArns],
      ["sagemaker:DescribeEndpoint", "sagemaker:ListTags"],
    ),
    allowStatement("PipelineExecutions", pipelineArn, [
      ...executionActions,
      "codepipeline:ListPipelineExecutions",
    ]),
  ];
}
