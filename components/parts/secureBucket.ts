import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface SecureBucketArgs {
  bucket: pulumi.Input<string>;
  /** Delete every object with the bucket. */
  forceDestroy: boolean;
  /** Customer-managed key; without it, S3's own keys (SSE-S3). */
  keyArn?: pulumi.Input<string>;
  policy: pulumi.Input<aws.iam.PolicyDocument>;
  tags: Record<string, string>;
}

/** A bucket, and what must stand before anyone writes to it. */
export interface SecureBucket {
  arn: pulumi.Output<string>;
  guard: { encryption: pulumi.Resource; policy: pulumi.Resource; versioning: pulumi.Resource };
  name: pulumi.Output<string>;
}

/** A bucket that is versioned, encrypted, private, owned by the account alone, and ruled by its policy. */
export function secureBucket(
  name: string,
  { forceDestroy, keyArn, policy, tags, ...args }: SecureBucketArgs,
  opts: pulumi.CustomResourceOptions,
): SecureBucket {
  const made = new aws.s3.Bucket(name, { bucket: args.bucket, forceDestroy, tags }, opts);
  const bucket = made.bucket;

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
  const privacy = new aws.s3.BucketPublicAccessBlock(
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
  // S3 refuses two changes of one bucket's access rules at the same moment (OperationAborted).
  const next = pulumi.mergeOptions(opts, { dependsOn: [privacy] });
  const rule = { objectOwnership: "BucketOwnerEnforced" };
  new aws.s3.BucketOwnershipControls(name, { bucket, rule }, next);

  return {
    arn: made.arn,
    guard: {
      encryption,
      policy: new aws.s3.BucketPolicy(name, { bucket, policy }, next),
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
    // One data key serves many objects: a build of a thousand small files costs a few calls to KMS.
    bucketKeyEnabled: keyArn !== undefined,
  };
}
