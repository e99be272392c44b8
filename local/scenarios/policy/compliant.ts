import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** AWS account in the test ARNs. */
export const account = "123456789012";

/** Resource options that prod-deletion-protection requires. */
export const protectedOpts = { protect: true };

/** IAM policy document that allows one action on one resource. */
export function policyDocument(Action: string, Resource: string): string {
  const Condition = { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } };
  const statement = { Effect: "Allow", Action, Resource, Condition };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

/** IAM trust policy for CodeBuild with a condition. */
export function trustPolicy(Condition: Record<string, Record<string, string>>): string {
  const Principal = { Service: "codebuild.amazonaws.com" };
  const statement = { Effect: "Allow", Principal, Action: "sts:AssumeRole", Condition };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

/** S3 bucket with all settings that the rules require, optionally without one of them. */
export function createBucket(
  name: string,
  opts: pulumi.CustomResourceOptions,
  without?: "encryption" | "policy" | "publicAccessBlock" | "versioning",
): void {
  const { bucket } = new aws.s3.Bucket(name, {}, opts);
  const settings = {
    encryption: () =>
      new aws.s3.BucketServerSideEncryptionConfiguration(name, {
        bucket,
        rules: [
          {
            applyServerSideEncryptionByDefault: {
              sseAlgorithm: "aws:kms",
              kmsMasterKeyId: `arn:aws:kms:us-east-1:${account}:key/a`,
            },
          },
        ],
      }),
    policy: () => new aws.s3.BucketPolicy(name, { bucket, policy: tlsOnly }),
    publicAccessBlock: () =>
      new aws.s3.BucketPublicAccessBlock(name, {
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      }),
    versioning: () =>
      new aws.s3.BucketVersioning(name, { bucket, versioningConfiguration: { status: "Enabled" } }),
  };
  for (const [setting, create] of Object.entries(settings)) if (setting !== without) create();
}

const tlsOnly = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: ["arn:aws:s3:::a", "arn:aws:s3:::a/*"],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ],
});
