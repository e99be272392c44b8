/** What the names of a deployment are derived from. */
interface DeployIdentity extends BuildIdentity {
  accountId: string;
  /** The artifact bucket. */
  bucket: string;
  /** Address of the AWS console. */
  console: string;
  modelPackageGroup: string;
  partition: string;
}

/** What the names of a build are derived from. */
export interface BuildIdentity {
  arn: (service: string, rest: string) => string;
  /** Name and ARN of a role of the project. */
  role: (part: string) => { arn: string; name: string };
  /** What every name begins with. */
  stem: string;
}

/** Where models are deployed, in this order. */
export const stageNames = ["staging", "prod"] as const;

/** A place where models run. */
export type StageName = (typeof stageNames)[number];

/** What the staging endpoint runs on: instances of its own, or a serverless variant. */
export type StagingKind = "instances" | "serverless";

/** Stages and actions of the CodePipeline that deploys models, as AWS's own template calls them. */
export const deployStages = {
  source: { action: "ModelDeployInfraCode", name: "Source" },
  queue: { action: "ReportQueue", name: "Queue" },
  staging: {
    approve: "ApproveDeployment",
    deploy: "DeployResourcesStaging",
    name: "DeployStaging",
    test: "TestStaging",
  },
  prod: { deploy: "DeployResourcesProd", name: "DeployProd" },
} as const;

/** Artifacts of the CodePipeline that deploys models; the first two decide what production runs. */
export const deployArtifacts = {
  source: "SourceCode",
  deployment: "Deployment",
  results: "TestResults",
} as const;

/**
 * Pipeline variable with the ARN of the model version, its default value, and the value of an
 * execution that only schedules the deletion of staging.
 */
export const modelVariable = {
  name: "MODEL_PACKAGE_ARN",
  none: "none",
  expireStaging: "expire-staging",
} as const;

/** Names and ARNs of one stage. */
export type DeployStageNames = ReturnType<typeof stageNamesFor>;

/** Every physical name and ARN of the model deployment, as plain strings. */
export function deployNamesFor(identity: DeployIdentity) {
  const { accountId, arn, bucket, console, modelPackageGroup, partition, role, stem } = identity;
  const pipeline = `${stem}--modeldeploy`;
  const folders = artifactFolders(pipeline).map((it) => `arn:${partition}:s3:::${bucket}/${it}`);
  // Below the pipeline's folder, CodePipeline names a folder after the first ten characters of the artifact's name.
  const artifact = (name: string) => folders.map((folder) => `${folder}/${name.slice(0, 10)}*`);
  const notificationRules = {
    "deployment-failed": `${stem}--deployment-failed`,
    "deployment-pending": `${stem}--deployment-pending`,
    "deployment-rejected": `${stem}--deployment-rejected`,
    "deployment-rolled-back": `${stem}--deployment-rolled-back`,
    "deployment-succeeded": `${stem}--deployment-succeeded`,
  };
  const approvalRule = `${stem}--approval`;
  const approvalRuleRole = role("approval-rule");
  const pipelineRole = role("deploy");
  const expiryRole = role("expire-staging");
  const stagingFailedRule = `${stem}--staging-failed`;
  const scheduleGroup = `${stem}--staging`;
  const schedule = "delete-endpoint";
  // One folder for each version and SHA-256: staging writes it once, production reads it.
  const deployedModels = `${modelPackageGroup}/deployed`;

  return {
    approvalActionArn: arn(
      "codepipeline",
      `${pipeline}/${deployStages.staging.name}/${deployStages.staging.approve}`,
    ),
    approvalRule,
    approvalRuleArn: arn("events", `rule/${approvalRule}`),
    approvalRuleRole: approvalRuleRole.name,
    approvalRuleRoleArn: approvalRuleRole.arn,
    artifactArns: {
      all: folders.map((folder) => `${folder}/*`),
      deployment: artifact(deployArtifacts.deployment),
      results: artifact(deployArtifacts.results),
      source: artifact(deployArtifacts.source),
    },
    /** CloudWatch dashboard of the project. */
    dashboard: stem,
    // Dashboards belong to the account: their ARN has no region.
    dashboardArn: `arn:${partition}:cloudwatch::${accountId}:dashboard/${stem}`,
    /** Name of the deployment repository, unless the settings have another. */
    defaultRepository: pipeline,
    defaultRepositoryArn: arn("codecommit", pipeline),
    /** Folder of the deployed models in the artifact bucket. */
    deployedModels,
    deployedModelsArn: `arn:${partition}:s3:::${bucket}/${deployedModels}/*`,
    notificationRuleArns: Object.values(notificationRules).map((it) => arn("events", `rule/${it}`)),
    notificationRules,
    pipeline,
    pipelineArn: arn("codepipeline", pipeline),
    pipelineRole: pipelineRole.name,
    pipelineRoleArn: pipelineRole.arn,
    pipelineUrl: `${console}/codesuite/codepipeline/pipelines/${pipeline}`,
    prod: stageNamesFor("prod", identity),
    /** Build that reports deployments that wait for another one. */
    queue: buildNamesFor("deploy-queue", identity),
    staging: stageNamesFor("staging", identity),
    /** One-time schedule that deletes the staging endpoint, and the role that it has. */
    stagingExpiry: {
      group: scheduleGroup,
      groupArn: arn("scheduler", `schedule-group/${scheduleGroup}`),
      role: expiryRole.name,
      roleArn: expiryRole.arn,
      schedule,
      scheduleArn: arn("scheduler", `schedule/${scheduleGroup}/${schedule}`),
    },
    /** EventBridge rule: schedules the deletion of staging when the stage fails. */
    stagingFailedRule,
    stagingFailedRuleArn: arn("events", `rule/${stagingFailedRule}`),
    test: buildNamesFor("test-staging", identity),
  };
}

