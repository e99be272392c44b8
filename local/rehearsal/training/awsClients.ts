import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { S3 } from "@aws-sdk/client-s3";
import { SageMaker } from "@aws-sdk/client-sagemaker";

import { clientOptions } from "../../provider/clients";
import type { Credentials, Stage } from "../contract";

/** Clients of which every call is judged under these credentials. */
export interface AwsClients {
  readonly cloudwatch: CloudWatch;
  readonly logs: CloudWatchLogs;
  readonly s3: S3;
  readonly sagemaker: SageMaker;
}

/** Clients behind the gateway. */
export function judgedClients(stage: Stage, credentials: Credentials): AwsClients {
  const options = { ...clientOptions(stage.gateway.endpoint, stage.region), credentials };
  return {
    cloudwatch: new CloudWatch(options),
    logs: new CloudWatchLogs(options),
    s3: new S3({ ...options, forcePathStyle: true }),
    sagemaker: new SageMaker(options),
  };
}

/** What the account's owner sees; nothing is judged. */
export function ownersSageMaker(stage: Stage): SageMaker {
  return new SageMaker(clientOptions(stage.ownerEndpoint, stage.region));
}
