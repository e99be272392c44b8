import { z } from "zod";

import type { RequiredAction } from "../contract";
import type { Call } from "../call";
import { creation, creationOf } from "./creation";
import {
  arn,
  arnFor,
  each,
  type Ground,
  itself,
  named,
  optionalText,
  type Table,
  usesOfKey,
} from "./placing";

const configs = "endpoint-config/";
const endpoints = "endpoint/";

/** SageMaker's models and endpoints. */
export const hosting: Table = {
  "sagemaker:CreateModel": creation("model/", "ModelName"),
  ...each("sagemaker", ["DeleteModel", "DescribeModel"], named("model/", "ModelName")),
  "sagemaker:CreateEndpointConfig": createConfig,
  ...each(
    "sagemaker",
    ["DeleteEndpointConfig", "DescribeEndpointConfig"],
    named(configs, "EndpointConfigName"),
  ),
  "sagemaker:CreateEndpoint": async (call, ground) => [
    ...(await creation(endpoints, "EndpointName")(call, ground)),
    ...(await takenConfig(call, ground)),
  ],
  "sagemaker:UpdateEndpoint": async (call, ground) => [
    ...named(endpoints, "EndpointName")(call, ground),
    ...(await takenConfig(call, ground)),
  ],
  ...each(
    "sagemaker",
    ["DeleteEndpoint", "DescribeEndpoint", "InvokeEndpoint", "UpdateEndpointWeightsAndCapacities"],
    named(endpoints, "EndpointName"),
  ),
};

const serverless = z.object({ MaxConcurrency: z.number(), MemorySizeInMB: z.number() });
const variants = z.array(
  z.object({
    InstanceType: z.string().optional(),
    ModelName: z.string().optional(),
    ServerlessConfig: serverless.optional(),
  }),
);

/** With what policies may ask of its variants. */
async function createConfig(call: Call, ground: Ground): Promise<RequiredAction[]> {
  const all = variants.parse(call.parameters.ProductionVariants);
  const key = optionalText(call, "KmsKeyId");
  const keyArn = key === undefined ? undefined : await ground.keys.arnOf(key);
  return creationOf(call, ground, arnFor(call, ground, configs, "EndpointConfigName"), {
    ...known("InstanceTypes", all, ({ InstanceType }) => InstanceType),
    ...serverlessKeys(all.find(({ ServerlessConfig }) => ServerlessConfig)?.ServerlessConfig),
    ...(keyArn === undefined ? {} : { "sagemaker:VolumeKmsKeyArn": keyArn }),
    ...known("ModelArn", all, ({ ModelName }) =>
      ModelName === undefined ? undefined : arn(ground, "sagemaker", `model/${ModelName}`),
    ),
  });
}

/** AWS has a single value of each. */
function serverlessKeys(config: z.output<typeof serverless> | undefined): Record<string, string> {
  if (config === undefined) return {};
  return {
    "sagemaker:ServerlessMaxConcurrency": config.MaxConcurrency.toString(),
    "sagemaker:ServerlessMemorySize": config.MemorySizeInMB.toString(),
  };
}

/** A condition key with what each variant says; absent if none says anything. */
function known<T>(
  key: string,
  all: readonly T[],
  of: (one: T) => string | undefined,
): Record<string, string[]> {
  const values = all.map(of).filter((one) => one !== undefined);
  return values.length === 0 ? {} : { [`sagemaker:${key}`]: values };
}

/** An endpoint takes a configuration, and hands the key that it names on to the instances. */
async function takenConfig(call: Call, ground: Ground): Promise<RequiredAction[]> {
  const resource = arnFor(call, ground, configs, "EndpointConfigName");
  const key = await ground.hosting.keyOf(
    resource.slice(resource.indexOf(configs) + configs.length),
  );
  const keyArn = key === undefined ? undefined : await ground.keys.arnOf(key);
  return [
    itself(call, resource),
    ...usesOfKey(ground, "sagemaker", keyArn, ["CreateGrant"], {
      "kms:GrantIsForAWSResource": "true",
    }),
  ];
}
