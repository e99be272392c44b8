import type { S3 } from "@aws-sdk/client-s3";
import { z } from "zod";

import { lazy, unlessGone } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler, finish } from "../handler";
import type { Handler } from "../handler";
import { tagList, tagMap, tagsInput } from "../tags";
import type { Tags } from "../tags";

/** An S3 client that addresses buckets by path, as one loopback port must be. */
export function s3Client(options: ClientOptions): () => Promise<S3> {
  return lazy(
    async () => new (await import("@aws-sdk/client-s3")).S3({ ...options, forcePathStyle: true }),
  );
}

/** S3 buckets themselves; their settings are in `s3BucketRules`. */
export function s3BucketHandlers(options: ClientOptions): readonly Handler[] {
  const s3 = s3Client(options);
  const { region } = options;

  return [
    defineHandler({
      type: "aws:s3/bucket:Bucket",
      inputs: z.strictObject({
        bucket: z.string(),
        forceDestroy: z.boolean().default(false),
        tags: tagsInput,
      }),
      replaceOn: ["bucket"],
      autoNamed: "bucket",
      unreadable: ["forceDestroy"],

      async create({ bucket, tags }) {
        const api = await s3();
        // In us-east-1 alone, S3 answers 200 when the account already has the bucket.
        if (await exists(api, bucket)) throw new Error(`BucketAlreadyOwnedByYou: ${bucket}`);
        await api.createBucket({ Bucket: bucket, ...(await placeOf(region)) });
        return finish(bucket, () => putTags(api, bucket, tags));
      },

      async read(id) {
        const api = await s3();
        if (!(await exists(api, id))) return undefined;
        const tagging = await unlessGone(api.getBucketTagging({ Bucket: id }), /^NoSuchTagSet/);
        const partition = region.startsWith("cn-") ? "aws-cn" : "aws";
        return {
          bucket: id,
          tagsAll: tagMap(tagging?.TagSet),
          arn: `arn:${region.startsWith("us-gov-") ? "aws-us-gov" : partition}:s3:::${id}`,
          bucketDomainName: `${id}.s3.amazonaws.com`,
          bucketRegionalDomainName: `${id}.s3.${region}.amazonaws.com`,
          bucketRegion: region,
        };
      },

      async update(id, { tags }) {
        await putTags(await s3(), id, tags);
      },

      async delete(id, { forceDestroy }) {
        const api = await s3();
        if (forceDestroy === true) await empty(api, id);
        await unlessGone(api.deleteBucket({ Bucket: id }), /^NoSuchBucket/);
      },
    }),
  ];
}

async function exists(api: S3, bucket: string): Promise<boolean> {
  return (await unlessGone(api.headBucket({ Bucket: bucket }), /^(NotFound|404)/)) !== undefined;
}

async function putTags(api: S3, bucket: string, tags: Tags): Promise<void> {
  const TagSet = tagList(tags);
  if (TagSet.length > 0) await api.putBucketTagging({ Bucket: bucket, Tagging: { TagSet } });
  else await api.deleteBucketTagging({ Bucket: bucket });
}

async function empty(api: S3, bucket: string): Promise<void> {
  for (;;) {
    const page = await api.listObjectVersions({ Bucket: bucket });
    const Objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(
      ({ Key, VersionId }) => ({ Key, VersionId }),
    );
    if (Objects.length === 0) return;
    const { Errors = [] } = await api.deleteObjects({ Bucket: bucket, Delete: { Objects } });
    if (Errors.length > 0) throw new Error(`emptying ${bucket}: ${JSON.stringify(Errors)}`);
  }
}

/** Location of a new bucket: S3 requires the region, except in us-east-1, where it refuses it. */
export async function placeOf(region: string) {
  if (region === "us-east-1") return {};
  const { BucketLocationConstraint } = await import("@aws-sdk/client-s3");
  const LocationConstraint = Object.values(BucketLocationConstraint).find((one) => one === region);
  if (LocationConstraint === undefined) throw new Error(`S3 has no location for region ${region}`);
  return { CreateBucketConfiguration: { LocationConstraint } };
}
