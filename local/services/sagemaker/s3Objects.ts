import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";

import type { S3 } from "@aws-sdk/client-s3";

/** Bucket and key of an `s3://` address; throws for anything else. */
export function placeOf(uri: string): { readonly bucket: string; readonly key: string } {
  const [, bucket, key = ""] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(uri) ?? [];
  if (bucket === undefined) {
    throw new Error(`an S3 URI has the form s3://bucket/key, got ${JSON.stringify(uri)}`);
  }
  return { bucket, key };
}

/** The text of one object. */
export async function readText(s3: S3, uri: string): Promise<string> {
  const { bucket, key } = placeOf(uri);
  const { Body } = await s3.getObject({ Bucket: bucket, Key: key });
  return (await Body?.transformToString()) ?? "";
}

/** Every object under the prefix lies in the folder, under the rest of its key; throws if there is none. */
export async function download(s3: S3, uri: string, folder: string): Promise<void> {
  const { bucket, key: prefix } = placeOf(uri);
  const keys = (await keysUnder(s3, bucket, prefix)).filter((key) => !key.endsWith("/"));
  if (keys.length === 0) {
    throw new Error(`No S3 objects found under S3 URL "${uri}" given in input data source.`);
  }
  mkdirSync(folder, { recursive: true });
  for (const key of keys) {
    const rest = key === prefix ? posix.basename(key) : key.slice(prefix.length);
    const file = join(folder, posix.normalize(`/${rest}`));
    const { Body } = await s3.getObject({ Bucket: bucket, Key: key });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, (await Body?.transformToByteArray()) ?? "");
  }
}

async function keysUnder(s3: S3, bucket: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await s3.listObjectsV2({
      Bucket: bucket,
      Prefix: prefix,
      ContinuationToken: token,
    });
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return keys;
}

/** Every file of the folder lies under the prefix; see {@link put} for the key. */
export async function upload(s3: S3, folder: string, uri: string, keyId?: string): Promise<void> {
  for (const file of filesIn(folder)) {
    const name = relative(folder, file).split(sep).join("/");
    await put(s3, file, `${uri.replace(/\/$/, "")}/${name}`, keyId);
  }
}

/** One file, encrypted as SageMaker does: with the key that the job names, else with the account's default one. */
export async function put(s3: S3, file: string, uri: string, keyId?: string): Promise<void> {
  const { bucket, key } = placeOf(uri);
  await s3.putObject({
    Bucket: bucket,
    Key: key,
    Body: readFileSync(file),
    ServerSideEncryption: "aws:kms",
    SSEKMSKeyId: keyId,
  });
}

/** Every file in the folder and the folders in it, in order. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
