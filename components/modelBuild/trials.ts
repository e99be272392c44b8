import * as pulumi from "@pulumi/pulumi";

import type { Names } from "../names/names";
import { serviceRole } from "../parts/serviceRole";
import type { Document } from "../policies/statements";
import { sageMakerTrustPolicy } from "../policies/trust";
import {
  trialJobRolePolicy,
  trialPipelineRolePolicy,
  trialRolePolicy,
  trialTrustPolicy,
} from "../policies/trialRoles";
import type { Network } from "../shared/network";
import type { Settings } from "../validation/resolveSettings";

interface TrialsArgs {
  description: string;
  keyArn: pulumi.Output<string>;
  names: pulumi.Output<Names>;
  network: Network | undefined;
  settings: Settings;
  tags: Record<string, string>;
}

/** Whether the settings name a role that may start trials. */
export function hasTrials({ trial }: Pick<Settings, "trial">): boolean {
  return trial.starterRoleArns.length > 0;
}

/**
 * IAM roles of trials: of the command that starts them, of their SageMaker pipeline, and of the jobs.
 * Returns the environment variables of a trial, as JSON.
 */
export function trials(
  name: string,
  { description, keyArn, names, network, settings, tags }: TrialsArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> | undefined {
  const { build, permissionsBoundaryArn: permissionsBoundary, training, trial } = settings;
  if (!hasTrials(settings)) return undefined;

  const role = (
    part: "job" | "pipelineRole" | "starter",
    logicalName: string,
    policy: (names: Names) => Document,
    trust: (names: Names) => Document,
  ) =>
    serviceRole(
      `${name}-${logicalName}-role`,
      {
        description,
        permissionsBoundary,
        policy: names.apply(policy),
        roleName: names.trial[part].name,
        tags,
        trust: names.apply(trust),
      },
      opts,
    );
  const jobRoleArn = role(
    "job",
    "trial-job",
    (it) => trialJobRolePolicy(it, keyArn, { ...training, network: network?.access }),
    sageMakerTrustPolicy,
  );
  const pipelineRoleArn = role(
    "pipelineRole",
    "trial-pipeline",
    (it) => trialPipelineRolePolicy(it, keyArn, trial, network?.access),
    sageMakerTrustPolicy,
  );
  const starterRoleArn = role(
    "starter",
    "trial",
    (it) => trialRolePolicy(it, keyArn),
    (it) => trialTrustPolicy(it, trial.starterRoleArns),
  );
  return pulumi.jsonStringify({
    ...build.environment,
    ...network?.environment,
    ARTIFACT_BUCKET: names.artifactBucket,
    ARTIFACT_BUCKET_KMS_ID: keyArn,
    AWS_REGION: names.region,
    MODEL_PACKAGE_GROUP_NAME: names.modelPackageGroup,
    SAGEMAKER_PIPELINE_NAME: names.trial.pipeline,
    // The jobs of the definition run as this role.
    SAGEMAKER_PIPELINE_ROLE_ARN: jobRoleArn,
    SAGEMAKER_PROJECT_ID: settings.projectId,
    SAGEMAKER_PROJECT_NAME: settings.projectName,
    TRIAL_MAX_INSTANCE_MINUTES: String(trial.maxInstanceMinutes),
    TRIAL_PIPELINE_ROLE_ARN: pipelineRoleArn,
    TRIAL_ROLE_ARN: starterRoleArn,
  });
}
