import { z } from "zod";

import type { RequiredAction } from "../contract";
import type { Call } from "../call";
import { arnFor, at, type Ground, itself, optionalText, usesOfKey } from "./placing";

type Context = Record<string, string | string[]>;

/** SageMaker makes something under this name: its tags, its role and the keys of its volumes are uses of their own. */
export function creation(rest: string, parameter: string) {
  return (call: Call, ground: Ground): Promise<RequiredAction[]> =>
    creationOf(call, ground, arnFor(call, ground, rest, parameter));
}

/** What the making of this resource uses, with all that policies may ask about it. */
export async function creationOf(
  call: Call,
  ground: Ground,
  resource: string,
  more: Context = {},
): Promise<RequiredAction[]> {
  const volumeKey = await keyAt(call, ground, volumeKeys);
  const outputKey = await keyAt(call, ground, outputKeys);
  const tags = tagContext(call);
  const context = {
    ...tags,
    ...limitsOf(call),
    ...more,
    ...(volumeKey === undefined ? {} : { "sagemaker:VolumeKmsKeyArn": volumeKey }),
    ...(outputKey === undefined ? {} : { "sagemaker:OutputKmsKeyArn": outputKey }),
  };
  const tagging = { ...tags, "sagemaker:TaggingAction": call.operation };
  return [
    itself(call, resource, context),
    // Tags that are given at once are a permission of their own.
    ...("aws:TagKeys" in tags ? [{ action: "sagemaker:AddTags", resource, context: tagging }] : []),
    ...passedRole(call),
    // SageMaker hands the volume's key on to the instances.
    ...usesOfKey(ground, "sagemaker", volumeKey, ["CreateGrant"], {
      "kms:GrantIsForAWSResource": "true",
    }),
  ];
}

/** The role that a call hands to SageMaker, if it names one. */
export function passedRole(call: Call): RequiredAction[] {
  const resource = optionalText(call, "RoleArn") ?? optionalText(call, "ExecutionRoleArn");
  return resource === undefined ? [] : [passRole(resource, "sagemaker.amazonaws.com")];
}

/** The permission to hand a role to a service. */
export function passRole(resource: string, service: string): RequiredAction {
  return { action: "iam:PassRole", resource, context: { "iam:PassedToService": service } };
}

const tagList = z.array(z.object({ Key: z.string(), Value: z.string() }));

const tagKeys = z.array(z.string());

/** What policies may ask about the tags of a call, or the keys of those that it takes away. */
export function tagContext({ parameters }: Call): Context {
  const tags = tagList.safeParse(parameters.Tags).data ?? [];
  const keys = tagKeys.safeParse(parameters.TagKeys).data ?? tags.map(({ Key }) => Key);
  if (keys.length === 0) return {};
  return {
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
    "aws:TagKeys": keys,
  };
}

const clusters = ["ProcessingResources.ClusterConfig", "ResourceConfig", "TransformResources"];
const volumeKeys = clusters.map((cluster) => `${cluster}.VolumeKmsKeyId`);
const outputKeys = ["OutputDataConfig", "ProcessingOutputConfig", "TransformOutput"].map(
  (output) => `${output}.KmsKeyId`,
);

/** Condition keys of jobs and models, and the parameters that they are about. */
const limits: Readonly<Record<string, readonly string[]>> = {
  "sagemaker:CustomerMetadataPropertiesToRemove": ["CustomerMetadataPropertiesToRemove"],
  "sagemaker:InstanceTypes": clusters.map((cluster) => `${cluster}.InstanceType`),
  "sagemaker:InterContainerTrafficEncryption": [
    "EnableInterContainerTrafficEncryption",
    "NetworkConfig.EnableInterContainerTrafficEncryption",
  ],
  "sagemaker:MaxRuntimeInSeconds": ["StoppingCondition.MaxRuntimeInSeconds"],
  "sagemaker:ModelApprovalStatus": ["ModelApprovalStatus"],
  "sagemaker:ModelLifeCycle:Stage": ["ModelLifeCycle.Stage"],
  "sagemaker:ModelLifeCycle:StageStatus": ["ModelLifeCycle.StageStatus"],
  "sagemaker:NetworkIsolation": ["EnableNetworkIsolation", "NetworkConfig.EnableNetworkIsolation"],
  "sagemaker:VpcSecurityGroupIds": [
    "NetworkConfig.VpcConfig.SecurityGroupIds",
    "VpcConfig.SecurityGroupIds",
  ],
  "sagemaker:VpcSubnets": ["NetworkConfig.VpcConfig.Subnets", "VpcConfig.Subnets"],
};

const limit = z.union([z.string(), z.array(z.string()), z.coerce.string()]);

/** What policies may ask about a call, as far as it says it: a parameter that is left out is a key that is absent. */
export function limitsOf({ parameters }: Call): Context {
  const said = Object.entries(limits).flatMap(([key, paths]) =>
    paths
      .map((path) => at(parameters, path))
      .filter((value) => value !== undefined && value !== null)
      .map((value) => [key, limit.parse(value)] as const),
  );
  return Object.fromEntries(said);
}

async function keyAt(call: Call, { keys }: Ground, paths: readonly string[]) {
  const id = paths.map((path) => optionalText(call, path)).find((value) => value);
  return id === undefined ? undefined : keys.arnOf(id);
}
