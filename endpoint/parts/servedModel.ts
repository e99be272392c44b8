import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { type Deployment, tagsOf } from "../deployments";
import { VARIANT } from "./variant";

/**
 * The Model and the EndpointConfiguration of one deployment, under one name: a model version without network, its disks and what is
 * captured of it under the project's key. Gives the configuration's name.
 */
export function servedModel(
  deployment: Deployment,
  projectTags: Record<string, string>,
  opts: pulumi.CustomResourceOptions,
): aws.sagemaker.EndpointConfiguration {
  const { capture, name, network } = deployment;
  const tags = { ...projectTags, ...tagsOf(deployment) };
  const model = new aws.sagemaker.Model(
    name,
    {
      name,
      enableNetworkIsolation: true,
      executionRoleArn: deployment.executionRoleArn,
      primaryContainer: { modelPackageName: deployment.modelPackageArn },
      vpcConfig: network && {
        securityGroupIds: network.securityGroupIds,
        subnets: network.subnetIds,
      },
      tags,
    },
    opts,
  );
  return new aws.sagemaker.EndpointConfiguration(
    name,
    {
      name,
      kmsKeyArn: deployment.volumeKeyArn,
      productionVariants: [
        {
          variantName: VARIANT,
          modelName: model.name,
          initialInstanceCount: deployment.instanceCount,
          instanceType: deployment.instanceType,
          initialVariantWeight: 1,
        },
      ],
      dataCaptureConfig: capture && {
        enableCapture: true,
        initialSamplingPercentage: capture.samplingPercentage,
        destinationS3Uri: capture.destination,
        kmsKeyId: capture.keyArn,
        captureOptions: [{ captureMode: "Input" }, { captureMode: "Output" }],
        // Else both would be kept as base64, which no one can read.
        captureContentTypeHeader: {
          csvContentTypes: ["text/csv"],
          jsonContentTypes: ["application/json"],
        },
      },
      tags,
    },
    opts,
  );
}
