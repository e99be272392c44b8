import type { ApplicationAutoScaling } from "@aws-sdk/client-application-auto-scaling";
import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { CodePipeline } from "@aws-sdk/client-codepipeline";
import type { SageMaker } from "@aws-sdk/client-sagemaker";
import type { Scheduler } from "@aws-sdk/client-scheduler";

import type { ClientOptions } from "../../components/seeding/credentials";

type Credentials = NonNullable<ClientOptions["credentials"]>;

/** Options of the AWS clients; the SDK calls a function again when its credentials expire. */
export interface Where extends Omit<ClientOptions, "credentials"> {
  readonly credentials?: Credentials | (() => Promise<Credentials & { expiration: Date }>);
  readonly endpoint?: string;
}

/** AWS clients of the services of an endpoint and its deployment. */
export interface EndpointClients {
  readonly cloudwatch: CloudWatch;
  readonly codepipeline: CodePipeline;
  readonly logs: CloudWatchLogs;
  readonly sagemaker: SageMaker;
  readonly scaling: ApplicationAutoScaling;
  readonly scheduler: Scheduler;
}

/** Creates the clients; loads each SDK package only here. */
export async function endpointClients(where: Where): Promise<EndpointClients> {
  const { ApplicationAutoScaling: Scaling } =
    await import("@aws-sdk/client-application-auto-scaling");
  const { CloudWatch: Watch } = await import("@aws-sdk/client-cloudwatch");
  const { CloudWatchLogs: Logs } = await import("@aws-sdk/client-cloudwatch-logs");
  const { CodePipeline: Delivery } = await import("@aws-sdk/client-codepipeline");
  const { SageMaker: Models } = await import("@aws-sdk/client-sagemaker");
  const { Scheduler: Schedules } = await import("@aws-sdk/client-scheduler");
  return {
    cloudwatch: new Watch(where),
    codepipeline: new Delivery(where),
    logs: new Logs(where),
    sagemaker: new Models(where),
    scaling: new Scaling(where),
    scheduler: new Schedules(where),
  };
}

/** Answer of a call, or undefined if the resource does not exist. */
export async function ifFound<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    // SageMaker has no exception type of its own for a missing resource.
    const isMissing =
      error instanceof Error &&
      /could not find|does not exist|not ?found/i.test(`${error.name} ${error.message}`);
    if (isMissing) return undefined;
    throw error;
  }
}
