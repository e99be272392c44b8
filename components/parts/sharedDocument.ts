import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface SharedDocumentArgs {
  bucket: pulumi.Input<string>;
  content: pulumi.Input<string>;
  key: string;
  tags: Record<string, string>;
}

/** A JSON document in a bucket, for those who may read it there. It must hold no secret: whoever brings the stack up may not use our key. */
export function sharedDocument(
  name: string,
  args: SharedDocumentArgs,
  opts: pulumi.CustomResourceOptions,
): aws.s3.BucketObjectv2 {
  const stored = { contentType: "application/json", serverSideEncryption: "AES256" };
  return new aws.s3.BucketObjectv2(name, { ...args, ...stored }, opts);
}
