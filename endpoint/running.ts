import type { SageMaker } from "@aws-sdk/client-sagemaker";

import { fromTags } from "./deployments";

/** The model version that an EndpointConfiguration was made for. */
type RunningModel = NonNullable<ReturnType<typeof fromTags>>;

/** What there is of an endpoint, and what it runs. */
export interface Running {
  readonly endpointName: string;
  readonly status: string;
  /** Whether it answers invocations. */
  readonly isServing: boolean;
  readonly configName: string;
  readonly failureReason?: string | undefined;
  /** How many instances it is meant to have now, which autoscaling may have changed. */
  readonly instances?: number | undefined;
  readonly lastModified: Date;
  /** Undefined if the configuration was not made by this program. */
  readonly model?: RunningModel | undefined;
}

/** The calls by which it is known. */
export type EndpointReads = Pick<SageMaker, "describeEndpoint" | "listTags">;

/** Statuses in which the instances of a configuration answer. */
const serving = ["InService", "RollingBack", "SystemUpdating", "UpdateRollbackFailed", "Updating"];

/**
 * What an endpoint really runs, or undefined if there is no such endpoint. It is told by the tags of the configuration that serves:
 * those of the endpoint itself would be wrong after a canary that was rolled back.
 */
export async function runningOn(
  sagemaker: EndpointReads,
  endpointName: string,
): Promise<Running | undefined> {
  const found = await described(sagemaker, endpointName);
  if (found === undefined) return undefined;
  const { EndpointConfigName: configName = "", EndpointStatus: status = "" } = found;
  const [variant] = found.ProductionVariants ?? [];
  return {
    endpointName,
    status,
    isServing: serving.includes(status),
    configName,
    failureReason: found.FailureReason,
    instances: variant?.DesiredInstanceCount ?? variant?.CurrentInstanceCount,
    lastModified: found.LastModifiedTime ?? new Date(0),
    model: fromTags(await tagsOfConfig(sagemaker, found.EndpointArn ?? "", configName)),
  };
}

async function described(sagemaker: EndpointReads, EndpointName: string) {
  try {
    return await sagemaker.describeEndpoint({ EndpointName });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function tagsOfConfig(
  sagemaker: EndpointReads,
  endpointArn: string,
  configName: string,
): Promise<object> {
  // SageMaker writes names in ARNs in lower case.
  const arn = endpointArn.replace(/:endpoint\/.*/, `:endpoint-config/${configName.toLowerCase()}`);
  try {
    const { Tags = [] } = await sagemaker.listTags({ ResourceArn: arn });
    return Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
  } catch (error) {
    // Somebody took it away under the endpoint, which goes on without.
    if (isMissing(error)) return {};
    throw error;
  }
}

/** SageMaker has no error of its own for what is not there. */
export function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    /could not find|does not exist|not found/i.test(`${error.name} ${error.message}`)
  );
}
