import * as pulumi from "@pulumi/pulumi";

import type { Given } from "./checks/rules";
import { type Names, stages } from "./names";
import type { Network } from "./network";
import type { Action } from "./parts/deliveryPipeline";
import { modelRegistry } from "./parts/modelRegistry";
import { serviceRole } from "./parts/serviceRole";
import { runBuild, runTraining } from "./policies/roles";
import { trustExecution } from "./policies/trust";
import { buildAction, roledBuild } from "./roledBuild";
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
  /** What a CodePipeline runs the build by. */
  action: Action;
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
  const buildName = roledBuild(
    `${name}-build`,
    {
      ...about,
      buildspec: build.buildspec,
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
      machine: build,
      nameOf: (it) => ({
        logGroup: it.logGroup,
        project: it.buildProject,
        projectArn: it.buildProjectArn,
        role: it.buildRole,
      }),
      names,
      network,
      permissionsBoundary: permissionsBoundaryArn,
      policyOf: (it, imageRepositoryArn) =>
        runBuild(it, keyArn, { executionRoleArn, imageRepositoryArn, network: network?.access }),
      retentionDays: logs.retentionDays,
    },
    opts,
  );

  return {
    executionRoleArn: pulumi.output(executionRole?.arn ?? executionRoleArn),
    modelPackageGroupName: registry.modelPackageGroupName,
    projectName: buildName,
    action: buildAction(stages.build.action, {
      category: "Build",
      inputArtifacts: ["SourceCode"],
      projectName: buildName,
    }),
    ready: [
      registry,
      ...(executionRole === undefined ? [] : [executionRole.policy]),
      ...(network?.ready ?? []),
    ],
  };
}
