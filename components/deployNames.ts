/** What the names of a deployment are made of. */
interface Words {
  arn: (service: string, rest: string) => string;
  /** The artifact bucket. */
  bucket: string;
  /** Address of the console. */
  console: string;
  partition: string;
  /** The model package group, which endpoints are named after. */
  registry: string;
  roleArn: (role: string) => string;
  /** What every name but the registry's begins with. */
  stem: string;
}

/** Where models are deployed, in this order. */
export const stageNames = ["staging", "prod"] as const;

/** A place where models run. */
export type StageName = (typeof stageNames)[number];

/** Stages and actions of the CodePipeline that deploys models, as AWS's own template calls them. */
export const deployStages = {
  source: { action: "ModelDeployInfraCode", name: "Source" },
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

/** The variable by which a run is told which model version it is about, and what it is without one. */
export const modelVariable = { name: "MODEL_PACKAGE_ARN", none: "none" } as const;

/** Names and ARNs of one stage. */
export type DeployStageNames = ReturnType<typeof stageNamesFor>;

/** Every physical name and ARN of what deploys models, as plain strings. */
export function deployNamesFor(words: Words, repositoryName?: string) {
  const { arn, bucket, console, partition, roleArn, stem } = words;
  const delivery = `${stem}-modeldeploy`;
  const repository = repositoryName ?? delivery;
  const folder = `arn:${partition}:s3:::${bucket}/${artifactFolder(delivery)}`;
  const messageRules = {
    declined: `${stem}-declined`,
    deployed: `${stem}-deployed`,
    rolledBack: `${stem}-rolledback`,
    undeployed: `${stem}-undeployed`,
    waiting: `${stem}-waiting`,
  };
  const test = `${stem}-test-staging`;

  return {
    approvalActionArn: arn(
      "codepipeline",
      `${delivery}/${deployStages.staging.name}/${deployStages.staging.approve}`,
    ),
    artifactArns: {
      // CodePipeline cuts names short, but its guide does not say so: these hold whether it does or not.
      all: `${folder}*`,
      // Below it, a folder by the first ten characters of the artifact's.
      deployment: `${folder}*/${deployArtifacts.deployment.slice(0, 10)}*`,
      results: `${folder}*/${deployArtifacts.results.slice(0, 10)}*`,
      source: `${folder}*/${deployArtifacts.source.slice(0, 10)}*`,
    },
    messageRuleArns: Object.values(messageRules).map((name) => arn("events", `rule/${name}`)),
    messageRules,
    pipeline: delivery,
    pipelineArn: arn("codepipeline", delivery),
    pipelineRole: `${stem}-deploy`,
    pipelineRoleArn: roleArn("deploy"),
    pipelineUrl: `${console}/codesuite/codepipeline/pipelines/${delivery}`,
    prod: stageNamesFor("prod", words),
    repository,
    repositoryArn: arn("codecommit", repository),
    rule: `${stem}-approval`,
    ruleArn: arn("events", `rule/${stem}-approval`),
    staging: stageNamesFor("staging", words),
    stateBucket: `${bucket}-state`,
    stateBucketArn: `arn:${partition}:s3:::${bucket}-state`,
    test: {
      logGroup: `/aws/codebuild/${test}`,
      logGroupArn: arn("logs", `log-group:/aws/codebuild/${test}`),
      project: test,
      projectArn: arn("codebuild", `project/${test}`),
      role: test,
      roleArn: roleArn("test-staging"),
    },
    triggerRole: `${stem}-approval`,
    triggerRoleArn: roleArn("approval"),
  };
}

function stageNamesFor(
  stage: StageName,
  { arn, bucket, partition, registry, roleArn, stem }: Words,
) {
  const endpoint = `${registry}-${stage}`;
  const deploy = `${stem}-deploy-${stage}`;

  return {
    alarmArns: arn("cloudwatch", `alarm:${endpoint}-*`),
    capturedArns: `arn:${partition}:s3:::${bucket}/${registry}/captured/${endpoint}/*`,
    endpoint,
    endpointArn: arn("sagemaker", `endpoint/${endpoint}`),
    // A model and its endpoint config have one name: the endpoint's, the version, and a hash of all that shapes them.
    endpointConfigArns: arn("sagemaker", `endpoint-config/${endpoint}-*`),
    endpointLogArn: arn("logs", `log-group:/aws/sagemaker/Endpoints/${endpoint}`),
    logGroup: `/aws/codebuild/${deploy}`,
    logGroupArn: arn("logs", `log-group:/aws/codebuild/${deploy}`),
    modelArns: arn("sagemaker", `model/${endpoint}-*`),
    project: deploy,
    projectArn: arn("codebuild", `project/${deploy}`),
    role: deploy,
    roleArn: roleArn(`deploy-${stage}`),
    // Application Auto Scaling makes the alarms of a target tracking policy itself, under names of its own.
    scalingAlarmArns: arn("cloudwatch", `alarm:TargetTracking-endpoint/${endpoint}/*`),
    serveRole: `${stem}-serve-${stage}`,
    serveRoleArn: roleArn(`serve-${stage}`),
    stage,
  };
}

/** Derived names that a deployment adds, with AWS's limits. */
export function deployLimits({ staging, ...names }: ReturnType<typeof deployNamesFor>) {
  return [
    { what: "bucket of the deployments' state", name: names.stateBucket, limit: 63 },
    { what: "IAM role", name: staging.role, limit: 64 },
    { what: "SageMaker model", name: `${staging.endpoint}-99999-01234567`, limit: 63 },
    ...Object.values(names.messageRules).map((name) => ({
      what: "EventBridge rule",
      name,
      limit: 64,
    })),
  ];
}

/** CodePipeline's own layout: a folder by the first 20 characters of the pipeline's name. */
export function artifactFolder(pipeline: string): string {
  return pipeline.slice(0, 20);
}
