import type { S3 } from "@aws-sdk/client-s3";
import { z } from "zod";

import { unlessGone } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler, text } from "../handler";
import type { Handler } from "../handler";
import { tagList, tagMap, tagsInput } from "../tags";
import { s3Client } from "./s3Bucket";

const objectInputs = z.strictObject({
  bucket: z.string(),
  key: z.string(),
  content: z.string(),
  contentType: z.string().default("application/octet-stream"),
  serverSideEncryption: z.enum(["AES256", "aws:kms"]).optional(),
  kmsKeyId: z.string().optional(),
  bucketKeyEnabled: z.boolean().optional(),
  tags: tagsInput,
});

/** Objects in S3 with their content. */
export function s3ObjectHandlers(options: ClientOptions): readonly Handler[] {
  const s3 = s3Client(options);

  return [
    defineHandler({
      type: "aws:s3/bucketObjectv2:BucketObjectv2",
      inputs: objectInputs,
      replaceOn: ["bucket", "key"],
      // What the bucket's own rule decides.
      computed: ["serverSideEncryption", "kmsKeyId", "bucketKeyEnabled"],

      async create(inputs) {
        await put(await s3(), inputs);
        return `${inputs.bucket}/${inputs.key}`;
      },

      async read(id) {
        const api = await s3();
        const name = placeOf(id);
        const found = await unlessGone(api.getObject(name), /^(NoSuchBucket|NoSuchKey|NotFound):/);
        if (found === undefined) return undefined;
        const { TagSet } = await api.getObjectTagging(name);
        return {
          bucket: name.Bucket,
          key: name.Key,
          content: await found.Body?.transformToString(),
          contentType: found.ContentType,
          serverSideEncryption: found.ServerSideEncryption,
          kmsKeyId: found.SSEKMSKeyId,
          bucketKeyEnabled: found.BucketKeyEnabled ?? false,
          tagsAll: tagMap(TagSet),
          etag: found.ETag?.replaceAll('"', ""),
          versionId: found.VersionId,
        };
      },

      async update(id, news, olds) {
        const api = await s3();
        const same = (
          ["content", "contentType", "kmsKeyId", "serverSideEncryption"] as const
        ).every((input) => news[input] === undefined || news[input] === olds[input]);
        // Tags alone make no new version.
        if (same) {
          await api.putObjectTagging({
            ...placeOf(id),
            Tagging: { TagSet: tagList(news.tags) },
          });
        } else await put(api, news);
      },

      async delete(_id, state) {
        await removeVersions(await s3(), text(state, "bucket"), text(state, "key"));
      },
    }),
  ];
}

function placeOf(id: string): { readonly Bucket: string; readonly Key: string } {
  const [Bucket = "", ...key] = id.split("/");
  return { Bucket, Key: key.join("/") };
}

async function put(api: S3, inputs: z.output<typeof objectInputs>): Promise<void> {
  const tagging = new URLSearchParams(inputs.tags).toString();
  await api.putObject({
    Bucket: inputs.bucket,
    Key: inputs.key,
    Body: inputs.content,
    ContentType: inputs.contentType,
    ServerSideEncryption: inputs.serverSideEncryption,
    SSEKMSKeyId: inputs.kmsKeyId,
    BucketKeyEnabled: inputs.bucketKeyEnabled,
    ...(tagging === "" ? {} : { Tagging: tagging }),
  });
}

/** In a bucket with versions, the object is gone when all of them are. */
async function removeVersions(api: S3, Bucket: string, Key: string): Promise<void> {
  const found = await unlessGone(api.listObjectVersions({ Bucket, Prefix: Key }), /^NoSuchBucket:/);
  const versions = [...(found?.Versions ?? []), ...(found?.DeleteMarkers ?? [])];
  for (const { VersionId } of versions.filter((one) => one.Key === Key)) {
    await api.deleteObject({ Bucket, Key, VersionId });
  }
}
