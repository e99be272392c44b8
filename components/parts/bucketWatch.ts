import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface BucketWatchArgs {
  bucket: pulumi.Input<string>;
  /** Bucket for the access logs, and the policy that lets S3's logging service write there. */
  logs: { bucket: pulumi.Input<string>; policy: pulumi.Resource };
}

/** A bucket whose every access is logged and whose object events reach EventBridge. */
export function bucketWatch(
  name: string,
  { bucket, logs }: BucketWatchArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  new aws.s3.BucketLogging(
    name,
    { bucket, targetBucket: logs.bucket, targetPrefix: "access/" },
    // S3 refuses to log into a bucket whose policy does not let it write.
    pulumi.mergeOptions(opts, { dependsOn: [logs.policy] }),
  );
  new aws.s3.BucketNotification(name, { bucket, eventbridge: true }, opts);
}
