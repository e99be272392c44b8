import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import * as limits from "./limits";
import { exampleNetwork } from "./network";
import { flag, type Given, given, group, integer, sentence, text } from "./rules";
import { administrators, buildShape, imageRepositories, logs, machine, project } from "./schema";
import { source } from "./source";

/** What a stack config decides about deployment, beside what both components share. */
const deployShape = {
  source: source.prefault({ codecommit: {} }),
  build: group(
    { timeoutMinutes: 120 },
    { ...machine, timeoutMinutes: integer(5, 2160, "minutes", 120).default(120) },
  ).prefault({}),
  approvalTimeoutMinutes: integer(5, 86400, "minutes", 10080).default(10080),
};

/** The shape of a stack config: everything about the model build, and whether and how models are deployed. */
export const stackSchema = group(
  { projectName: "churn" },
  {
    ...buildShape,
    deploy: group(
      { enabled: true },
      { enabled: flag(true).default(false), ...deployShape },
    ).prefault({}),
  },
);

const exampleGiven = {
  artifactBucketName: "sagemaker-churn-dev-eb805c6c",
  artifactKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  modelPackageGroupName: "churn-dev",
  notificationTopicArn: "arn:aws:sns:us-east-1:123456789012:sagemaker-churn-dev-messages",
};

/** What other resources give is not known yet, whole lists included. */
const ids = (what: string, example: string) =>
  z.custom<pulumi.Input<Given[]>>((value) => value !== undefined && value !== null, {
    error: sentence(`must be a list of ${what}`, [example]),
  });

/** Whoever has the component gives it whole: what is not asked for stays where it is. */
const modelBuild = z.object(
  {
    artifactBucketName: given(
      "must be the name of an S3 bucket",
      exampleGiven.artifactBucketName,
      limits.bucketName,
    ),
    artifactKeyArn: given(
      "must be the ARN of a KMS key",
      exampleGiven.artifactKeyArn,
      limits.keyArn,
    ),
    modelPackageGroupName: given(
      "must be the name of a model package group",
      exampleGiven.modelPackageGroupName,
      limits.groupName,
    ),
    notificationTopicArn: given(
      "must be the ARN of an SNS topic",
      exampleGiven.notificationTopicArn,
      limits.topicArn,
    ),
  },
  { error: sentence("must be a ModelBuildPipeline, or what it gives", exampleGiven) },
);

/** The shape of what a caller of the component decides. */
export const deploySchema = group(
  { projectName: "churn", modelBuild: exampleGiven },
  {
    ...project,
    ...deployShape,
    modelBuild,
    imageRepositoryArns: imageRepositories,
    administratorArns: administrators,
    logs: logs.prefault({}),
    network: group(exampleNetwork.existing, {
      vpcId: given("must be the ID of a VPC", exampleNetwork.existing.vpcId, limits.vpcId),
      subnetIds: ids("subnet IDs", "subnet-0a1b2c3d4e5f60718"),
      securityGroupIds: ids("security group IDs", "sg-0a1b2c3d4e5f60718"),
      packageIndexUrl: text(
        "must be an HTTPS address without credentials, query and fragment",
        "https://packages.example.com/simple",
        limits.packageIndexUrl,
      ).optional(),
    }).optional(),
  },
);
