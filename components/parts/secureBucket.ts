import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface SecureBucketArgs {
  bucket: pulumi.Input<string>;
  /** Delete every object with the bucket. */
  forceDestroy: boolean;
  /** Customer managed KMS key; without it, keys of S3 (SSE-S3). */
  keyArn?: pulumi.Input<string>;
  policy: pulumi.Input<aws.iam.PolicyDocument>;
  tags: Record<string, string>;
}

/** S3 bucket, and the protection that must exist before the first write. */
export interface SecureBucket {
  arn: pulumi.Output<string>;
  guard: { encryption: pulumi.Resource; policy: pulumi.Resource; versioning: pulumi.Resource };
  name: pulumi.Output<string>;
}

/** S3 bucket: versioned, encrypted, no public access, no ACLs, with a bucket policy. */
export function secureBucket(
  name: string,
  { forceDestroy, keyArn, policy, tags, ...args }: SecureBucketArgs,
  opts: pulumi.CustomResourceOptions,
): SecureBucket {
  const { arn, bucket } = new aws.s3.Bucket(
    name,
    { bucket: args.bucket, forceDestroy, tags },
    opts,
  );

  const versioning = new aws.s3.BucketVersioning(
    name,
    { bucket, versioningConfiguration: { status: "Enabled" } },
    opts,
  );
  const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
    name,
    { bucket, rules: [encryptionRule(keyArn)] },
    opts,
  );
  const publicAccessBlock = new aws.s3.BucketPublicAccessBlock(
    name,
    {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    opts,
  );
  // S3 rejects concurrent changes of a bucket's access settings (OperationAborted).
  const nextOpts = pulumi.mergeOptions(opts, { dependsOn: [publicAccessBlock] });
  const rule = { objectOwnership: "BucketOwnerEnforced" };
  new aws.s3.BucketOwnershipControls(name, { bucket, rule }, nextOpts);

  return {
    arn,
    guard: {
      encryption,
      policy: new aws.s3.BucketPolicy(name, { bucket, policy }, nextOpts),
      versioning,
    },
    name: bucket,
  };
}

function encryptionRule(keyArn?: pulumi.Input<string>) {
  const algorithm =
    keyArn === undefined
      ? { sseAlgorithm: "AES256" }
      : { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn };
  return {
    applyServerSideEncryptionByDefault: algorithm,
    blockedEncryptionTypes: ["SSE-C"],
    // One data key for many objects: a build of a thousand small files needs few KMS calls.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
    bucketKeyEnabled: keyArn !== undefined,
  };
}
