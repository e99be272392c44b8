import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface BucketUpkeepArgs {
  bucket: pulumi.Input<string>;
  lifecycle: Lifecycle;
  /** Must stand first: rules for earlier versions need versioning. */
  versioning: pulumi.Resource;
}

/** When objects go, in days; earlier versions also by number. */
interface Lifecycle {
  /** @default - never */
  expireAfterDays?: number;
  noncurrentDays: number;
  noncurrentVersions: number;
}

/** A bucket that tidies up: broken uploads after a week, earlier versions and objects as said. */
export function bucketUpkeep(
  name: string,
  { bucket, lifecycle, versioning }: BucketUpkeepArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const { expireAfterDays, noncurrentDays, noncurrentVersions } = lifecycle;
  new aws.s3.BucketLifecycleConfiguration(
    name,
    {
      bucket,
      rules: [
        {
          id: "upkeep",
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
