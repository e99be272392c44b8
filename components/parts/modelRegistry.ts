import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface ModelRegistryArgs {
  description: string;
  groupName: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** SageMaker model package group: the registry of all model versions of the project. */
export function modelRegistry(
  name: string,
  { description, groupName, tags }: ModelRegistryArgs,
  opts: pulumi.CustomResourceOptions,
): aws.sagemaker.ModelPackageGroup {
  return new aws.sagemaker.ModelPackageGroup(
    name,
    { modelPackageGroupName: groupName, modelPackageGroupDescription: description, tags },
    opts,
  );
}
