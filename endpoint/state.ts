import { z } from "zod";

import { type Deployment, fromTags } from "./deployments";

const types = {
  config: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
  endpoint: "aws:sagemaker/endpoint:Endpoint",
  model: "aws:sagemaker/model:Model",
  scalingPolicy: "aws:appautoscaling/policy:Policy",
  scalingTarget: "aws:appautoscaling/target:Target",
};

const resourceShape = z.looseObject({
  id: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  type: z.string(),
  urn: z.string(),
});

const stateShape = z.looseObject({
  resources: z.array(resourceShape).nullish(),
  pending_operations: z
    .array(z.looseObject({ resource: resourceShape, type: z.string() }))
    .nullish(),
});

const modelShape = z.object({
  executionRoleArn: z.string(),
  name: z.string(),
  vpcConfig: z
    .object({ securityGroupIds: z.array(z.string()), subnets: z.array(z.string()) })
    .optional(),
});

const configShape = z.object({
  dataCaptureConfig: z
    .object({
      destinationS3Uri: z.string(),
      initialSamplingPercentage: z.number(),
      kmsKeyId: z.string(),
    })
    .optional(),
  kmsKeyArn: z.string().optional(),
  name: z.string(),
  productionVariants: z.tuple([
    z.object({ initialInstanceCount: z.number(), instanceType: z.string() }),
  ]),
  tags: z.record(z.string(), z.string()),
});

/**
 * The deployments whose Model and EndpointConfiguration stand, as the stack's state has them: a failed update may have made more
 * than its outputs ever said.
 */
export function deploymentsIn(state: unknown): Deployment[] {
  const resources = resourcesIn(state);
  const models = inputsOf(resources, types.model, modelShape);
  return inputsOf(resources, types.config, configShape).flatMap((config) => {
    const model = models.find(({ name }) => name === config.name);
    const told = fromTags(config.tags);
    if (model === undefined || told === undefined) return [];
    const { dataCaptureConfig: capture, kmsKeyArn, name } = config;
    const [{ initialInstanceCount, instanceType }] = config.productionVariants;
    return [
      {
        name,
        ...told,
        instanceType,
        instanceCount: initialInstanceCount,
        executionRoleArn: model.executionRoleArn,
        ...(kmsKeyArn === undefined ? {} : { volumeKeyArn: kmsKeyArn }),
        ...(capture === undefined
          ? {}
          : {
              capture: {
                destination: capture.destinationS3Uri,
                keyArn: capture.kmsKeyId,
                samplingPercentage: capture.initialSamplingPercentage,
              },
            }),
        ...(model.vpcConfig === undefined
          ? {}
          : {
              network: {
                securityGroupIds: model.vpcConfig.securityGroupIds,
                subnetIds: model.vpcConfig.subnets,
              },
            }),
      },
    ];
  });
}

/** Whether the stack has an endpoint. */
export function hasEndpoint(state: unknown): boolean {
  return resourcesIn(state).some(({ type }) => type === types.endpoint);
}

/** The URNs of what scales the endpoint. */
export function scalingIn(state: unknown): string[] {
  return resourcesIn(state)
    .filter(({ type }) => [types.scalingPolicy, types.scalingTarget].includes(type))
    .map(({ urn }) => urn);
}

/** What AWS makes only once under a name. */
export type Kind = "config" | "endpoint" | "model";

/** A creation that an update began, and nobody saw end. */
export interface Unfinished {
  readonly kind: Kind;
  readonly name: string;
  readonly urn: string;
}

/**
 * What an update that was killed had begun to create, of those kinds that AWS makes only once under a name; all others are made again
 * without harm.
 */
export function unfinishedIn(state: unknown): Unfinished[] {
  const kinds: readonly Kind[] = ["config", "endpoint", "model"];
  return pendingIn(state).flatMap(({ resource, type }) => {
    const kind = kinds.find((one) => types[one] === resource.type);
    if (type !== "creating" || kind === undefined) return [];
    return [{ kind, name: z.string().parse(resource.inputs.name), urn: resource.urn }];
  });
}

/** Whether an update was killed before it could say how it ended. */
export function isInterrupted(state: unknown): boolean {
  return pendingIn(state).length > 0;
}

/**
 * The state without what is pending: a creation that did happen is a resource like any other, to be read from AWS by the next refresh;
 * all else that was pending never was.
 * @param made the URNs of those creations that did happen
 */
export function repaired(state: unknown, made: readonly string[]): unknown {
  const { pending_operations: pending, resources, ...rest } = stateShape.parse(state);
  const found = (pending ?? []).flatMap(({ resource, type }) =>
    type === "creating" && made.includes(resource.urn)
      ? [{ ...resource, id: z.string().parse(resource.inputs.name) }]
      : [],
  );
  return { ...rest, resources: [...(resources ?? []), ...found] };
}

function resourcesIn(state: unknown) {
  return stateShape.parse(state).resources ?? [];
}

function pendingIn(state: unknown) {
  return stateShape.parse(state).pending_operations ?? [];
}

function inputsOf<T>(
  resources: ReturnType<typeof resourcesIn>,
  wanted: string,
  shape: z.ZodType<T>,
): T[] {
  return resources.flatMap(({ inputs, type }) => {
    if (type !== wanted) return [];
    const { data } = shape.safeParse(inputs);
    return data === undefined ? [] : [data];
  });
}
