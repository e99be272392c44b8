import { z } from "zod";

import type { RequiredAction } from "../contract";
import type { Call } from "../call";
import {
  type Ground,
  nowhere,
  optionalText,
  type Placing,
  type Table,
  text,
  usesOfKey,
} from "./placing";

/** S3: most operations need an action of another name, and those on encrypted objects the key as well. */
export const storage: Table = {
  "s3:AbortMultipartUpload": onObject("AbortMultipartUpload"),
  "s3:CompleteMultipartUpload": onObject("PutObject"),
  "s3:CopyObject": async (call, ground) => [
    ...(await read(source(call), ground)),
    ...(await write(call, ground, ["GenerateDataKey"])),
  ],
  "s3:CreateBucket": onBucket("CreateBucket"),
  // S3 reads the parts back before it joins them, hence Decrypt. It is asked for here, where the key is named.
  "s3:CreateMultipartUpload": (call, ground) => write(call, ground, ["GenerateDataKey", "Decrypt"]),
  "s3:DeleteBucket": onBucket("DeleteBucket"),
  "s3:DeleteObject": (call, ground) => [remove(text(call, "Bucket"), entryOf(call), ground)],
  "s3:DeleteObjects": (call, ground) =>
    entries
      .parse(call.parameters.Delete)
      .map((entry) => remove(text(call, "Bucket"), entry, ground)),
  "s3:GetBucketAcl": onBucket("GetBucketAcl"),
  "s3:GetBucketEncryption": onBucket("GetEncryptionConfiguration"),
  "s3:GetBucketLocation": onBucket("GetBucketLocation"),
  "s3:GetBucketPolicy": onBucket("GetBucketPolicy"),
  "s3:GetBucketVersioning": onBucket("GetBucketVersioning"),
  "s3:GetObject": (call, ground) => read(objectOf(call), ground),
  "s3:GetObjectAcl": onObject("GetObjectAcl", "GetObjectVersionAcl"),
  "s3:GetObjectTagging": onObject("GetObjectTagging", "GetObjectVersionTagging"),
  "s3:HeadBucket": onBucket("ListBucket"),
  // Metadata is not encrypted, but checksums are.
  "s3:HeadObject": (call, ground) =>
    read(objectOf(call), ground, call.headers["x-amz-checksum-mode"] === "ENABLED"),
  "s3:ListBuckets": (call) => nowhere({ ...call, operation: "ListAllMyBuckets" }),
  "s3:ListMultipartUploads": onBucket("ListBucketMultipartUploads"),
  "s3:ListObjects": onBucket("ListBucket"),
  "s3:ListObjectsV2": onBucket("ListBucket"),
  "s3:ListObjectVersions": onBucket("ListBucketVersions"),
  "s3:ListParts": onObject("ListMultipartUploadParts"),
  "s3:PutObject": (call, ground) => write(call, ground, ["GenerateDataKey"]),
  "s3:PutObjectTagging": onObject("PutObjectTagging", "PutObjectVersionTagging"),
  "s3:UploadPart": onObject("PutObject"),
  "s3:UploadPartCopy": async (call, ground) => [
    ...(await read(source(call), ground)),
    { action: "s3:PutObject", resource: objectArn(ground, objectOf(call)) },
  ],
};

/** An object, or one version of it. */
export interface ObjectName {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
}

function onBucket(action: string): Placing {
  return (call, ground) => [
    {
      action: `s3:${action}`,
      resource: `arn:${ground.partition}:s3:::${text(call, "Bucket")}`,
      ...(action.startsWith("ListBucket") ? { context: listing(call) } : {}),
    },
  ];
}

/** On an object; an action of another name if the call names one of its versions. */
function onObject(action: string, onVersion = action): Placing {
  return (call, ground) => {
    const object = objectOf(call);
    const name = object.versionId === undefined ? action : onVersion;
    return [{ action: `s3:${name}`, resource: objectArn(ground, object) }];
  };
}

/** What a listing may be limited by, as far as the call says it. */
function listing(call: Call): RequiredAction["context"] {
  const said = ["prefix", "delimiter", "max-keys"].flatMap((name) => {
    const value = optionalText(call, name);
    return value === undefined ? [] : [[`s3:${name}`, value]];
  });
  return z.record(z.string(), z.string()).parse(Object.fromEntries(said));
}

