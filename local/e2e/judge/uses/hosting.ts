import { z } from "zod";

import type { Use } from "../../contract";
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

const variants = z.array(
  z.object({ InstanceType: z.string().optional(), ModelName: z.string().optional() }),
);

/** With what policies may ask of its variants. */
async function createConfig(call: Call, ground: Ground): Promise<Use[]> {
  const all = variants.parse(call.parameters.ProductionVariants);
  const of = (values: readonly (string | undefined)[]) => values.filter((one) => one !== undefined);
  const key = optionalText(call, "KmsKeyId");
  const keyArn = key === undefined ? undefined : await ground.keys.arnOf(key);
  const models = of(all.map(({ ModelName }) => ModelName));
  return creationOf(call, ground, arnFor(call, ground, configs, "EndpointConfigName"), {
    "sagemaker:InstanceTypes": of(all.map(({ InstanceType }) => InstanceType)),
    ...(keyArn === undefined ? {} : { "sagemaker:VolumeKmsKeyArn": keyArn }),
    "sagemaker:ModelArn": models.map((name) => arn(ground, "sagemaker", `model/${name}`)),
  });
}

/** An endpoint takes a configuration, and hands the key that it names on to the instances. */
async function takenConfig(call: Call, ground: Ground): Promise<Use[]> {
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
