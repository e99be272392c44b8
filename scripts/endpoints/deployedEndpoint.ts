import type { SageMaker } from "@aws-sdk/client-sagemaker";
import { z } from "zod";

import { ifFound } from "./clients";

/** AWS calls about endpoints and their model versions, all of them read-only. */
export type Reads = Pick<SageMaker, "describeEndpoint" | "describeModelPackage" | "listTags">;

const tagsShape = z.object({
  EarlierVersions: z.string().default(""),
  ModelPackageArn: z.string(),
  ModelVersion: z.string().regex(/^\d+$/),
});

/** An endpoint and the model version that it serves. */
export interface DeployedEndpoint {
  readonly endpointName: string;
  readonly failureReason: string | undefined;
  readonly lastModified: Date;
  /** Tags of the endpoint config; undefined if the deployment pipeline did not create it. */
  readonly model: z.output<typeof tagsShape> | undefined;
  readonly status: string;
}

/**
 * SageMaker endpoint and its model version, or undefined if the endpoint does not exist.
 * The version is in the tags of the endpoint config: the tags of the endpoint itself do not change
 * when SageMaker rolls back.
 */
export async function deployedEndpoint(
  sagemaker: Reads,
  EndpointName: string,
): Promise<DeployedEndpoint | undefined> {
  const found = await ifFound(sagemaker.describeEndpoint({ EndpointName }));
  if (found === undefined) return undefined;
  const { EndpointArn = "", EndpointConfigName = "", EndpointStatus = "" } = found;
  // SageMaker writes names in ARNs in lower case.
  const ResourceArn = EndpointArn.replace(
    /:endpoint\/.*/,
    `:endpoint-config/${EndpointConfigName.toLowerCase()}`,
  );
  // An endpoint keeps serving after its endpoint config is deleted.
  const { Tags = [] } = (await ifFound(sagemaker.listTags({ ResourceArn }))) ?? {};
  return {
    endpointName: EndpointName,
    failureReason: found.FailureReason,
    lastModified: found.LastModifiedTime ?? new Date(0),
    model: tagsShape.safeParse(Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]))).data,
    status: EndpointStatus,
  };
}

/** Git commit in the metadata of a model version; undefined without metadata or version. */
export async function commitOf(sagemaker: Reads, arn: string): Promise<string | undefined> {
  const found = await ifFound(sagemaker.describeModelPackage({ ModelPackageName: arn }));
  return found?.CustomerMetadataProperties?.GitCommit;
}