/**
 * What it takes to read an object: the key as well, if it is encrypted under one; and if it is not there, the list, or
 * S3 says no more than that access is denied.
 */
export async function read(
  object: ObjectName,
  ground: Ground,
  content = true,
): Promise<RequiredAction[]> {
  const action = object.versionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion";
  const reading = { action, resource: objectArn(ground, object) };
  const found = await ground.keys.ofObject(object);
  if (found === undefined) {
    const bucket = `arn:${ground.partition}:s3:::${object.bucket}`;
    return [reading, { action: "s3:ListBucket", resource: bucket }];
  }
  return [reading, ...(content ? usesOfKey(ground, "s3", found.keyArn, ["Decrypt"]) : [])];
}

/** An upload with the headers that bucket policies ask about, under the key that they or the bucket name. */
async function write(
  call: Call,
  ground: Ground,
  onKey: readonly string[],
): Promise<RequiredAction[]> {
  const object = objectOf(call);
  return [
    { action: "s3:PutObject", resource: objectArn(ground, object), context: asked(call) },
    // Tags that come with it are a permission of their own.
    ...(call.headers["x-amz-tagging"] === undefined
      ? []
      : [{ action: "s3:PutObjectTagging", resource: objectArn(ground, object) }]),
    ...usesOfKey(ground, "s3", await keyFor(call, ground, object.bucket), onKey),
  ];
}

const headerKeys: Readonly<Record<string, string>> = {
  "if-none-match": "s3:if-none-match",
  "x-amz-server-side-encryption": "s3:x-amz-server-side-encryption",
  "x-amz-server-side-encryption-aws-kms-key-id": "s3:x-amz-server-side-encryption-aws-kms-key-id",
  "x-amz-server-side-encryption-customer-algorithm":
    "s3:x-amz-server-side-encryption-customer-algorithm",
};

/** What policies may ask about an upload; a header that is left out is a key that is absent. */
function asked({ headers, operation }: Call): RequiredAction["context"] {
  const said = Object.entries(headerKeys).flatMap(([header, key]) => {
    const value = headers[header];
    // Only PutObject accepts the header.
    const isKnown = header !== "if-none-match" || operation === "PutObject";
    return value === undefined || !isKnown ? [] : [[key, value]];
  });
  return z.record(z.string(), z.string()).parse(Object.fromEntries(said));
}

function keyFor({ headers }: Call, { keys }: Ground, bucket: string): Promise<string | undefined> {
  const algorithm = headers["x-amz-server-side-encryption"];
  const id = headers["x-amz-server-side-encryption-aws-kms-key-id"];
  const ownKey = headers["x-amz-server-side-encryption-customer-algorithm"] !== undefined;
  if (algorithm === undefined && !ownKey) return keys.ofBucket(bucket);
  // KMS without a key id means the account's aws/s3 key, which every caller may use through S3.
  return id === undefined ? Promise.resolve(undefined) : keys.arnOf(id);
}

const entries = z.array(z.object({ Key: z.string(), VersionId: z.string().optional() }));

function entryOf(call: Call): z.output<typeof entries>[number] {
  return { Key: text(call, "Key"), VersionId: optionalText(call, "versionId") };
}

function remove(
  bucket: string,
  entry: z.output<typeof entries>[number],
  ground: Ground,
): RequiredAction {
  const versionId = entry.VersionId;
  const action = versionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion";
  return { action, resource: objectArn(ground, { bucket, key: entry.Key }) };
}

function objectOf(call: Call): ObjectName {
  return {
    bucket: text(call, "Bucket"),
    key: text(call, "Key"),
    versionId: optionalText(call, "versionId"),
  };
}

/** From where an object is copied: `/bucket/key?versionId=...`, the slash in front optional. */
function source({ headers }: Call): ObjectName {
  const [path = "", query] = (headers["x-amz-copy-source"] ?? "").split("?");
  const [bucket = "", ...key] = decodeURIComponent(path).replace(/^\//, "").split("/");
  return {
    bucket,
    key: key.join("/"),
    versionId: new URLSearchParams(query).get("versionId") ?? undefined,
  };
}

function objectArn({ partition }: Ground, { bucket, key }: ObjectName): string {
  return `arn:${partition}:s3:::${bucket}/${key}`;
}
