import { checked } from "../checked";
import { type Json, asJson } from "../json";
import { modelRequest } from "../modelRequest";
import type { Outcome, Site } from "../site";

/** Registers a model version in its group, under the pipeline's role. */
export async function playRegisterModel(args: Json, { pipelineClients }: Site): Promise<Outcome> {
  const sagemaker = await pipelineClients.sagemaker();
  const request = checked(modelRequest, args);
  const { ModelPackageArn } = await sagemaker.createModelPackage(request);
  const described = await sagemaker.describeModelPackage({ ModelPackageName: ModelPackageArn });
  return {
    metadata: { RegisterModel: { Arn: ModelPackageArn } },
    described: asJson(described),
  };
}
