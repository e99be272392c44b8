import { z } from "zod";

import { notYet, stackOf } from "../resource";
import type { ResourceRule } from "../rule";
import { isProd, prodSchema } from "./prod";

const CONFIG = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";

const variantsShape = z
  .array(
    z
      .object({
        initialInstanceCount: z.unknown().optional(),
        instanceType: z.unknown().optional(),
        serverlessConfig: z.unknown().optional(),
        variantName: z.string().catch("of no name").default("of no name"),
      })
      // Of which kind it is, nobody knows yet.
      .catch({ serverlessConfig: notYet, variantName: "" }),
  )
  .catch([]);

/** A model that serves talks to nobody but SageMaker. */
export const isolatedModel: ResourceRule = {
  name: "models-are-isolated",
  description: "A SageMaker model runs without a network of its own.",
  types: ["aws:sagemaker/model:Model"],
  reads: ["enableNetworkIsolation"],
  problems: ({ props: { enableNetworkIsolation } }) =>
    [true, notYet].some((it) => it === enableNetworkIsolation)
      ? []
      : [
          "The model's container may call the network, with the rights of its role. Set enableNetworkIsolation to true.",
        ],
};

/** What an endpoint keeps on its disks is encrypted under a key of one's own, where SageMaker takes one. */
export const encryptedEndpoint: ResourceRule = {
  name: "endpoint-volumes-use-a-key",
  description: "An endpoint configuration names the KMS key of its volumes.",
  types: [CONFIG],
  reads: ["kmsKeyArn", "productionVariants"],
  problems: ({ props: { kmsKeyArn, productionVariants } }) =>
    kmsKeyArn === notYet ||
    (typeof kmsKeyArn === "string" && kmsKeyArn !== "") ||
    onMachines(productionVariants).every(({ instanceType }) => hasOwnDisks(instanceType))
      ? []
      : ["Its volumes are encrypted with no key of yours. Set kmsKeyArn to the ARN of a key."],
};

/** An endpoint goes back by itself when an update goes wrong. */
export const guardedEndpoint: ResourceRule = {
  name: "endpoints-roll-back",
  description: "An endpoint names the alarms at which SageMaker takes an update back.",
  types: ["aws:sagemaker/endpoint:Endpoint"],
  reads: ["deploymentConfig"],
  problems: ({ props: { deploymentConfig } }) =>
    watchedShape.safeParse(deploymentConfig).success
      ? []
      : [
          "An update that goes wrong stays. Set deploymentConfig.autoRollbackConfiguration.alarms to the alarms that should ring.",
        ],
};

/** In prod, an endpoint outlives one of its machines. */
export const redundantEndpoint: ResourceRule = {
  name: "prod-endpoints-have-two-instances",
  description: "In a prod stack, each variant of an endpoint starts with at least two instances.",
  configSchema: prodSchema,
  types: [CONFIG],
  reads: ["productionVariants"],
  problems: ({ props, urn }, config) =>
    (isProd(stackOf(urn), config) ? onMachines(props.productionVariants) : [])
      .filter(({ initialInstanceCount: count = 1 }) => typeof count === "number" && count < 2)
      .map(
        ({ variantName }) =>
          `Variant ${variantName} runs on one machine, and stack ${stackOf(urn)} is prod. Set initialInstanceCount to at least 2.`,
      ),
};

const unknown = z.symbol();
const watchedShape = unknown.or(
  z.object({
    autoRollbackConfiguration: unknown.or(
      z.object({ alarms: unknown.or(z.array(z.unknown()).min(1)) }),
    ),
  }),
);

/** Serverless variants have no machines of their own, nor disks. */
function onMachines(productionVariants: unknown) {
  return variantsShape
    .parse(productionVariants)
    .filter(({ serverlessConfig }) => serverlessConfig === undefined);
}

// A key does not reach disks that belong to the machine; SageMaker takes none for such types, whose hardware encrypts.
function hasOwnDisks(instanceType: unknown): boolean {
  if (typeof instanceType !== "string") return instanceType === notYet;
  const family = instanceType.split(".")[1] ?? "";
  return /^[a-z]+\d+[a-z]*d[a-z]*$|^(g[5-9]|gr\d|i\d|p[4-9]|trn\d)/.test(family);
}
