import type { IAM } from "@aws-sdk/client-iam";
import type { KMS } from "@aws-sdk/client-kms";
import type { S3 } from "@aws-sdk/client-s3";
import type { SNS } from "@aws-sdk/client-sns";
import type { SQS } from "@aws-sdk/client-sqs";
import type { STS } from "@aws-sdk/client-sts";

import { clientOptions, lazy } from "../../provider/clients";

/** The account's owner, who may look up everything. */
export interface Owner {
  readonly iam: () => Promise<IAM>;
  readonly kms: () => Promise<KMS>;
  readonly s3: () => Promise<S3>;
  readonly sns: () => Promise<SNS>;
  readonly sqs: () => Promise<SQS>;
  readonly sts: () => Promise<STS>;
}

/** The owner of the emulated account, each client loaded when it is first needed. */
export function ownerOf(endpoint: string, region: string): Owner {
  const options = clientOptions(endpoint, region);
  return {
    iam: lazy(async () => new (await import("@aws-sdk/client-iam")).IAM(options)),
    kms: lazy(async () => new (await import("@aws-sdk/client-kms")).KMS(options)),
    s3: lazy(
      async () => new (await import("@aws-sdk/client-s3")).S3({ ...options, forcePathStyle: true }),
    ),
    sns: lazy(async () => new (await import("@aws-sdk/client-sns")).SNS(options)),
    sqs: lazy(async () => new (await import("@aws-sdk/client-sqs")).SQS(options)),
    sts: lazy(async () => new (await import("@aws-sdk/client-sts")).STS(options)),
  };
}
