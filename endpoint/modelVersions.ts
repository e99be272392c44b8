import type { SageMaker } from "@aws-sdk/client-sagemaker";
import { z } from "zod";

import { isMissing } from "./running";

/** A version in the registry, as far as its deployment asks. */
export interface ModelVersion {
  readonly arn: string;
  readonly version: number;
  /** `Approved`, `Rejected` or `PendingManualApproval`. */
  readonly approval: string;
  /** `Completed`, if it can be deployed. */
  readonly status: string;
  /** S3 URIs of what it consists of. */
  readonly archives: readonly string[];
  readonly registered: Date;
  /** When anything of it was last changed, its approval among it. */
  readonly lastModified: Date;
  readonly gitCommit?: string | undefined;
  readonly sampleLocation?: string | undefined;
  /** Those of its metadata that are numbers. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** The calls by which it is known. */
export type RegistryReads = Pick<SageMaker, "describeModelPackage">;

const containersShape = z.array(
  z.object({
    ModelDataUrl: z.string().optional(),
    ModelDataSource: z
      .object({ S3DataSource: z.object({ S3Uri: z.string().optional() }).optional() })
      .optional(),
  }),
);

/** A version by its ARN, or undefined if the registry does not have it. */
export async function modelVersion(
  sagemaker: RegistryReads,
  arn: string,
): Promise<ModelVersion | undefined> {
  try {
    const found = await sagemaker.describeModelPackage({ ModelPackageName: arn });
    const metadata = found.CustomerMetadataProperties ?? {};
    const registered = found.CreationTime ?? new Date(0);
    return {
      arn: found.ModelPackageArn ?? arn,
      version: found.ModelPackageVersion ?? 0,
      approval: found.ModelApprovalStatus ?? "",
      status: found.ModelPackageStatus ?? "",
      archives: archivesIn(found.InferenceSpecification?.Containers),
      registered,
      lastModified: found.LastModifiedTime ?? registered,
      gitCommit: metadata.GitCommit,
      sampleLocation: metadata.SampleLocation,
      metrics: numbersIn(metadata),
    };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function archivesIn(containers: unknown): string[] {
  return containersShape
    .default([])
    .parse(containers)
    .flatMap(({ ModelDataSource, ModelDataUrl }) => [
      ModelDataUrl,
      ModelDataSource?.S3DataSource?.S3Uri,
    ])
    .filter((uri) => uri !== undefined);
}

/** A commit can be all digits too, but not as few as a metric has. */
function numbersIn(metadata: Readonly<Record<string, string>>): Record<string, number> {
  const numbers = Object.entries(metadata).filter(([, value]) =>
    /^(?=.{1,25}$)-?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(value),
  );
  return Object.fromEntries(numbers.map(([name, value]) => [name, Number(value)]));
}
