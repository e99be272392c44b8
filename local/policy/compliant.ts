import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** The account of whatever is made up here. */
export const account = "123456789012";

/** Resource options with which the rule about data in prod is content. */
export const kept = { protect: true };

/** A policy that allows one action on one resource. */
export function document(Action: string, Resource: string): string {
  const Condition = { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } };
  const statement = { Effect: "Allow", Action, Resource, Condition };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

/** A trust in CodeBuild under a condition. */
export function trust(Condition: Record<string, Record<string, string>>): string {
  const Principal = { Service: "codebuild.amazonaws.com" };
  const statement = { Effect: "Allow", Principal, Action: "sts:AssumeRole", Condition };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

/** A bucket with everything that the rules want of one, but for one thing. */
export function everythingOn(
  name: string,
  opts: pulumi.CustomResourceOptions,
  without?: "encryption" | "policy" | "privacy" | "versioning",
): void {
  const { bucket } = new aws.s3.Bucket(name, {}, opts);
  const parts = {
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
    privacy: () =>
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
  for (const [part, make] of Object.entries(parts)) if (part !== without) make();
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
