import * as pulumi from "@pulumi/pulumi";

import type { StringInput } from "../validation/fields";
import { imageRepositoryArn, type Names, stages } from "../names/names";
import type { Network } from "../shared/network";
import type { Action } from "../parts/pipeline";
import { modelRegistry } from "../parts/modelRegistry";
import { serviceRole } from "../parts/serviceRole";
import { buildRolePolicy, executionRolePolicy } from "../policies/buildRoles";
import { type PolicyStatement, policyStatementsPolicy } from "../policies/policyStatements";
import type { Role } from "../policies/protections";
import { buildTrustPolicy, sageMakerTrustPolicy } from "../policies/trust";
import { buildAction, codeBuildProject } from "../shared/codeBuildProject";
import type { Settings } from "../validation/resolveSettings";

interface TrainingBuildArgs {
  description: string;
  executionRoleArn: StringInput;
  keyArn: pulumi.Output<string>;
  names: pulumi.Output<Names>;
  /** Private network of builds and jobs; without one, they run in networks of AWS. */
  network: Network | undefined;
  settings: Settings;
  tags: Record<string, string>;
}

/** Build that starts training, and its model package group. */
export interface TrainingBuild {
  executionRoleArn: pulumi.Output<string>;
  modelPackageGroupName: pulumi.Output<string>;
  projectName: pulumi.Output<string>;
  /** CodePipeline action of the build. */
  action: Action;
}

/**
 * CodeBuild project that creates and starts the SageMaker pipeline, with log group, build role,
 * execution role and model package group.
 */
export function trainingBuild(
  name: string,
  { executionRoleArn, keyArn, names, network, settings, ...labels }: TrainingBuildArgs,
  opts: { namedOpts: pulumi.CustomResourceOptions; retainedOpts: pulumi.CustomResourceOptions },
): TrainingBuild {
  const { build, logs, permissionsBoundaryArn, projectId, projectName, training } = settings;

  // An output always has a value: only the settings say whether there are statements.
  const policyStatementsOf = (role: Role, statements: PolicyStatement[]) =>
    statements.length === 0
      ? undefined
      : names.apply((it) => policyStatementsPolicy(it, role, statements));

  const registry = modelRegistry(
    `${name}-models`,
    { ...labels, groupName: names.modelPackageGroup },
    opts.retainedOpts,
  );
  // CodePipeline starts the first build at once, so the build waits for role and registry.
  const createdRoleArn =
    training.executionRoleArn === undefined
      ? serviceRole(
          `${name}-execution-role`,
          {
            ...labels,
            permissionsBoundary: permissionsBoundaryArn,
            policy: names.apply((resolved) =>
              executionRolePolicy(resolved, keyArn, { ...training, network: network?.access }),
            ),
            policyStatements: policyStatementsOf("execution", training.policyStatements),
            roleName: names.executionRole,
            trust: names.apply(sageMakerTrustPolicy),
          },
          opts.namedOpts,
        )
      : undefined;
  const jobRoleArn = createdRoleArn ?? executionRoleArn;
  const buildName = codeBuildProject(
    `${name}-build`,
    {
      ...labels,
      buildspec: build.buildspec,
      environment: {
        ...build.environment,
        ...network?.environment,
        ARTIFACT_BUCKET: names.artifactBucket,
        ARTIFACT_BUCKET_KMS_ID: keyArn,
        AWS_REGION: names.region,
        MODEL_PACKAGE_GROUP_NAME: registry.modelPackageGroupName,
        ...(settings.deployment ? { PROD_ENDPOINT_NAME: names.deploy.prod.endpoint } : {}),
        SAGEMAKER_PIPELINE_NAME: names.sagemakerPipeline,
        SAGEMAKER_PIPELINE_ROLE_ARN: jobRoleArn,
        SAGEMAKER_PROJECT_ID: projectId,
        SAGEMAKER_PROJECT_NAME: projectName,
        WAIT_FOR_TRAINING: String(build.waitForTraining),
      },
      keyArn,
      machine: build,
      names: { logGroup: names.logGroup, project: names.buildProject, role: names.buildRole },
      network,
      permissionsBoundary: permissionsBoundaryArn,
      policy: names.apply((it) =>
        buildRolePolicy(it, keyArn, {
          executionRoleArn,
          hasDeployment: settings.deployment,
          imageRepositoryArn: imageRepositoryArn(it, build.image),
          network: network?.access,
          references: build,
        }),
      ),
      policyStatements: policyStatementsOf("build", build.policyStatements),
      references: build,
      retentionDays: logs.retentionDays,
      trust: names.apply((it) => buildTrustPolicy(it, it.buildProjectArn)),
    },
    opts,
  );

  return {
    executionRoleArn: pulumi.output(jobRoleArn),
    modelPackageGroupName: registry.modelPackageGroupName,
    projectName: buildName,
    action: buildAction(stages.build.action, {
      category: "Build",
      inputArtifacts: ["SourceCode"],
      projectName: buildName,
    }),
  };
}
