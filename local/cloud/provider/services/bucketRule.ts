import type { S3 } from "@aws-sdk/client-s3";
import type { z } from "zod";

import { unlessGone } from "../clients";
import { defineHandler } from "../handler";
import type { Handler } from "../handler";
import type { Properties } from "../values";

interface BucketRule<S extends z.ZodObject> {
  readonly type: string;
  readonly inputs: S;
  readonly policies?: readonly (keyof z.output<S> & string)[];
  /** The error by which S3 says that the bucket has no such rule. */
  readonly absent: RegExp;
  readonly put: (api: S3, inputs: z.output<S>) => Promise<unknown>;
  readonly read: (api: S3, bucket: string) => Promise<Properties | undefined>;
  readonly remove: (api: S3, bucket: string) => Promise<unknown>;
}

/** A handler for one thing set on a bucket: put to make or change it, its id the bucket's name. */
export function bucketRule<S extends z.ZodObject<{ bucket: z.ZodString }>>(
  s3: () => Promise<S3>,
  rule: BucketRule<S>,
): Handler {
  return defineHandler<z.ZodObject>({
    type: rule.type,
    inputs: rule.inputs,
    replaceOn: ["bucket"],
    policies: rule.policies ?? [],

    async create(inputs) {
      const known = rule.inputs.parse(inputs);
      await rule.put(await s3(), known);
      return known.bucket;
    },

    async read(id) {
      const found = await unlessGone(rule.read(await s3(), id), noBucketOr(rule.absent));
      return found && { bucket: id, ...found };
    },

    async update(_id, news) {
      await rule.put(await s3(), rule.inputs.parse(news));
    },

    async delete(id) {
      await unlessGone(rule.remove(await s3(), id), noBucketOr(rule.absent));
    },
  });
}

function noBucketOr(absent: RegExp): RegExp {
  return new RegExp(`^NoSuchBucket:|${absent.source}`);
}
