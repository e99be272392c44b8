import { clientOptions } from "../../cloud/provider/clients";
import type { Cloud } from "../../cloud/provider/cloud";
import { type Row, inventory } from "../../cloud/provider/inventory";

/** The bucket of which the example's stack file speaks. */
export const dataBucketName = "churn-data";

/** Makes the team's bucket, which sends its events to EventBridge; returns all that is in the account then. */
export async function makeDataBucket({ endpoint, region }: Cloud): Promise<Row[]> {
  const { S3 } = await import("@aws-sdk/client-s3");
  const s3 = new S3({ ...clientOptions(endpoint, region), forcePathStyle: true });
  await s3.createBucket({ Bucket: dataBucketName });
  await s3.putBucketNotificationConfiguration({
    Bucket: dataBucketName,
    NotificationConfiguration: { EventBridgeConfiguration: {} },
  });
  return inventory(endpoint, region);
}
