import type { DataCaptureConfig, ProductionVariant, SageMaker } from "@aws-sdk/client-sagemaker";
import { z } from "zod";

import { unlessGone } from "../clients";
import { defineHandler } from "../handler";
import type { Handler } from "../handler";
import { tagList, tagsInput } from "../tags";
import type { Properties } from "../values";
import { readTags, updateTags } from "./sagemakerTags";

const variant = z.strictObject({
  variantName: z.string(),
  modelName: z.string(),
  // AWS's own list of types is longer than a year stays true: it is the API that checks it.
  instanceType: z.custom<NonNullable<ProductionVariant["InstanceType"]>>(
    (value) => typeof value === "string" && value.startsWith("ml."),
    "must be an instance type, e.g. ml.m5.large",
  ),
  initialInstanceCount: z.number().int().min(1),
  initialVariantWeight: z.number().default(1),
  containerStartupHealthCheckTimeoutInSeconds: z.number().optional(),
  modelDataDownloadTimeoutInSeconds: z.number().optional(),
  volumeSizeInGb: z.number().optional(),
});

const types = z.array(z.string()).optional();

const capture = z.strictObject({
  enableCapture: z.boolean().default(false),
  initialSamplingPercentage: z.number().int().min(0).max(100),
  destinationS3Uri: z.string(),
  kmsKeyId: z.string().optional(),
  captureOptions: z.array(
    z.strictObject({ captureMode: z.enum(["Input", "Output", "InputAndOutput"]) }),
  ),
  captureContentTypeHeader: z
    .strictObject({ csvContentTypes: types, jsonContentTypes: types })
    .optional(),
});

const configurationInputs = z.strictObject({
  name: z.string(),
  kmsKeyArn: z.string().optional(),
  productionVariants: z.array(variant).min(1),
  dataCaptureConfig: capture.optional(),
  tags: tagsInput,
});

/** Configurations of SageMaker endpoints: which models run on what. */
export function endpointConfigurationHandler(sagemaker: () => Promise<SageMaker>): Handler {
  return defineHandler({
    type: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
    inputs: configurationInputs,
    replaceOn: ["name", "kmsKeyArn", "productionVariants", "dataCaptureConfig"],

    async create(inputs) {
      await (
        await sagemaker()
      ).createEndpointConfig({
        EndpointConfigName: inputs.name,
        KmsKeyId: inputs.kmsKeyArn,
        ProductionVariants: inputs.productionVariants.map(variantOf),
        DataCaptureConfig: inputs.dataCaptureConfig && captureOf(inputs.dataCaptureConfig),
        Tags: tagList(inputs.tags),
      });
      return inputs.name;
    },

    async read(id) {
      const api = await sagemaker();
      const found = await unlessGone(
        api.describeEndpointConfig({ EndpointConfigName: id }),
        /^ValidationException: Could not find endpoint configuration/,
      );
      if (found === undefined) return undefined;
      return {
        name: found.EndpointConfigName,
        kmsKeyArn: found.KmsKeyId,
        productionVariants: found.ProductionVariants?.map(variantProperties),
        dataCaptureConfig: found.DataCaptureConfig && captureProperties(found.DataCaptureConfig),
        tagsAll: await readTags(api, found.EndpointConfigArn),
        arn: found.EndpointConfigArn,
      };
    },

    async update(_id, { tags }, olds) {
      await updateTags(await sagemaker(), olds, tags);
    },

    async delete(id) {
      await (await sagemaker()).deleteEndpointConfig({ EndpointConfigName: id });
    },
  });
}

function variantOf(one: z.output<typeof variant>): ProductionVariant {
  return {
    VariantName: one.variantName,
    ModelName: one.modelName,
    InstanceType: one.instanceType,
    InitialInstanceCount: one.initialInstanceCount,
    InitialVariantWeight: one.initialVariantWeight,
    ContainerStartupHealthCheckTimeoutInSeconds: one.containerStartupHealthCheckTimeoutInSeconds,
    ModelDataDownloadTimeoutInSeconds: one.modelDataDownloadTimeoutInSeconds,
    VolumeSizeInGB: one.volumeSizeInGb,
  };
}

function variantProperties(one: ProductionVariant): Properties {
  return {
    variantName: one.VariantName,
    modelName: one.ModelName,
    instanceType: one.InstanceType,
    initialInstanceCount: one.InitialInstanceCount,
    initialVariantWeight: one.InitialVariantWeight,
    containerStartupHealthCheckTimeoutInSeconds: one.ContainerStartupHealthCheckTimeoutInSeconds,
    modelDataDownloadTimeoutInSeconds: one.ModelDataDownloadTimeoutInSeconds,
    volumeSizeInGb: one.VolumeSizeInGB,
  };
}

function captureOf(one: z.output<typeof capture>): DataCaptureConfig {
  const header = one.captureContentTypeHeader;
  return {
    EnableCapture: one.enableCapture,
    InitialSamplingPercentage: one.initialSamplingPercentage,
    DestinationS3Uri: one.destinationS3Uri,
    KmsKeyId: one.kmsKeyId,
    CaptureOptions: one.captureOptions.map(({ captureMode }) => ({ CaptureMode: captureMode })),
    CaptureContentTypeHeader: header && {
      CsvContentTypes: header.csvContentTypes,
      JsonContentTypes: header.jsonContentTypes,
    },
  };
}

function captureProperties(one: DataCaptureConfig): Properties {
  const header = one.CaptureContentTypeHeader;
  return {
    enableCapture: one.EnableCapture,
    initialSamplingPercentage: one.InitialSamplingPercentage,
    destinationS3Uri: one.DestinationS3Uri,
    kmsKeyId: one.KmsKeyId,
    captureOptions: one.CaptureOptions?.map(({ CaptureMode }) => ({ captureMode: CaptureMode })),
    captureContentTypeHeader: header && {
      csvContentTypes: header.CsvContentTypes,
      jsonContentTypes: header.JsonContentTypes,
    },
  };
}
