import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface BucketLoggingArgs {
  bucket: pulumi.Input<string>;
  /** Log bucket, and the bucket policy that allows the S3 logging service to write. */
  logs: { bucket: pulumi.Input<string>; policy: pulumi.Resource };
}

/** S3 server access logging to another bucket, and S3 event notifications to EventBridge. */
export function bucketLogging(
  name: string,
  { bucket, logs }: BucketLoggingArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  new aws.s3.BucketLogging(
    name,
    { bucket, targetBucket: logs.bucket, targetPrefix: "access/" },
    // S3 rejects a target bucket whose policy does not allow the logging service to write.
    pulumi.mergeOptions(opts, { dependsOn: [logs.policy] }),
  );
  new aws.s3.BucketNotification(name, { bucket, eventbridge: true }, opts);
}
