import { randomUUID } from "node:crypto";

import type { SageMaker } from "@aws-sdk/client-sagemaker";
import { z } from "zod";

/** What builds made outside Pulumi, by name. */
export interface Built {
  readonly modelPackageGroupName: string;
  readonly sagemakerPipelineName: string;
}

const outputsShape = z.object({ modelPackageGroupName: z.string() });

/** What builds made, from the stack's outputs; the group and the SageMaker pipeline have one name. */
export function builtBy(outputs: unknown): Built {
  const { modelPackageGroupName } = outputsShape.parse(outputs);
  return { modelPackageGroupName, sagemakerPipelineName: modelPackageGroupName };
}

/**
 * Deletes every model version of the group, and the SageMaker pipeline: builds made them, so Pulumi knows nothing of
 * them, and AWS deletes no group that still holds versions. Tells of each; returns how many.
 */
export async function clearBuilt(
  { modelPackageGroupName, sagemakerPipelineName }: Built,
  sagemaker: SageMaker,
  tell: (what: string) => void,
): Promise<number> {
  let done = 0;
  const deleted = (what: string): void => {
    done += 1;
    tell(what);
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
  return done;
}
