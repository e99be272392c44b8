import { existsSync, readFileSync } from "node:fs";

import { parse } from "yaml";
import { z } from "zod";

import type { Engine } from "../cloud/engine";
import { placeOf } from "../cloud/provider/services/s3Bucket";
import { ownerClients } from "../iam/clients";

const texts = z.record(z.string(), z.string());

const shape = z.strictObject({
  /** Text of each object, by bucket and key. */
  buckets: z.record(z.string(), texts).default({}),
  parameters: texts.default({}),
  /** Text, or an object for the JSON of several keys. */
  secrets: z.record(z.string(), z.string().or(texts)).default({}),
});

/** Resources of other owners that the model code uses. */
export type OtherResources = z.output<typeof shape>;

/** Reads a file of `--resources`; the error names its problems, without a value. */
export function readResources(file: string): OtherResources {
  if (!existsSync(file)) throw new Error(`--resources must be an existing file, got "${file}"`);
  const { data, error } = shape.safeParse(parse(readFileSync(file, "utf8")));
  if (data !== undefined) return data;
  throw new Error(`--resources ${file}:\n${z.prettifyError(error)}`);
}

/** Creates these resources on the local cloud, as their owners have them on AWS. */
export async function createResources(
  { cloud: { endpoint, region } }: Engine,
  { buckets, parameters, secrets }: OtherResources,
): Promise<void> {
  const owner = ownerClients({ ownerEndpoint: endpoint, region });
  for (const [Bucket, objects] of Object.entries(buckets)) {
    const s3 = await owner.s3();
    await s3.createBucket({ Bucket, ...(await placeOf(region)) });
    for (const [Key, Body] of Object.entries(objects)) await s3.putObject({ Bucket, Key, Body });
  }
  for (const [Name, Value] of Object.entries(parameters))
    await (await owner.ssm()).putParameter({ Name, Type: "SecureString", Value });
  for (const [Name, value] of Object.entries(secrets)) {
    const SecretString = typeof value === "string" ? value : JSON.stringify(value);
    await (await owner.secrets()).createSecret({ Name, SecretString });
  }
}
