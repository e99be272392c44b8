import type { ContainerDefinition, SageMaker } from "@aws-sdk/client-sagemaker";
import { z } from "zod";

import { lazy, unlessGone } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler } from "../handler";
import type { Handler } from "../handler";
import { tagList, tagsInput } from "../tags";
import type { Properties } from "../values";
import { endpointConfigurationHandler } from "./sagemakerEndpointConfiguration";
import { readTags, updateTags } from "./sagemakerTags";

const container = z.strictObject({
  containerHostname: z.string().optional(),
  environment: z.record(z.string(), z.string()).default({}),
  image: z.string().optional(),
  mode: z.enum(["SingleModel", "MultiModel"]).default("SingleModel"),
  modelDataUrl: z.string().optional(),
  modelPackageName: z.string().optional(),
});

const modelInputs = z.strictObject({
  name: z.string(),
  executionRoleArn: z.string(),
  primaryContainer: container.optional(),
  containers: z.array(container).default([]),
  enableNetworkIsolation: z.boolean().default(false),
  vpcConfig: z
    .strictObject({ securityGroupIds: z.array(z.string()), subnets: z.array(z.string()) })
    .optional(),
  tags: tagsInput,
});

/** SageMaker models, and the configurations of endpoints that serve them. */
export function sagemakerModelHandlers(options: ClientOptions): readonly Handler[] {
  const sagemaker = lazy(
    async () => new (await import("@aws-sdk/client-sagemaker")).SageMaker(options),
  );
  return [modelHandler(sagemaker), endpointConfigurationHandler(sagemaker)];
}

function modelHandler(sagemaker: () => Promise<SageMaker>): Handler {
  return defineHandler({
    type: "aws:sagemaker/model:Model",
    inputs: modelInputs,
    replaceOn: [
      "name",
      "executionRoleArn",
      "primaryContainer",
      "containers",
      "enableNetworkIsolation",
      "vpcConfig",
    ],

    async create(inputs) {
      const { containers, primaryContainer, vpcConfig } = inputs;
      await (
        await sagemaker()
      ).createModel({
        ModelName: inputs.name,
        ExecutionRoleArn: inputs.executionRoleArn,
        EnableNetworkIsolation: inputs.enableNetworkIsolation,
        ...(containers.length > 0 && { Containers: containers.map(definitionOf) }),
        ...(primaryContainer && { PrimaryContainer: definitionOf(primaryContainer) }),
        ...(vpcConfig && {
          VpcConfig: { SecurityGroupIds: vpcConfig.securityGroupIds, Subnets: vpcConfig.subnets },
        }),
        Tags: tagList(inputs.tags),
      });
      return inputs.name;
    },

    async read(id) {
      const api = await sagemaker();
      const found = await unlessGone(
        api.describeModel({ ModelName: id }),
        /^ValidationException: Could not find model/,
      );
      if (found === undefined) return undefined;
      return {
        name: found.ModelName,
        executionRoleArn: found.ExecutionRoleArn,
        primaryContainer: containerProperties(found.PrimaryContainer),
        containers: found.Containers?.map(containerProperties),
        enableNetworkIsolation: found.EnableNetworkIsolation,
        vpcConfig: found.VpcConfig?.Subnets && {
          securityGroupIds: found.VpcConfig.SecurityGroupIds,
          subnets: found.VpcConfig.Subnets,
        },
        tagsAll: await readTags(api, found.ModelArn),
        arn: found.ModelArn,
      };
    },

    async update(_id, { tags }, olds) {
      await updateTags(await sagemaker(), olds, tags);
    },

    async delete(id) {
      await (await sagemaker()).deleteModel({ ModelName: id });
    },
  });
}

function definitionOf(one: z.output<typeof container>): ContainerDefinition {
  return {
    ContainerHostname: one.containerHostname,
    Environment: Object.keys(one.environment).length > 0 ? one.environment : undefined,
    Image: one.image,
    Mode: one.mode,
    ModelDataUrl: one.modelDataUrl,
    ModelPackageName: one.modelPackageName,
  };
}

function containerProperties(one: ContainerDefinition | undefined): Properties | undefined {
  if (one === undefined || Object.keys(one).length === 0) return undefined;
  return {
    containerHostname: one.ContainerHostname,
    environment: one.Environment ?? {},
    image: one.Image,
    mode: one.Mode,
    modelDataUrl: one.ModelDataUrl,
    modelPackageName: one.ModelPackageName,
  };
}
