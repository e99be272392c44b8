import * as pulumi from "@pulumi/pulumi";

import { deployArtifacts, deployStages, type StageName } from "../names/deployNames";
import { imageRepositoryArn, type Names } from "../names/names";
import { subnetArns, networkEnvironment } from "../shared/network";
import type { Action } from "../parts/pipeline";
import { serviceRole } from "../parts/serviceRole";
import {
  deployStageRolePolicy,
  servingRolePolicy,
  testStagingRolePolicy,
} from "../policies/deployRoles";
import { buildTrustPolicy, sageMakerTrustPolicy } from "../policies/trust";
import { buildAction, codeBuildProject } from "../shared/codeBuildProject";
import type { DeploySettings } from "../validation/resolveSettings";

interface DeployBuildsArgs {
  description: string;
  keyArn: pulumi.Output<string>;
  names: pulumi.Output<Names>;
  settings: DeploySettings;
  tags: Record<string, string>;
}

interface BuildOpts {
  namedOpts: pulumi.CustomResourceOptions;
  retainedOpts: pulumi.CustomResourceOptions;
}

/** CodePipeline actions of the deployment builds. */
export interface DeployBuilds {
  prod: Action;
  staging: Action;
  test: Action;
}

/**
 * CodeBuild projects that deploy each stage and test staging, each with its role, and a SageMaker
 * model role for each stage.
 */
export function deployBuilds(name: string, args: DeployBuildsArgs, opts: BuildOpts): DeployBuilds {
  const { names, settings, ...labels } = args;
  const network = deployNetwork(args);
  const common = {
    ...labels,
    machine: settings.build,
    network: settings.network,
    permissionsBoundary: settings.permissionsBoundaryArn,
    retentionDays: settings.logs.retentionDays,
  };
  const deployment = (stage: StageName) => {
    const servingRoleArn = serviceRole(
      `${name}-serve-${stage}-role`,
      {
        ...labels,
        permissionsBoundary: settings.permissionsBoundaryArn,
        policy: names.apply((resolved) =>
          servingRolePolicy(resolved, args.keyArn, resolved.deploy[stage], {
            imageRepositoryArns: settings.imageRepositoryArns,
            network: network.access,
          }),
        ),
        roleName: names.deploy[stage].serveRole,
        trust: names.apply(sageMakerTrustPolicy),
      },
      opts.namedOpts,
    );
    return codeBuildProject(
      `${name}-deploy-${stage}`,
      {
        ...common,
        buildspec: "deploy-buildspec.yml",
        environment: {
          ...network.environment,
          ...stageEnvironment(args, stage),
          MODEL_EXECUTION_ROLE_ARN: servingRoleArn,
        },
        names: names.deploy[stage],
        policy: names.apply((it) =>
          deployStageRolePolicy(it, args.keyArn, it.deploy[stage], {
            imageRepositoryArn: imageRepositoryArn(it, settings.build.image),
            network: network.access,
            stagingKind: settings.staging.kind,
          }),
        ),
        trust: names.apply((it) => buildTrustPolicy(it, it.deploy[stage].projectArn)),
      },
      opts,
    );
  };
  const staging = deployment("staging");
  const prod = deployment("prod");
  const testName = codeBuildProject(
    `${name}-test-staging`,
    {
      ...common,
      buildspec: "test-buildspec.yml",
      environment: {
        ...network.environment,
        ...stageEnvironment(args, "staging"),
        BUILD_CONFIG: "staging-config.json",
        EXPORT_TEST_RESULTS: "test-results.json",
      },
      names: names.deploy.test,
      policy: names.apply((it) =>
        testStagingRolePolicy(it, args.keyArn, {
          imageRepositoryArn: imageRepositoryArn(it, settings.build.image),
          network: network.access,
        }),
      ),
      trust: names.apply((it) => buildTrustPolicy(it, it.deploy.test.projectArn)),
    },
    opts,
  );
  return actions(staging, testName, prod);
}

/**
 * CodePipeline actions. Staging selects the model version and writes the deployment artifact.
 * Production deploys that version.
 */
function actions(
  stagingProject: pulumi.Input<string>,
  testProject: pulumi.Input<string>,
  prodProject: pulumi.Input<string>,
): DeployBuilds {
  const { deployment, results, source } = deployArtifacts;
  return {
    prod: buildAction(deployStages.prod.deploy, {
      category: "Build",
      inputArtifacts: [source, deployment],
      projectName: prodProject,
    }),
    staging: buildAction(deployStages.staging.deploy, {
      category: "Build",
      inputArtifacts: [source],
      outputArtifacts: [deployment],
      projectName: stagingProject,
    }),
    test: buildAction(deployStages.staging.test, {
      category: "Test",
      inputArtifacts: [source, deployment],
      // The approval action reads the test results from this namespace.
      namespace: "Test",
      outputArtifacts: [results],
      projectName: testProject,
    }),
  };
}

/** Environment variables of the AWS template for model deployment, with additions. */
function stageEnvironment({ keyArn, names, settings }: DeployBuildsArgs, stage: StageName) {
  const { group, roleArn, schedule } = names.deploy.stagingExpiry;
  return {
    // 0: no approval.
    APPROVAL_TIMEOUT_MINUTES:
      settings.approval === "none" ? "0" : String(settings.approvalTimeoutMinutes),
    DEAD_LETTER_QUEUE_ARN: names.queueArn,
    MAXIMUM_ERRORS: String(settings.alarms.maximumErrors),
    MAXIMUM_LATENCY_MILLISECONDS: String(settings.alarms.maximumLatencyMilliseconds),
    STAGING_ENDPOINT_NAME: names.deploy.staging.endpoint,
    STAGING_HOURS: String(settings.staging.hours),
    STAGING_SCHEDULE: pulumi.interpolate`${group}/${schedule}`,
    STAGING_SCHEDULE_ROLE_ARN: roleArn,
    ARTIFACT_BUCKET: names.artifactBucket,
    ARTIFACT_BUCKET_KMS_ID: keyArn,
    AWS_REGION: names.region,
    ENDPOINT_NAME: names.deploy[stage].endpoint,
    PROD_ENDPOINT_NAME: names.deploy.prod.endpoint,
    SAGEMAKER_PROJECT_ID: settings.projectId,
    SAGEMAKER_PROJECT_NAME: settings.projectName,
    SOURCE_MODEL_PACKAGE_GROUP_NAME: names.modelPackageGroup,
    STAGE_NAME: stage,
    STAGING_KIND: settings.staging.kind,
  };
}

function deployNetwork({ names, settings }: DeployBuildsArgs) {
  const { network } = settings;
  if (network === undefined) return { access: undefined, environment: {} };
  const { securityGroupIds, subnetIds } = pulumi.output(network);
  const access = {
    isolateJobs: true,
    securityGroupIds,
    subnetArns: subnetArns(names, subnetIds),
    subnetIds,
  };
  return {
    access,
    environment: networkEnvironment({ securityGroupIds, subnetIds }, network.packageIndexUrl),
  };
}
