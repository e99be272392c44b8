import type { ApplicationAutoScaling } from "@aws-sdk/client-application-auto-scaling";
import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import type { CodeBuild } from "@aws-sdk/client-codebuild";
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { CodeCommit } from "@aws-sdk/client-codecommit";
import type { CodePipeline } from "@aws-sdk/client-codepipeline";
import type { EventBridge } from "@aws-sdk/client-eventbridge";
import type { IAM } from "@aws-sdk/client-iam";
import type { KMS } from "@aws-sdk/client-kms";
import type { S3 } from "@aws-sdk/client-s3";
import type { SageMaker } from "@aws-sdk/client-sagemaker";
import type { SageMakerRuntime } from "@aws-sdk/client-sagemaker-runtime";
import type { Scheduler } from "@aws-sdk/client-scheduler";
import type { SecretsManager } from "@aws-sdk/client-secrets-manager";
import type { SNS } from "@aws-sdk/client-sns";
import type { SQS } from "@aws-sdk/client-sqs";
import type { SSM } from "@aws-sdk/client-ssm";
import type { STS } from "@aws-sdk/client-sts";

import { clientOptions, lazy } from "../cloud/provider/clients";
import type { Credentials, AwsContext } from "./contract";

/** AWS SDK clients for one principal, each loaded when it is first asked for. */
export interface Clients {
  readonly cloudwatch: () => Promise<CloudWatch>;
  readonly codebuild: () => Promise<CodeBuild>;
  readonly codecommit: () => Promise<CodeCommit>;
  readonly codepipeline: () => Promise<CodePipeline>;
  readonly eventbridge: () => Promise<EventBridge>;
  readonly iam: () => Promise<IAM>;
  readonly kms: () => Promise<KMS>;
  readonly logs: () => Promise<CloudWatchLogs>;
  readonly runtime: () => Promise<SageMakerRuntime>;
  readonly s3: () => Promise<S3>;
  readonly sagemaker: () => Promise<SageMaker>;
  readonly scaling: () => Promise<ApplicationAutoScaling>;
  readonly scheduler: () => Promise<Scheduler>;
  readonly secrets: () => Promise<SecretsManager>;
  readonly sns: () => Promise<SNS>;
  readonly sqs: () => Promise<SQS>;
  readonly ssm: () => Promise<SSM>;
  readonly sts: () => Promise<STS>;
}

/** Clients whose every call is authorized under the given credentials. */
export function authorizedClients(
  { proxy, region }: AwsContext,
  credentials: Credentials,
): Clients {
  return clientsOf({ ...clientOptions(proxy.endpoint, region), credentials });
}

/** Clients of the account's owner, without authorization. */
export function ownerClients({
  ownerEndpoint,
  region,
}: Pick<AwsContext, "ownerEndpoint" | "region">): Clients {
  return clientsOf(clientOptions(ownerEndpoint, region));
}

function clientsOf(options: ReturnType<typeof clientOptions>): Clients {
  return {
    cloudwatch: lazy(
      async () => new (await import("@aws-sdk/client-cloudwatch")).CloudWatch(options),
    ),
    codebuild: lazy(async () => new (await import("@aws-sdk/client-codebuild")).CodeBuild(options)),
    codecommit: lazy(
      async () => new (await import("@aws-sdk/client-codecommit")).CodeCommit(options),
    ),
    codepipeline: lazy(
      async () => new (await import("@aws-sdk/client-codepipeline")).CodePipeline(options),
    ),
    eventbridge: lazy(
      async () => new (await import("@aws-sdk/client-eventbridge")).EventBridge(options),
    ),
    iam: lazy(async () => new (await import("@aws-sdk/client-iam")).IAM(options)),
    kms: lazy(async () => new (await import("@aws-sdk/client-kms")).KMS(options)),
    logs: lazy(
      async () => new (await import("@aws-sdk/client-cloudwatch-logs")).CloudWatchLogs(options),
    ),
    runtime: lazy(
      async () => new (await import("@aws-sdk/client-sagemaker-runtime")).SageMakerRuntime(options),
    ),
    // A bucket's name in the host would lead away from the one loopback address.
    s3: lazy(
      async () => new (await import("@aws-sdk/client-s3")).S3({ ...options, forcePathStyle: true }),
    ),
    sagemaker: lazy(async () => new (await import("@aws-sdk/client-sagemaker")).SageMaker(options)),
    scaling: lazy(
      async () =>
        new (await import("@aws-sdk/client-application-auto-scaling")).ApplicationAutoScaling(
          options,
        ),
    ),
    scheduler: lazy(async () => new (await import("@aws-sdk/client-scheduler")).Scheduler(options)),
    secrets: lazy(
      async () => new (await import("@aws-sdk/client-secrets-manager")).SecretsManager(options),
    ),
    sns: lazy(async () => new (await import("@aws-sdk/client-sns")).SNS(options)),
    // A queue's URL is only a name here: calls go to the one loopback endpoint.
    sqs: lazy(
      async () =>
        new (await import("@aws-sdk/client-sqs")).SQS({ ...options, useQueueUrlAsEndpoint: false }),
    ),
    ssm: lazy(async () => new (await import("@aws-sdk/client-ssm")).SSM(options)),
    sts: lazy(async () => new (await import("@aws-sdk/client-sts")).STS(options)),
  };
}