/** Names and ARNs of one CodeBuild project. */
export function buildNamesFor(part: string, { arn, role, stem }: BuildIdentity) {
  const project = `${stem}--${part}`;
  const logGroup = `/aws/codebuild/${project}`;
  const { arn: roleArn, name: roleName } = role(part);
  return {
    logGroup,
    logGroupArn: arn("logs", `log-group:${logGroup}`),
    project,
    projectArn: arn("codebuild", `project/${project}`),
    role: roleName,
    roleArn,
  };
}

function stageNamesFor(stage: StageName, identity: DeployIdentity) {
  const { arn, bucket, modelPackageGroup, partition, role, stem } = identity;
  const endpoint = endpointName(stem, stage);
  const serveRole = role(`serve-${stage}`);
  const alarms = {
    errors: `${endpoint}-errors`,
    invocations: `${endpoint}-no-invocations`,
    latency: `${endpoint}-latency`,
  };
  const verdictAlarm = `${endpoint}-canary-verdict`;

  return {
    ...buildNamesFor(`deploy-${stage}`, identity),
    /** CloudWatch alarms in daily use, with the notification topic as action. */
    alarms,
    alarmArns: Object.values(alarms).map((it) => arn("cloudwatch", `alarm:${it}`)),
    capturedArns: `arn:${partition}:s3:::${bucket}/${modelPackageGroup}/captured/${endpoint}/*`,
    endpoint,
    endpointArn: arn("sagemaker", `endpoint/${endpoint}`),
    // A model and its endpoint config share a name: the endpoint's, the version, and a hash of their settings.
    endpointConfigArns: arn("sagemaker", `endpoint-config/${endpoint}-*`),
    endpointLogArn: arn("logs", `log-group:/aws/sagemaker/Endpoints/${endpoint}`),
    /** Namespace of the metrics that the deployment build sends: CanaryVerdict and ModelVersion. */
    metricNamespace: `ModelDeploy/${endpoint}`,
    modelArns: arn("sagemaker", `model/${endpoint}-*`),
    // Application Auto Scaling creates and names the alarms of a target tracking policy.
    scalingAlarmArns: arn("cloudwatch", `alarm:TargetTracking-endpoint/${endpoint}/*`),
    serveRole: serveRole.name,
    serveRoleArn: serveRole.arn,
    stage,
    /** CloudWatch alarm without actions: SageMaker rolls back an update while it is in ALARM. */
    verdictAlarm,
    verdictAlarmArn: arn("cloudwatch", `alarm:${verdictAlarm}`),
  };
}

/** Name of a stage's endpoint. */
export function endpointName(stem: string, stage: StageName): string {
  return `${stem}--${stage}`;
}

/**
 * Folders of a CodePipeline's artifacts: the first 20 characters of its name, and the whole name, since AWS documents
 * neither. Exact, never `<folder>*`: SageMaker's folders in the bucket begin with the same characters.
 */
export function artifactFolders(pipeline: string): string[] {
  return [...new Set([pipeline.slice(0, 20), pipeline])];
}
