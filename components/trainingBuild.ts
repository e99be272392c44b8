import * as pulumi from "@pulumi/pulumi";

import type { Given } from "./checks/rules";
import { imageRepositoryArn, type Names, stages } from "./names";
import type { Network } from "./network";
import { buildLogs } from "./parts/buildLogs";
import { buildProject } from "./parts/buildProject";
import type { Stage } from "./parts/deliveryPipeline";
import { modelRegistry } from "./parts/modelRegistry";
import { serviceRole } from "./parts/serviceRole";
import { runBuild, runTraining } from "./policies/roles";
import { trustBuild, trustExecution } from "./policies/trust";
import type { Settings } from "./settings";

interface TrainingBuildArgs {
  description: string;
  executionRoleArn: Given;
  keyArn: pulumi.Output<string>;
  names: pulumi.Output<Names>;
  /** Where builds and jobs run; in a network of AWS if it is left out. */
  network: Network | undefined;
  settings: Settings;
  tags: Record<string, string>;
}

/** The build that starts training, and where its models go. */
export interface TrainingBuild {
  executionRoleArn: pulumi.Output<string>;
  modelPackageGroupName: pulumi.Output<string>;
  projectName: pulumi.Output<string>;
  /** The stage of a CodePipeline that runs the build. */
  stage: Stage;
  /** Must stand before the first build runs. */
  ready: pulumi.Resource[];
}

/** The CodeBuild project that creates and starts the SageMaker pipeline, its logs, both roles, and the model registry. */
export function trainingBuild(
  name: string,
  { executionRoleArn, keyArn, names, network, settings, ...about }: TrainingBuildArgs,
  opts: { data: pulumi.CustomResourceOptions; named: pulumi.CustomResourceOptions },
): TrainingBuild {
  const { build, logs, permissionsBoundaryArn, projectId, projectName, training } = settings;
  const { tags } = about;

  const logGroup = buildLogs(
    `${name}-build-logs`,
    { keyArn, logGroupName: names.logGroup, retentionInDays: logs.retentionDays, tags },
    opts.data,
  );
  const registry = modelRegistry(
    `${name}-models`,
    { ...about, groupName: names.modelPackageGroup },
    opts.data,
  );
  const executionRole =
    training.executionRoleArn === undefined
      ? serviceRole(
          `${name}-execution-role`,
          {
            ...about,
            permissionsBoundary: permissionsBoundaryArn,
            policy: names.apply((it) =>
              runTraining(it, keyArn, { ...training, network: network?.access }),
            ),
            roleName: names.executionRole,
            trust: names.apply(trustExecution),
          },
          opts.named,
        )
      : undefined;
  const buildRole = serviceRole(
    `${name}-build-role`,
    {
      ...about,
      permissionsBoundary: permissionsBoundaryArn,
      policy: names.apply((it) =>
        runBuild(it, keyArn, {
          executionRoleArn,
          imageRepositoryArn: imageRepositoryArn(it, build.image),
          network: network?.access,
        }),
      ),
      roleName: names.buildRole,
      trust: names.apply(trustBuild),
    },
    opts.named,
  );
  const project = buildProject(
    `${name}-build`,
    {
      ...about,
      ...build,
      environment: {
        ...build.environment,
        ...network?.environment,
        ARTIFACT_BUCKET: names.artifactBucket,
        ARTIFACT_BUCKET_KMS_ID: keyArn,
        AWS_REGION: names.region,
        MODEL_PACKAGE_GROUP_NAME: names.modelPackageGroup,
        SAGEMAKER_PIPELINE_NAME: names.sagemakerPipeline,
        SAGEMAKER_PIPELINE_ROLE_ARN: executionRoleArn,
        SAGEMAKER_PROJECT_ID: projectId,
        SAGEMAKER_PROJECT_NAME: projectName,
        WAIT_FOR_TRAINING: String(build.waitForTraining),
      },
      keyArn,
      logGroupName: logGroup.name,
      network,
      projectName: names.buildProject,
      roleArn: buildRole.arn,
    },
    // CodeBuild tries the role when a project is made; a role without its policy fails there, in a network above all.
    { ...opts.named, dependsOn: [buildRole.policy] },
  );

  return {
    executionRoleArn: pulumi.output(executionRole?.arn ?? executionRoleArn),
    modelPackageGroupName: registry.modelPackageGroupName,
    projectName: project.name,
    stage: {
      ...stages.build,
      configuration: {
        ProjectName: project.name,
        EnvironmentVariables: JSON.stringify([executionId]),
      },
    },
    ready: [
      registry,
      ...(executionRole === undefined ? [] : [executionRole.policy]),
      ...(network?.ready ?? []),
    ],
  };
}

/** Known only while the pipeline runs; the build stamps it on the model version. */
const executionId = {
  name: "CODEPIPELINE_EXECUTION_ID",
  value: "#{codepipeline.PipelineExecutionId}",
  type: "PLAINTEXT",
};
