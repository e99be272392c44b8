import { z } from "zod";

import { clientOptions } from "./clients";
import type { Cloud } from "./cloud";
import type { Properties } from "./values";

const noArguments = z.strictObject({});

/** The functions that the local provider answers, by token; each refuses arguments it ignores. */
export function invokesFor(
  cloud: Cloud,
): ReadonlyMap<string, (args: Properties) => Promise<Properties>> {
  return new Map([
    ["aws:index/getCallerIdentity:getCallerIdentity", (args) => callerIdentity(cloud, args)],
    ["aws:index/getRegion:getRegion", (args) => region(cloud, args)],
    ["aws:index/getPartition:getPartition", (args) => partition(cloud, args)],
    ["aws:codecommit/getRepository:getRepository", (args) => repository(cloud, args)],
  ]);
}

async function callerIdentity(cloud: Cloud, args: Properties): Promise<Properties> {
  noArguments.parse(args);
  const { STS } = await import("@aws-sdk/client-sts");
  const sts = new STS(clientOptions(cloud.endpoint, cloud.region));
  const { Account, Arn, UserId } = await sts.getCallerIdentity({});
  return { accountId: Account, arn: Arn, id: Account, userId: UserId };
}

async function repository(cloud: Cloud, args: Properties): Promise<Properties> {
  const { repositoryName } = z.strictObject({ repositoryName: z.string() }).parse(args);
  const { CodeCommit } = await import("@aws-sdk/client-codecommit");
  const codecommit = new CodeCommit(clientOptions(cloud.endpoint, cloud.region));
  const { repositoryMetadata: found } = await codecommit.getRepository({ repositoryName });
  return {
    arn: found?.Arn,
    cloneUrlHttp: found?.cloneUrlHttp,
    cloneUrlSsh: found?.cloneUrlSsh,
    id: repositoryName,
    kmsKeyId: found?.kmsKeyId,
    repositoryId: found?.repositoryId,
    repositoryName,
  };
}

function region(cloud: Cloud, args: Properties): Promise<Properties> {
  z.strictObject({ region: z.literal(cloud.region).optional() }).parse(args);
  const { dnsSuffix } = partitionOf(cloud.region);
  return Promise.resolve({
    endpoint: `ec2.${cloud.region}.${dnsSuffix}`,
    id: cloud.region,
    name: cloud.region,
    region: cloud.region,
  });
}

function partition(cloud: Cloud, args: Properties): Promise<Properties> {
  noArguments.parse(args);
  const found = partitionOf(cloud.region);
  return Promise.resolve({ ...found, id: found.partition });
}

function partitionOf(name: string) {
  if (name.startsWith("cn-")) {
    return {
      partition: "aws-cn",
      dnsSuffix: "amazonaws.com.cn",
      reverseDnsPrefix: "cn.com.amazonaws",
    };
  }
  if (name.includes("-iso"))
    throw new Error(`the local aws provider does not support region ${name}`);
  return {
    partition: name.startsWith("us-gov-") ? "aws-us-gov" : "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  };
}
