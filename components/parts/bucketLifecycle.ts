import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface BucketLifecycleArgs {
  bucket: pulumi.Input<string>;
  lifecycle: Lifecycle;
  /** Created first: rules for noncurrent versions need versioning. */
  versioning: pulumi.Resource;
}

/** S3 expiration in days: of objects, and of noncurrent versions beyond the last ten. */
interface Lifecycle {
  /** @default - never */
  expireAfterDays?: number;
  noncurrentDays: number;
}

/** Noncurrent versions of each object that are retained at any age. */
const noncurrentVersions = 10;

/** S3 lifecycle rule; also aborts incomplete multipart uploads after 7 days. */
export function bucketLifecycle(
  name: string,
  { bucket, lifecycle, versioning }: BucketLifecycleArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const { expireAfterDays, noncurrentDays } = lifecycle;
  new aws.s3.BucketLifecycleConfiguration(
    name,
    {
      bucket,
      rules: [
        {
          id: "lifecycle",
          status: "Enabled",
          filter: { prefix: "" },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          noncurrentVersionExpiration: {
            noncurrentDays,
            newerNoncurrentVersions: noncurrentVersions,
          },
          ...(expireAfterDays === undefined ? {} : { expiration: { days: expireAfterDays } }),
        },
      ],
    },
    pulumi.mergeOptions(opts, { dependsOn: [versioning] }),
  );
}
