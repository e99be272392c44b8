import type { SageMaker } from "@aws-sdk/client-sagemaker";

/** What builds made outside Pulumi, by name. */
export interface Built {
  readonly modelPackageGroupName: string;
  readonly sagemakerPipelineName: string;
}

/**
 * Deletes every model version of the group, and the SageMaker pipeline: builds made them, so Pulumi knows nothing of
 * them, and AWS deletes no group that still holds versions. Returns what was deleted, a line each.
 */
export async function clearBuilt(
  { modelPackageGroupName, sagemakerPipelineName }: Built,
  sagemaker: SageMaker,
): Promise<string[]> {
  const done: string[] = [];
  for (;;) {
    const { ModelPackageSummaryList: packages = [] } = await sagemaker.listModelPackages({
      ModelPackageGroupName: modelPackageGroupName,
    });
    if (packages.length === 0) break;
    for (const { ModelPackageArn } of packages) {
      await sagemaker.deleteModelPackage({ ModelPackageName: ModelPackageArn });
      done.push(`model version ${ModelPackageArn ?? ""}`);
    }
  }
  const { PipelineSummaries = [] } = await sagemaker.listPipelines({
    PipelineNamePrefix: sagemakerPipelineName,
  });
  if (PipelineSummaries.some(({ PipelineName }) => PipelineName === sagemakerPipelineName)) {
    await sagemaker.deletePipeline({
      PipelineName: sagemakerPipelineName,
      ClientRequestToken: token(),
    });
    done.push(`SageMaker pipeline ${sagemakerPipelineName}`);
  }
  return done;
}

/** AWS asks for 32 characters or more. */
function token(): string {
  return `clear-${Date.now().toString().padStart(32, "0")}`;
}
