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
  /**
   * Prefixes of the objects that expire.
   * @default - every object expires
   */
  expiringPrefixes?: pulumi.Input<string[]>;
  noncurrentDays: number;
}

/** Noncurrent versions of each object that are retained at any age. */
const noncurrentVersions = 10;

/** S3 lifecycle rules; the first also aborts incomplete multipart uploads after 7 days. */
export function bucketLifecycle(
  name: string,
  { bucket, lifecycle, versioning }: BucketLifecycleArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const { expireAfterDays, expiringPrefixes, noncurrentDays } = lifecycle;
  const expiration = expireAfterDays === undefined ? {} : { expiration: { days: expireAfterDays } };
  const everyObject = {
    id: "lifecycle",
    status: "Enabled",
    filter: { prefix: "" },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    noncurrentVersionExpiration: { noncurrentDays, newerNoncurrentVersions: noncurrentVersions },
  };
  new aws.s3.BucketLifecycleConfiguration(
    name,
    {
      bucket,
      rules:
        expireAfterDays === undefined || expiringPrefixes === undefined
          ? [{ ...everyObject, ...expiration }]
          : pulumi.output(expiringPrefixes).apply((prefixes) => [
              everyObject,
              ...prefixes.map((prefix) => ({
                id: `expire ${prefix}`,
                status: "Enabled",
                filter: { prefix },
                ...expiration,
              })),
            ]),
    },
    pulumi.mergeOptions(opts, { dependsOn: [versioning] }),
  );
}
