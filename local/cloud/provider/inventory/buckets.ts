import type { S3 } from "@aws-sdk/client-s3";

import type { ClientOptions } from "../clients";
import type { Row } from "../inventory";

/** Every S3 bucket, with what protects it. */
export async function buckets(options: ClientOptions): Promise<Row[]> {
  const { S3 } = await import("@aws-sdk/client-s3");
  const api = new S3({ ...options, forcePathStyle: true });
  const { Buckets = [] } = await api.listBuckets({});
  return Promise.all(
    Buckets.map(async ({ Name = "" }) => ({
      service: "S3",
      kind: "bucket",
      name: Name,
      detail: (await facts(api, Name)).filter((fact) => fact !== "").join(", "),
    })),
  );
}

function facts(api: S3, Bucket: string): Promise<string[]> {
  return Promise.all([
    versioning(api, Bucket),
    encryption(api, Bucket),
    publicAccess(api, Bucket),
    ownership(api, Bucket),
    tlsOnly(api, Bucket),
    lifecycle(api, Bucket),
    logging(api, Bucket),
    notification(api, Bucket),
    objects(api, Bucket),
  ]);
}

async function versioning(api: S3, Bucket: string): Promise<string> {
  const { Status } = await api.getBucketVersioning({ Bucket });
  return Status === "Enabled" ? "versioned" : `versioning ${Status?.toLowerCase() ?? "off"}`;
}

async function encryption(api: S3, Bucket: string): Promise<string> {
  const found = await orNothing(api.getBucketEncryption({ Bucket }));
  const rule = found?.ServerSideEncryptionConfiguration?.Rules?.[0];
  if (rule === undefined) return "no encryption rule";
  const algorithm = rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? "no algorithm";
  const key = rule.BucketKeyEnabled === true ? `${algorithm} with bucket key` : algorithm;
  const blocked = rule.BlockedEncryptionTypes?.EncryptionType ?? [];
  return blocked.length > 0 ? `${key}, ${blocked.join(" and ")} blocked` : key;
}

async function publicAccess(api: S3, Bucket: string): Promise<string> {
  const found = await orNothing(api.getPublicAccessBlock({ Bucket }));
  const flags = Object.values(found?.PublicAccessBlockConfiguration ?? {});
  const all = flags.length === 4 && flags.every((flag) => flag);
  return all ? "public access blocked" : "public access not blocked";
}

async function ownership(api: S3, Bucket: string): Promise<string> {
  const found = await orNothing(api.getBucketOwnershipControls({ Bucket }));
  const rule = found?.OwnershipControls?.Rules?.[0]?.ObjectOwnership;
  return rule === "BucketOwnerEnforced" ? "owner enforced" : "ACLs enabled";
}

async function tlsOnly(api: S3, Bucket: string): Promise<string> {
  const policy = (await orNothing(api.getBucketPolicy({ Bucket })))?.Policy;
  if (policy === undefined) return "no policy";
  return policy.includes("aws:SecureTransport") ? "TLS only" : "policy without TLS rule";
}

async function lifecycle(api: S3, Bucket: string): Promise<string> {
  const found = await orNothing(api.getBucketLifecycleConfiguration({ Bucket }));
  const count = found?.Rules?.length ?? 0;
  return count === 0 ? "" : `${String(count)} lifecycle ${count === 1 ? "rule" : "rules"}`;
}

async function logging(api: S3, Bucket: string): Promise<string> {
  const { LoggingEnabled } = await api.getBucketLogging({ Bucket });
  return LoggingEnabled ? `access logged to ${LoggingEnabled.TargetBucket ?? ""}` : "";
}

async function notification(api: S3, Bucket: string): Promise<string> {
  const found = await api.getBucketNotificationConfiguration({ Bucket });
  return found.EventBridgeConfiguration ? "events to EventBridge" : "";
}

async function objects(api: S3, Bucket: string): Promise<string> {
  const { KeyCount = 0 } = await api.listObjectsV2({ Bucket });
  return KeyCount === 0 ? "empty" : `${String(KeyCount)} ${KeyCount === 1 ? "object" : "objects"}`;
}

// S3 answers "not configured" as an error; any other error must be seen.
async function orNothing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && /^(NoSuch|.*NotFound)/.test(error.name)) return undefined;
    throw error;
  }
}
