import { spawnSync } from "node:child_process";

import { connect } from "../../components/seeding/connect";
import {
  type Access,
  type ClientOptions,
  clientOptions,
} from "../../components/seeding/credentials";

/** AWS calls of the doctor, all of them read-only. */
export interface Calls {
  /** Account of the credentials. */
  readonly account: () => Promise<string | undefined>;
  readonly repositories: () => Promise<string[]>;
  readonly branches: (repositoryName: string) => Promise<string[]>;
  /** Status of a CodeConnections connection, for example `AVAILABLE`. */
  readonly connection: (arn: string) => Promise<string>;
  readonly hasRepository: (name: string) => Promise<boolean>;
  readonly hasBucket: (name: string) => Promise<boolean>;
  readonly hasAlias: (name: string) => Promise<boolean>;
  readonly hasModelPackageGroup: (name: string) => Promise<boolean>;
  readonly hasLogGroup: (name: string) => Promise<boolean>;
  /** Value of a SageMaker quota of the account and region. */
  readonly quota: (code: string) => Promise<number | undefined>;
  /** Messages in an SQS queue; undefined if it does not exist. */
  readonly undeliveredEvents: (queueName: string) => Promise<number | undefined>;
}

/** Calls with the credentials that the AWS provider would use. */
export async function callsOf({
  access,
  region,
}: {
  access: Access;
  region: string;
}): Promise<Calls> {
  const [{ CodeCommit }, { S3 }, { KMS }, { SageMaker }, { CloudWatchLogs }, { ServiceQuotas }] =
    await Promise.all([
      import("@aws-sdk/client-codecommit"),
      import("@aws-sdk/client-s3"),
      import("@aws-sdk/client-kms"),
      import("@aws-sdk/client-sagemaker"),
      import("@aws-sdk/client-cloudwatch-logs"),
      import("@aws-sdk/client-service-quotas"),
    ]);
  const options = await clientOptions(access, region);
  const codecommit = new CodeCommit(options);
  const { account, branches } = await connect(options);
  return {
    account,
    branches,
    connection: (arn) => Promise.resolve(statusOf(arn, options)),
    repositories: async () =>
      ((await codecommit.listRepositories({})).repositories ?? []).map(
        ({ repositoryName = "" }) => repositoryName,
      ),
    hasRepository: (repositoryName) => isThere(codecommit.getRepository({ repositoryName })),
    hasBucket: (Bucket) => isThere(new S3(options).headBucket({ Bucket })),
    hasAlias: (KeyId) => isThere(new KMS(options).describeKey({ KeyId })),
    hasModelPackageGroup: (ModelPackageGroupName) =>
      isThere(new SageMaker(options).describeModelPackageGroup({ ModelPackageGroupName })),
    hasLogGroup: async (name) => {
      const request = { logGroupNamePrefix: name };
      const { logGroups = [] } = await new CloudWatchLogs(options).describeLogGroups(request);
      return logGroups.some(({ logGroupName }) => logGroupName === name);
    },
    quota: async (QuotaCode) => {
      const request = { ServiceCode: "sagemaker", QuotaCode };
      return (await new ServiceQuotas(options).getServiceQuota(request)).Quota?.Value;
    },
    undeliveredEvents: (queueName) => messagesIn(queueName, options),
  };
}

/** Messages in a queue, also those that someone is reading; undefined if it does not exist. */
async function messagesIn(QueueName: string, options: ClientOptions): Promise<number | undefined> {
  const { SQS } = await import("@aws-sdk/client-sqs");
  // The endpoint of the region, as all other clients have it.
  const sqs = new SQS({ ...options, useQueueUrlAsEndpoint: false });
  const queue = sqs.getQueueUrl({ QueueName });
  if (!(await isThere(queue))) return undefined;
  const { QueueUrl } = await queue;
  const AttributeNames = [
    "ApproximateNumberOfMessages" as const,
    "ApproximateNumberOfMessagesNotVisible" as const,
  ];
  const { Attributes = {} } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames });
  return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}

/** Whether a resource exists: false if AWS does not find it. @throws every other error */
export async function isThere(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // SageMaker has no error code for a missing resource.
    const isMissing =
      /NotFound|NoSuch|DoesNotExist|NonExistent/.test(error.name) ||
      error.message.includes("does not exist");
    if (isMissing) return false;
    throw error;
  }
}

/** Reads the status with the AWS CLI: no other check needs the SDK client of CodeConnections. */
function statusOf(arn: string, { credentials, profile, region }: ClientOptions): string {
  const request = [
    "codeconnections",
    "get-connection",
    "--connection-arn",
    arn,
    "--region",
    region,
  ];
  const query = ["--query", "Connection.ConnectionStatus", "--output", "text"];
  const as = profile === undefined ? [] : ["--profile", profile];
  const { AWS_PROFILE: _, ...others } = process.env;
  const keys = credentials && {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  };
  const { error, status, stderr, stdout } = spawnSync("aws", [...request, ...query, ...as], {
    encoding: "utf8",
    // AWS_PROFILE would take precedence over the keys.
    env: keys === undefined ? process.env : { ...others, ...keys },
  });
  if (error) throw new Error("the AWS CLI is not on PATH", { cause: error });
  if (status !== 0) throw new Error(stderr.trim());
  return stdout.trim();
}
