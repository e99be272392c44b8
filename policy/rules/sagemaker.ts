import { z } from "zod";

import { unknownValue, stackOf } from "../resource";
import type { ResourceRule } from "../rule";
import { isProdStack, prodStacksSchema } from "./prodStacks";

const CONFIG = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";

const variantsShape = z
  .array(
    z
      .object({
        initialInstanceCount: z.unknown().optional(),
        instanceType: z.unknown().optional(),
        serverlessConfig: z.unknown().optional(),
        variantName: z.string().catch("without a name").default("without a name"),
      })
      // The whole variant is unknown.
      .catch({ serverlessConfig: unknownValue, variantName: "" }),
  )
  .catch([]);

/**
 * SageMaker model: network isolation.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/sagemaker-controls.html#sagemaker-5
 */
export const sagemakerModelNetworkIsolation: ResourceRule = {
  name: "sagemaker-model-network-isolation",
  description: "A SageMaker model has network isolation.",
  controls: ["SageMaker.5"],
  types: ["aws:sagemaker/model:Model"],
  inputs: ["enableNetworkIsolation"],
  problems: ({ props: { enableNetworkIsolation } }) =>
    [true, unknownValue].some((it) => it === enableNetworkIsolation)
      ? []
      : [
          "The model container can make network calls, also with the permissions of its role. " +
            "Set enableNetworkIsolation to true.",
        ],
};

/**
 * SageMaker endpoint configuration: KMS key for the storage volumes. Instance types with local NVMe
 * storage are exempt.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
 */
export const sagemakerEndpointVolumeEncryption: ResourceRule = {
  name: "sagemaker-endpoint-volume-encryption",
  description:
    "A SageMaker endpoint configuration encrypts its storage volumes with a named KMS key.",
  controls: ["sagemaker-endpoint-configuration-kms-key-configured"],
  types: [CONFIG],
  inputs: ["kmsKeyArn", "productionVariants"],
  problems: ({ props: { kmsKeyArn, productionVariants } }) =>
    kmsKeyArn === unknownValue ||
    (typeof kmsKeyArn === "string" && kmsKeyArn !== "") ||
    instanceVariants(productionVariants).every(({ instanceType }) => hasLocalStorage(instanceType))
      ? []
      : ["The storage volumes have no named KMS key. Set kmsKeyArn to the ARN of a KMS key."],
};

/**
 * SageMaker endpoint: CloudWatch alarms that roll back a failed update.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
 */
export const sagemakerEndpointAutoRollback: ResourceRule = {
  name: "sagemaker-endpoint-auto-rollback",
  description: "A SageMaker endpoint rolls back a failed update automatically.",
  controls: { none: "No control checks the update of an endpoint." },
  types: ["aws:sagemaker/endpoint:Endpoint"],
  inputs: ["deploymentConfig"],
  problems: ({ props: { deploymentConfig } }) =>
    autoRollbackShape.safeParse(deploymentConfig).success
      ? []
      : [
          "SageMaker does not roll back a failed update of the endpoint. Set " +
            "deploymentConfig.autoRollbackConfiguration.alarms to CloudWatch alarms of the endpoint.",
        ],
};

/**
 * SageMaker endpoint configuration in a prod stack: at least two instances for each variant. The
 * endpoint then survives the failure of an instance.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/sagemaker-controls.html#sagemaker-4
 */
export const sagemakerProdEndpointInstanceCount: ResourceRule = {
  name: "sagemaker-prod-endpoint-instance-count",
  description: "A SageMaker endpoint in a prod stack has at least two instances for each variant.",
  controls: ["SageMaker.4"],
  configSchema: prodStacksSchema,
  types: [CONFIG],
  inputs: ["productionVariants"],
  problems: ({ props, urn }, config) =>
    (isProdStack(stackOf(urn), config) ? instanceVariants(props.productionVariants) : [])
      .filter(({ initialInstanceCount: count = 1 }) => typeof count === "number" && count < 2)
      .map(
        ({ variantName }) =>
          `Variant ${variantName} has fewer than two instances in prod stack ${stackOf(urn)}. ` +
          "Set initialInstanceCount to at least 2.",
      ),
};

const unknown = z.symbol();
const autoRollbackShape = unknown.or(
  z.object({
    autoRollbackConfiguration: unknown.or(
      z.object({ alarms: unknown.or(z.array(z.unknown()).min(1)) }),
    ),
  }),
);

/** Variants with instances. A serverless variant has neither instances nor volumes. */
function instanceVariants(productionVariants: unknown) {
  return variantsShape
    .parse(productionVariants)
    .filter(({ serverlessConfig }) => serverlessConfig === undefined);
}

// Instance types with local NVMe storage: the hardware encrypts it, SageMaker accepts no KMS key.
function hasLocalStorage(instanceType: unknown): boolean {
  if (typeof instanceType !== "string") return instanceType === unknownValue;
  const family = instanceType.split(".")[1] ?? "";
  return /^[a-z]+\d+[a-z]*d[a-z]*$|^(dl1|g[5-9]|gr\d|i\d|p[4-9]|trn\d)/.test(family);
}
