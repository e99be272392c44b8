import type { CloudTrail } from "@aws-sdk/client-cloudtrail";
import type { CodeBuild } from "@aws-sdk/client-codebuild";
import type { CodeCommit } from "@aws-sdk/client-codecommit";
import type { ECR } from "@aws-sdk/client-ecr";
import type { EventBridge } from "@aws-sdk/client-eventbridge";
import type { IAM } from "@aws-sdk/client-iam";
import type { S3 } from "@aws-sdk/client-s3";
import type { SQS } from "@aws-sdk/client-sqs";

import { type Access, clientOptions } from "../../components/seeding/credentials";
import { type EndpointClients, endpointClients, type Where } from "../endpoints/clients";

/** AWS clients of `npm run prove`. */
export interface ProveClients extends EndpointClients, GuardServices {
  readonly cloudtrail: CloudTrail;
  readonly codebuild: CodeBuild;
  readonly codecommit: CodeCommit;
  readonly ecr: ECR;
  readonly s3: S3;
}

/** Clients of the resources that outlive a killed run. */
export interface GuardServices {
  readonly eventbridge: EventBridge;
  readonly iam: IAM;
  readonly sqs: SQS;
}

/** Clients for {@link GuardServices}. */
export async function guardServices(where: Where): Promise<GuardServices> {
  const [{ EventBridge: Events }, { IAM: Roles }, { SQS: Queues }] = await Promise.all([
    import("@aws-sdk/client-eventbridge"),
    import("@aws-sdk/client-iam"),
    import("@aws-sdk/client-sqs"),
  ]);
  return { eventbridge: new Events(where), iam: new Roles(where), sqs: new Queues(where) };
}

/** Creates the clients; loads each SDK package only here. */
export async function proveClients(where: Where): Promise<ProveClients> {
  const [
    { CloudTrail: Trail },
    { CodeBuild: Builds },
    { CodeCommit: Commits },
    { ECR: Images },
    { S3: Buckets },
  ] = await Promise.all([
    import("@aws-sdk/client-cloudtrail"),
    import("@aws-sdk/client-codebuild"),
    import("@aws-sdk/client-codecommit"),
    import("@aws-sdk/client-ecr"),
    import("@aws-sdk/client-s3"),
  ]);
  return {
    ...(await endpointClients(where)),
    ...(await guardServices(where)),
    cloudtrail: new Trail(where),
    codebuild: new Builds(where),
    codecommit: new Commits(where),
    ecr: new Images(where),
    // An emulator has no host name for a bucket.
    s3: new Buckets({ ...where, forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined }),
  };
}

const SESSION_MINUTES = 50;

/**
 * Options with credentials that outlast a run: a role of `aws:assumeRoles` is assumed again before
 * its session of an hour ends.
 */
export async function lastingOptions(access: Access, region: string): Promise<Where> {
  const first = await clientOptions(access, region);
  if (first.credentials === undefined) return first;
  return {
    region,
    credentials: async () => {
      const { credentials = { accessKeyId: "", secretAccessKey: "" } } = await clientOptions(
        access,
        region,
      );
      return { ...credentials, expiration: new Date(Date.now() + SESSION_MINUTES * 60_000) };
    },
  };
}
