import { spawnSync } from "node:child_process";

import { connect } from "../../components/seeding/connect";

/** What the doctor asks AWS: each call only reads. */
export interface Calls {
  /** The account that the credentials belong to. */
  readonly account: () => Promise<string | undefined>;
  readonly repositories: () => Promise<string[]>;
  readonly branches: (repositoryName: string) => Promise<string[]>;
  /** A connection's status, for example `AVAILABLE`. */
  readonly connection: (arn: string) => Promise<string>;
  readonly hasRepository: (name: string) => Promise<boolean>;
  readonly hasBucket: (name: string) => Promise<boolean>;
  readonly hasAlias: (name: string) => Promise<boolean>;
  readonly hasModelPackageGroup: (name: string) => Promise<boolean>;
  readonly hasLogGroup: (name: string) => Promise<boolean>;
}

/** Calls with the credentials that AWS's tools would find here; a profile takes precedence over the environment. */
export async function callsOf(where: {
  profile?: string | undefined;
  region: string;
}): Promise<Calls> {
  const [{ CodeCommit }, { S3 }, { KMS }, { SageMaker }, { CloudWatchLogs }] = await Promise.all([
    import("@aws-sdk/client-codecommit"),
    import("@aws-sdk/client-s3"),
    import("@aws-sdk/client-kms"),
    import("@aws-sdk/client-sagemaker"),
    import("@aws-sdk/client-cloudwatch-logs"),
  ]);
  const { profile, region } = where;
  const place = profile === undefined ? { region } : { profile, region };
  const codecommit = new CodeCommit(place);
  const { account, branches } = await connect(place);
  return {
    account,
    branches,
    connection: (arn) => Promise.resolve(statusOf(arn, place)),
    repositories: async () =>
      ((await codecommit.listRepositories({})).repositories ?? []).map(
        ({ repositoryName = "" }) => repositoryName,
      ),
    hasRepository: (repositoryName) => isThere(codecommit.getRepository({ repositoryName })),
    hasBucket: (Bucket) => isThere(new S3(place).headBucket({ Bucket })),
    hasAlias: (KeyId) => isThere(new KMS(place).describeKey({ KeyId })),
    hasModelPackageGroup: (ModelPackageGroupName) =>
      isThere(new SageMaker(place).describeModelPackageGroup({ ModelPackageGroupName })),
    hasLogGroup: async (name) => {
      const request = { logGroupNamePrefix: name };
      const { logGroups = [] } = await new CloudWatchLogs(place).describeLogGroups(request);
      return logGroups.some(({ logGroupName }) => logGroupName === name);
    },
  };
}

/** False if AWS says that there is no such thing; any other error must be seen. */
export async function isThere(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // SageMaker has no error of its own for it.
    const isMissing =
      /NotFound|NoSuch|DoesNotExist/.test(error.name) || error.message.includes("does not exist");
    if (isMissing) return false;
    throw error;
  }
}

/** By the AWS CLI: this is the only check that would need another SDK client. */
function statusOf(arn: string, { profile, region }: { profile?: string; region: string }): string {
  const asked = ["codeconnections", "get-connection", "--connection-arn", arn, "--region", region];
  const query = ["--query", "Connection.ConnectionStatus", "--output", "text"];
  const who = profile === undefined ? [] : ["--profile", profile];
  const { error, status, stderr, stdout } = spawnSync("aws", [...asked, ...query, ...who], {
    encoding: "utf8",
  });
  if (error) throw new Error("the AWS CLI is not on PATH", { cause: error });
  if (status !== 0) throw new Error(stderr.trim());
  return stdout.trim();
}
