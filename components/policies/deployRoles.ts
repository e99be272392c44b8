import type { StringInput } from "../validation/fields";
import type { DeployStageNames, StagingKind } from "../names/deployNames";
import type { Names } from "../names/names";
import { scheduleStatements, stagingEndpointStatement } from "./scheduleStatements";
import { artifactStatements } from "./artifactStatements";
import { decisionStatements, pipelineExecutionsStatement } from "./decisionStatements";
import { endpointStatements } from "./endpointStatements";
import { lifeCycleStatement } from "./lifeCycleStatements";
import {
  allowStatement,
  type Document,
  logGroupResources,
  policyDocument,
  sameAccountCondition,
  publishMetricsStatement,
  pullImageStatements,
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

/** Resources of a build that deploys a stage. */
export interface DeployStageAccess extends DeployAccess {
  /** What the staging endpoint runs on; production always has instances. */
  stagingKind: StagingKind;
}

/** IAM policy of the deployment CodePipeline role: read the source, run 4 builds. */
export function deployPipelineRolePolicy(
  names: Names,
  keyArn: StringInput,
  source: SourceAccess,
): Document {
  const { defaultRepository, prod, queue, staging, test } = names.deploy;
  return policyDocument([
    ...storeArtifactStatements(names, keyArn),
    ...readSourceStatements(names, { repositoryName: defaultRepository, ...source }),
    allowStatement(
      "BuildActions",
      [queue.projectArn, staging.projectArn, test.projectArn, prod.projectArn],
      ["codebuild:StartBuild", "codebuild:BatchGetBuilds", "codebuild:StopBuild"],
    ),
  ]);
}

/**
 * IAM policy of the CodeBuild role that deploys one stage: the endpoint of that stage, the deployed
 * models, read access to model versions.
 */
export function deployStageRolePolicy(
  names: Names,
  keyArn: StringInput,
  stage: DeployStageNames,
  { imageRepositoryArn, network, stagingKind }: DeployStageAccess,
): Document {
  const isStaging = stage.stage === "staging";
  const kind = isStaging ? stagingKind : "instances";
  const { artifactArns, deployedModelsArn } = names.deploy;
  return policyDocument([
    writeLogStatement(stage.logGroupArn),
    // Staging writes the deployment artifact and the deployed model. Production only reads them.
    ...artifactStatements(names, keyArn, {
      hasOutput: isStaging,
      objectArns: [...artifactArns.all, deployedModelsArn],
    }),
    ...endpointStatements(names, keyArn, stage, { kind, network }),
    // CreateModel and UpdateEndpoint do not check the approval status. The build checks it.
    ...(isStaging
      ? decisionStatements(names)
      : [
          allowStatement("ModelVersionsRead", names.modelPackageArns, [
            "sagemaker:DescribeModelPackage",
          ]),
          pipelineExecutionsStatement(names),
          // The canary replays the sample requests of the version.
          sampleRequestsStatement(names),
          stagingEndpointStatement(names),
          lifeCycleStatement(names, ["Archived", "Production"]),
        ]),
    ...scheduleStatements(names, { creates: isStaging }),
    ...(imageRepositoryArn === undefined ? [] : pullImageStatements([imageRepositoryArn])),
    ...buildNetworkStatements(names, network),
  ]);
}

/**
 * IAM policy of the CodeBuild role that tests staging: invoke the endpoint, store the results, record
 * the version in the registry.
 */
export function testStagingRolePolicy(
  names: Names,
  keyArn: StringInput,
  { imageRepositoryArn, network }: DeployAccess,
): Document {
  const { staging, test } = names.deploy;
  return policyDocument([
    writeLogStatement(test.logGroupArn),
    ...artifactStatements(names, keyArn, {
      hasOutput: true,
      objectArns: names.deploy.artifactArns.all,
    }),
    sampleRequestsStatement(names),
    // The policy of the build that deploys staging has no room for these.
    allowStatement("ModelVersionsRead", names.modelPackageArns, ["sagemaker:DescribeModelPackage"]),
    lifeCycleStatement(names, ["Archived", "Staging"]),
    // This action has no resource type. The names of endpoint configs have the versions to archive.
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
    allowStatement("EndpointConfigsList", "*", ["sagemaker:ListEndpointConfigs"]),
    allowStatement("Invoke", staging.endpointArn, [
      "sagemaker:DescribeEndpoint",
      "sagemaker:InvokeEndpoint",
    ]),
    ...(imageRepositoryArn === undefined ? [] : pullImageStatements([imageRepositoryArn])),
    ...buildNetworkStatements(names, network),
  ]);
}

/**
 * IAM policy of the SageMaker model role of one stage: read deployed models, write logs, metrics and
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
      "DeployedModelsRead",
      names.deploy.deployedModelsArn,
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
    allowStatement("EndpointLogGroup", logGroupResources([stage.endpointLogArn]), [
      "logs:CreateLogGroup",
      "logs:DescribeLogStreams",
    ]),
    allowStatement("EndpointLogStreams", `${stage.endpointLogArn}:log-stream:*`, [
      "logs:CreateLogStream",
      "logs:PutLogEvents",
    ]),
    publishMetricsStatement("EndpointMetrics"),
    // SageMaker reads the alarm with the model role, and rolls back if it is in ALARM.
    // https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
    allowStatement("CanaryAlarmRead", stage.verdictAlarmArn, ["cloudwatch:DescribeAlarms"]),
    ...jobNetworkStatements(access.network),
  ]);
}

function sampleRequestsStatement(names: Names): Statement {
  return allowStatement(
    "SampleRequestsRead",
    names.trainingResultsArn,
    ["s3:GetObject"],
    sameAccountCondition(names),
  );
}
