import * as pulumi from "@pulumi/pulumi";

import type { StageName } from "../names/deployNames";
import type { Names } from "../names/names";
import { networkEnvironment, subnetArns } from "../shared/network";
import type { DeploySettings } from "../validation/resolveSettings";
import type { StagingExpiry } from "./stagingExpiry";

interface EnvironmentArgs {
  expiry: StagingExpiry;
  keyArn: pulumi.Output<string>;
  names: pulumi.Output<Names>;
  settings: DeploySettings;
}

/** Environment variables of the AWS template for model deployment, with additions. */
export function stageEnvironment(
  { expiry, keyArn, names, settings }: EnvironmentArgs,
  stage: StageName,
) {
  return {
    // 0: no approval.
    APPROVAL_TIMEOUT_MINUTES:
      settings.approval === "none" ? "0" : String(settings.approvalTimeoutMinutes),
    ARTIFACT_BUCKET: names.artifactBucket,
    ARTIFACT_BUCKET_KMS_ID: keyArn,
    AWS_REGION: names.region,
    DEAD_LETTER_QUEUE_ARN: names.queueArn,
    ENDPOINT_NAME: names.deploy[stage].endpoint,
    MAXIMUM_ERRORS: String(settings.alarms.maximumErrors),
    MAXIMUM_LATENCY_MILLISECONDS: String(settings.alarms.maximumLatencyMilliseconds),
    PROD_ENDPOINT_NAME: names.deploy.prod.endpoint,
    SAGEMAKER_PROJECT_ID: settings.projectId,
    SAGEMAKER_PROJECT_NAME: settings.projectName,
    SOURCE_MODEL_PACKAGE_GROUP_NAME: names.modelPackageGroup,
    STAGE_NAME: stage,
    STAGING_ENDPOINT_NAME: names.deploy.staging.endpoint,
    STAGING_HOURS: String(settings.staging.hours),
    STAGING_KIND: settings.staging.kind,
    STAGING_SCHEDULE: expiry.schedule,
    STAGING_SCHEDULE_ROLE_ARN: expiry.roleArn,
  };
}

/** Private network of the builds: as the policies name it, and as environment variables. */
export function deployNetwork({ names, settings }: Pick<EnvironmentArgs, "names" | "settings">) {
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
