import * as pulumi from "@pulumi/pulumi";

import { deployArtifacts, deployStages, modelVariable, type StageName } from "./deployNames";
import type { Names } from "./names";
import { subnetArnsOf, toldOf } from "./network";
import type { Action } from "./parts/deliveryPipeline";
import { serviceRole } from "./parts/serviceRole";
import { deployStage, serveModels, testStaging } from "./policies/deployRoles";
import { trustExecution } from "./policies/trust";
import { buildAction, roledBuild } from "./roledBuild";
import type { DeploySettings } from "./settings";

interface DeployBuildsArgs {
  description: string;
  keyArn: pulumi.Output<string>;
  names: pulumi.Output<Names>;
  settings: DeploySettings;
  tags: Record<string, string>;
}

interface Options {
  data: pulumi.CustomResourceOptions;
  named: pulumi.CustomResourceOptions;
}

/** The builds of a deployment, as a CodePipeline runs them. */
export interface DeployBuilds {
  prod: Action;
  /** Must stand before the first build runs. */
  ready: pulumi.Resource[];
  staging: Action;
  test: Action;
}

/** The builds that bring each stage's endpoint up and test it, each with a role of its own, and a role for each stage's models. */
export function deployBuilds(name: string, args: DeployBuildsArgs, opts: Options): DeployBuilds {
  const { names, settings, ...about } = args;
  const network = networkOf(args);
  const common = {
    ...about,
    machine: settings.build,
    names,
    network: settings.network,
    permissionsBoundary: settings.permissionsBoundaryArn,
    retentionDays: settings.logs.retentionDays,
  };
  const bringUp = (stage: StageName) => {
    const serving = serviceRole(
      `${name}-serve-${stage}-role`,
      {
        ...about,
        permissionsBoundary: settings.permissionsBoundaryArn,
        policy: names.apply((it) =>
          serveModels(it, args.keyArn, it.deploy[stage], {
            imageRepositoryArns: settings.imageRepositoryArns,
            network: network.access,
          }),
        ),
        roleName: names.deploy[stage].serveRole,
        trust: names.apply(trustExecution),
      },
      opts.named,
    );
    const projectName = roledBuild(
      `${name}-deploy-${stage}`,
      {
        ...common,
        buildspec: "deploy-buildspec.yml",
        environment: {
          ...network.environment,
          ...toldEveryBuild(args, stage),
          ...toldPulumi(args, stage),
          MODEL_EXECUTION_ROLE_ARN: serving.arn,
        },
        // Pulumi's packages are large, and seldom change.
        keepsFolders: true,
        nameOf: (it) => it.deploy[stage],
        policyOf: (it, imageRepositoryArn) =>
          deployStage(it, args.keyArn, it.deploy[stage], {
            imageRepositoryArn,
            network: network.access,
          }),
      },
      opts,
    );
    return { projectName, ready: serving.policy };
  };
  const staging = bringUp("staging");
  const prod = bringUp("prod");
  const testName = roledBuild(
    `${name}-test-staging`,
    {
      ...common,
      buildspec: "test-buildspec.yml",
      environment: {
        ...network.environment,
        ...toldEveryBuild(args, "staging"),
        BUILD_CONFIG: "staging-config.json",
        EXPORT_TEST_RESULTS: "test-results.json",
      },
      nameOf: (it) => it.deploy.test,
      policyOf: (it, imageRepositoryArn) =>
        testStaging(it, args.keyArn, { imageRepositoryArn, network: network.access }),
    },
    opts,
  );
  return {
    ...actions(staging.projectName, testName, prod.projectName),
    ready: [staging.ready, prod.ready],
  };
}

/** Staging decides which version it is, and hands that on with what was tested: production decides nothing anew. */
function actions(
  stagingProject: pulumi.Input<string>,
  testProject: pulumi.Input<string>,
  prodProject: pulumi.Input<string>,
): Pick<DeployBuilds, "prod" | "staging" | "test"> {
  const { deployment, results, source } = deployArtifacts;
  const variables = { [modelVariable.name]: `#{variables.${modelVariable.name}}` };
  return {
    prod: buildAction(deployStages.prod.deploy, {
      category: "Build",
      inputArtifacts: [source, deployment],
      projectName: prodProject,
      variables,
    }),
    staging: buildAction(deployStages.staging.deploy, {
      category: "Build",
      inputArtifacts: [source],
      outputArtifacts: [deployment],
      projectName: stagingProject,
      variables,
    }),
    test: buildAction(deployStages.staging.test, {
      category: "Test",
      inputArtifacts: [source, deployment],
      // Where the approval finds what the test says.
      namespace: "Test",
      outputArtifacts: [results],
      projectName: testProject,
      variables,
    }),
  };
}

/** The names of AWS's own template for deployment, and what they lack. */
function toldEveryBuild({ keyArn, names, settings }: DeployBuildsArgs, stage: StageName) {
  return {
    ARTIFACT_BUCKET: names.artifactBucket,
    ARTIFACT_BUCKET_KMS_ID: keyArn,
    AWS_REGION: names.region,
    ENDPOINT_NAME: names.deploy[stage].endpoint,
    PROD_ENDPOINT_NAME: names.deploy.prod.endpoint,
    SAGEMAKER_PROJECT_ID: settings.projectId,
    SAGEMAKER_PROJECT_NAME: settings.projectName,
    SOURCE_MODEL_PACKAGE_GROUP_NAME: names.modelPackageGroup,
    STAGE_NAME: stage,
  };
}

/** Where Pulumi keeps a stage's state, the key of its secrets, and what the model build says of itself. */
function toldPulumi({ keyArn, names }: DeployBuildsArgs, stage: StageName) {
  const { endpoint } = names.deploy[stage];
  const folder = pulumi.interpolate`s3://${names.deploy.stateBucket}/${stage}`;
  return {
    MODEL_BUILD_OUTPUTS: pulumi.interpolate`${folder}/model-build-outputs.json`,
    PULUMI_BACKEND_URL: pulumi.interpolate`${folder}?region=${names.region}`,
    // The context ties what is encrypted to this endpoint: the key opens it for no other stage's build.
    PULUMI_KMS_URL: pulumi.interpolate`awskms:///${keyArn}?region=${names.region}&context_stack=${endpoint}`,
  };
}

function networkOf({ names, settings }: DeployBuildsArgs) {
  const { network } = settings;
  if (network === undefined) return { access: undefined, environment: {} };
  const { securityGroupIds, subnetIds } = pulumi.output(network);
  const access = {
    isolateJobs: true,
    securityGroupIds,
    subnetArns: subnetArnsOf(names, subnetIds),
    subnetIds,
  };
  return { access, environment: toldOf({ securityGroupIds, subnetIds }, network.packageIndexUrl) };
}
