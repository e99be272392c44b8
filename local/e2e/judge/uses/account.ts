import { z } from "zod";

import type { Use } from "../../contract";
import type { Call } from "../call";
import { arn, each, type Ground, itself, nowhere, optionalText, type Table, text } from "./placing";

const encryptionContext = z.record(z.string(), z.string());

/** What belongs to the account at large: identities, keys, logs, metrics. */
export const account: Table = {
  // Everyone may ask who he is; IAM does not know it otherwise.
  "sts:GetCallerIdentity": nowhere,
  "sts:AssumeRole": (call) => [itself(call, text(call, "RoleArn"))],
  "iam:GetRole": (call, { accountId, partition }) => [
    itself(call, `arn:${partition}:iam::${accountId}:role/${text(call, "RoleName")}`),
  ],
  ...each("kms", ["Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey"], onKey),
  ...each(
    "logs",
    ["CreateLogGroup", "DescribeLogStreams", "PutRetentionPolicy"],
    (call, ground) => [itself(call, logGroupOf(call, ground))],
  ),
  ...each("logs", ["CreateLogStream", "GetLogEvents", "PutLogEvents"], (call, ground) => [
    itself(call, `${logGroupOf(call, ground)}:log-stream:${text(call, "logStreamName")}`),
  ]),
  "logs:DescribeLogGroups": nowhere,
  // Every metric that names no other goes to the default data set.
  "cloudwatch:PutMetricData": (call, ground) => [
    itself(call, arn(ground, "cloudwatch", "dataset/default"), {
      "cloudwatch:namespace": text(call, "Namespace"),
    }),
  ],
};

async function onKey(call: Call, { keys }: Ground): Promise<Use[]> {
  const id = optionalText(call, "KeyId") ?? keyIn(call);
  const key = await keys.arnOf(id);
  if (key === undefined) throw new Error(`${id} is an AWS managed key`);
  const alias = /alias\/.*$/.exec(id)?.[0];
  return [itself(call, key, { ...(alias && { "kms:RequestAlias": alias }), ...bound(call) })];
}

/** What is decrypted tells under which key it is: the emulator's ciphertext begins with the key's id. */
function keyIn(call: Call): string {
  const head = Buffer.from(text(call, "CiphertextBlob"), "base64").subarray(0, 36).toString();
  if (!/^[\da-f-]{36}$/.test(head)) throw new Error("the ciphertext contains no key ID");
  return head;
}

/** What the caller binds to the ciphertext: policies may ask about it. */
function bound({ parameters }: Call): Record<string, string> {
  const context = encryptionContext.safeParse(parameters.EncryptionContext).data ?? {};
  return Object.fromEntries(
    Object.entries(context).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]),
  );
}

function logGroupOf(call: Call, ground: Ground): string {
  const name = text(call, "logGroupName", "logGroupIdentifier");
  return name.startsWith("arn:") ? name : arn(ground, "logs", `log-group:${name}`);
}
