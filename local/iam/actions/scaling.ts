import { z } from "zod";

import type { RequiredAction } from "../contract";
import type { Call } from "../call";
import { arn, each, type Ground, itself, nowhere, type Table, text } from "./placing";

const service = "application-autoscaling";

/**
 * Application Auto Scaling: before it scales what belongs to another service, it makes sure that its caller may do so,
 * and that he may set alarms:
 * https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission_validation.html
 */
export const scaling: Table = {
  [`${service}:RegisterScalableTarget`]: async (call, ground) => [
    onTarget(call, ground),
    ...(await onEndpoint(call, ground)),
    linkedRole(ground),
  ],
  [`${service}:DeregisterScalableTarget`]: (call, ground) => [onTarget(call, ground)],
  [`${service}:PutScalingPolicy`]: async (call, ground) => [
    onTarget(call, ground),
    ...(await onEndpoint(call, ground)),
    ...onAlarms(call, ground, ["DescribeAlarms", "PutMetricAlarm", "DeleteAlarms"]),
  ],
  [`${service}:DeleteScalingPolicy`]: (call, ground) => [
    onTarget(call, ground),
    ...onAlarms(call, ground, ["DeleteAlarms"]),
  ],
  ...each(service, ["DescribeScalableTargets", "DescribeScalingPolicies"], nowhere),
  ...each(service, ["ListTagsForResource", "TagResource", "UntagResource"], (call) => [
    itself(call, text(call, "ResourceARN"), tagContext(call)),
  ]),
};

/** A target's ARN ends in a number that only AWS knows; policies distinguish targets by the scaled resource. */
function onTarget(call: Call, ground: Ground): RequiredAction {
  return itself(call, arn(ground, service, "scalable-target/*"), {
    ...tagContext(call),
    [`${service}:scalable-dimension`]: text(call, "ScalableDimension"),
    [`${service}:service-namespace`]: text(call, "ServiceNamespace"),
  });
}

/** What it tries on the endpoint in its caller's name. */
async function onEndpoint(call: Call, ground: Ground): Promise<RequiredAction[]> {
  const endpoint = endpointOf(call);
  const config = await ground.hosting.configOf(endpoint);
  const resource = arn(ground, "sagemaker", `endpoint/${endpoint}`);
  return [
    { action: "sagemaker:DescribeEndpoint", resource },
    {
      action: "sagemaker:DescribeEndpointConfig",
      resource: arn(ground, "sagemaker", `endpoint-config/${config ?? "*"}`),
    },
    { action: "sagemaker:UpdateEndpointWeightsAndCapacities", resource },
  ];
}

/** The alarms of a policy that tracks a target have names of this form. */
function onAlarms(call: Call, ground: Ground, actions: readonly string[]): RequiredAction[] {
  const resource = arn(ground, "cloudwatch", `alarm:TargetTracking-${text(call, "ResourceId")}-*`);
  const policy = `resource/sagemaker/${text(call, "ResourceId")}:policyName/${text(call, "PolicyName")}`;
  // They start the policy.
  const context = {
    "cloudwatch:AlarmActions": [arn(ground, "autoscaling", `scalingPolicy:*:${policy}`)],
  };
  return actions.map((action) => ({
    action: `cloudwatch:${action}`,
    resource,
    ...(action === "PutMetricAlarm" ? { context } : {}),
  }));
}

/** The role in which it then works: the first registration in an account makes it. */
function linkedRole({ accountId, partition }: Ground): RequiredAction {
  const principal = "sagemaker.application-autoscaling.amazonaws.com";
  const role = "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint";
  return {
    action: "iam:CreateServiceLinkedRole",
    resource: `arn:${partition}:iam::${accountId}:role/aws-service-role/${principal}/${role}`,
    context: { "iam:AWSServiceName": principal },
  };
}

function endpointOf(call: Call): string {
  const resource = text(call, "ResourceId");
  const [, endpoint] = /^endpoint\/([^/]+)\/variant\/[^/]+$/.exec(resource) ?? [];
  if (endpoint === undefined)
    throw new Error(`${resource} is not a production variant of an endpoint`);
  return endpoint;
}

const tagMap = z.record(z.string(), z.string());
const tagKeys = z.array(z.string());

function tagContext({ parameters }: Call): Record<string, string | string[]> {
  const tags = tagMap.safeParse(parameters.Tags).data ?? {};
  const keys = tagKeys.safeParse(parameters.TagKeys).data ?? Object.keys(tags);
  if (keys.length === 0) return {};
  return {
    ...Object.fromEntries(Object.entries(tags).map(([key, one]) => [`aws:RequestTag/${key}`, one])),
    "aws:TagKeys": keys,
  };
}
