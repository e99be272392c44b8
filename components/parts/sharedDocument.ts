import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface SharedDocumentArgs {
  bucket: pulumi.Input<string>;
  content: pulumi.Input<string>;
  key: string;
  tags: Record<string, string>;
}

/**
 * S3 object with a JSON document, encrypted by S3 (SSE-S3).
 * It must not contain secrets: the role that runs `pulumi up` may not use the project key.
 */
export function sharedDocument(
  name: string,
  args: SharedDocumentArgs,
  opts: pulumi.CustomResourceOptions,
): aws.s3.BucketObjectv2 {
  const stored = { contentType: "application/json", serverSideEncryption: "AES256" };
  return new aws.s3.BucketObjectv2(name, { ...args, ...stored }, opts);
}
