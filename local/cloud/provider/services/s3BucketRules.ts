import { z } from "zod";

import type { ClientOptions } from "../clients";
import type { Handler } from "../handler";
import { bucketRule } from "./bucketRule";
import { s3Client } from "./s3Bucket";
import { lifecycleHandler } from "./s3Lifecycle";
import { protectionHandlers } from "./s3Protection";

const bucket = z.string();

/** Everything that is set on an S3 bucket, one resource type each; the id is the bucket's name. */
export function s3BucketRuleHandlers(options: ClientOptions): readonly Handler[] {
  const s3 = s3Client(options);

  return [
    lifecycleHandler(s3),
    ...protectionHandlers(s3),

    bucketRule(s3, {
      type: "aws:s3/bucketVersioning:BucketVersioning",
      inputs: z.strictObject({
        bucket,
        versioningConfiguration: z.strictObject({
          status: z.enum(["Enabled", "Suspended"]),
        }),
      }),
      absent: /^never$/,
      put: (api, { bucket: Bucket, versioningConfiguration: { status } }) =>
        api.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: status } }),
      read: async (api, Bucket) => {
        const { Status = "Disabled" } = await api.getBucketVersioning({ Bucket });
        return { versioningConfiguration: { status: Status } };
      },
      // Versioning cannot be taken off a bucket again, only suspended.
      remove: (api, Bucket) =>
        api.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Suspended" } }),
    }),

    bucketRule(s3, {
      type: "aws:s3/bucketLogging:BucketLogging",
      inputs: z.strictObject({ bucket, targetBucket: z.string(), targetPrefix: z.string() }),
      absent: /^never$/,
      put: (api, { bucket: Bucket, targetBucket, targetPrefix }) =>
        api.putBucketLogging({
          Bucket,
          BucketLoggingStatus: {
            LoggingEnabled: { TargetBucket: targetBucket, TargetPrefix: targetPrefix },
          },
        }),
      read: async (api, Bucket) => {
        const { LoggingEnabled } = await api.getBucketLogging({ Bucket });
        return (
          LoggingEnabled && {
            targetBucket: LoggingEnabled.TargetBucket,
            targetPrefix: LoggingEnabled.TargetPrefix,
          }
        );
      },
      remove: (api, Bucket) => api.putBucketLogging({ Bucket, BucketLoggingStatus: {} }),
    }),

    bucketRule(s3, {
      type: "aws:s3/bucketNotification:BucketNotification",
      inputs: z.strictObject({ bucket, eventbridge: z.boolean().default(false) }),
      absent: /^never$/,
      put: (api, { bucket: Bucket, eventbridge }) =>
        api.putBucketNotificationConfiguration({
          Bucket,
          NotificationConfiguration: eventbridge ? { EventBridgeConfiguration: {} } : {},
        }),
      read: async (api, Bucket) => {
        const found = await api.getBucketNotificationConfiguration({ Bucket });
        return { eventbridge: found.EventBridgeConfiguration !== undefined };
      },
      remove: (api, Bucket) =>
        api.putBucketNotificationConfiguration({ Bucket, NotificationConfiguration: {} }),
    }),
  ];
}
