import type { RequiredAction } from "../contract";
import type { Call } from "../call";
import { arn, each, type Ground, itself, nowhere, type Table, text } from "./placing";

/** What belongs to the account at large: identities, keys, logs, metrics. */
export const account: Table = {
  // Everyone may ask who he is; IAM does not know it otherwise.
  "sts:GetCallerIdentity": nowhere,
  "sts:AssumeRole": (call) => [itself(call, text(call, "RoleArn"))],
  "iam:GetRole": (call, { accountId, partition }) => [
    itself(call, `arn:${partition}:iam::${accountId}:role/${text(call, "RoleName")}`),
  ],
  "iam:SimulatePrincipalPolicy": (call) => [itself(call, text(call, "PolicySourceArn"))],
  "kms:DescribeKey": onKey,
  ...each(
    "logs",
    ["CreateLogGroup", "DescribeLogStreams", "PutRetentionPolicy"],
    // By region, CloudWatch Logs compares with one form of the ARN or the other: a policy needs both.
    (call, ground) => {
      const group = logGroupOf(call, ground);
      return [itself(call, group), itself(call, `${group}:log-stream:`)];
    },
  ),
  ...each("logs", ["CreateLogStream", "GetLogEvents", "PutLogEvents"], (call, ground) => [
    itself(call, `${logGroupOf(call, ground)}:log-stream:${text(call, "logStreamName")}`),
  ]),
  "logs:DescribeLogGroups": nowhere,
  // Every metric that names no other is in the default data set.
  "cloudwatch:GetMetricData": (call, ground) => [
    itself(call, arn(ground, "cloudwatch", "dataset/default")),
  ],
  "cloudwatch:PutMetricData": (call, ground) => [
    itself(call, arn(ground, "cloudwatch", "dataset/default"), {
      "cloudwatch:namespace": text(call, "Namespace"),
    }),
  ],
};

async function onKey(call: Call, { keys }: Ground): Promise<RequiredAction[]> {
  const id = text(call, "KeyId");
  const key = await keys.arnOf(id);
  if (key === undefined) throw new Error(`${id} is an AWS managed key`);
  const alias = /alias\/.*$/.exec(id)?.[0];
  return [itself(call, key, alias === undefined ? {} : { "kms:RequestAlias": alias })];
}

function logGroupOf(call: Call, ground: Ground): string {
  const name = text(call, "logGroupName", "logGroupIdentifier");
  return name.startsWith("arn:") ? name : arn(ground, "logs", `log-group:${name}`);
}
