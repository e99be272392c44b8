import { ifFound } from "../endpoints/clients";
import type { Activity, Bucket } from "./activity";
import type { RevokeClients } from "./clients";

/** Incomplete multipart uploads to a bucket, by any principal. */
export async function uploadsIn(
  { accountId: ExpectedBucketOwner, name: Bucket }: Bucket,
  s3: RevokeClients["s3"],
): Promise<Activity[]> {
  const found: Activity[] = [];
  let KeyMarker: string | undefined;
  let UploadIdMarker: string | undefined;
  do {
    const page = await s3.listMultipartUploads({
      Bucket,
      ExpectedBucketOwner,
      KeyMarker,
      UploadIdMarker,
    });
    for (const { Initiated = new Date(0), Key = "", UploadId = "" } of page.Uploads ?? [])
      found.push({
        isStopping: false,
        resource: `upload of ${Key}, started ${Initiated.toISOString()}`,
        stop: () =>
          ifFound(s3.abortMultipartUpload({ Bucket, ExpectedBucketOwner, Key, UploadId })),
      });
    const isLast = page.IsTruncated !== true;
    KeyMarker = isLast ? undefined : page.NextKeyMarker;
    UploadIdMarker = isLast ? undefined : page.NextUploadIdMarker;
  } while (KeyMarker !== undefined);
  return found;
}
