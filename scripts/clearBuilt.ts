import { randomUUID } from "node:crypto";

import type { SageMaker } from "@aws-sdk/client-sagemaker";
import { z } from "zod";

/** Names of the resources that builds create or fill outside the Pulumi state. */
export interface Built {
  readonly modelPackageGroupName: string;
  readonly sagemakerPipelineName: string;
}

const outputsShape = z.object({
  modelPackageGroupName: z.string(),
  sagemakerPipelineName: z.string(),
});

/** Model package group and SageMaker pipeline of a stack, from its outputs. */
export function builtBy(outputs: unknown): Built {
  return outputsShape.parse(outputs);
}

/**
 * Deletes every model version of the group, and the SageMaker pipeline. Builds create both, so the
 * Pulumi state does not have them, and AWS does not delete a group that has versions.
 * @returns the number of deleted resources; each is reported
 */
export async function clearBuilt(
  { modelPackageGroupName, sagemakerPipelineName }: Built,
  sagemaker: SageMaker,
  report: (what: string) => void,
): Promise<number> {
  let count = 0;
  const deleted = (what: string): void => {
    count += 1;
    report(what);
  };
  for (;;) {
    const { ModelPackageSummaryList: packages = [] } = await sagemaker.listModelPackages({
      ModelPackageGroupName: modelPackageGroupName,
    });
    if (packages.length === 0) break;
    for (const { ModelPackageArn } of packages) {
      await sagemaker.deleteModelPackage({ ModelPackageName: ModelPackageArn });
      deleted(`model version ${ModelPackageArn ?? ""}`);
    }
  }
  const { PipelineSummaries = [] } = await sagemaker.listPipelines({
    PipelineNamePrefix: sagemakerPipelineName,
  });
  if (PipelineSummaries.some(({ PipelineName }) => PipelineName === sagemakerPipelineName)) {
    await sagemaker.deletePipeline({
      PipelineName: sagemakerPipelineName,
      ClientRequestToken: randomUUID(),
    });
    deleted(`SageMaker pipeline ${sagemakerPipelineName}`);
  }
  return count;
}
