import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { VARIANT } from "./variant";

interface ScalingArgs {
  endpointName: string;
  invocationsPerInstance: number;
  maximum: number;
  minimum: number;
  tags: Record<string, string>;
}

/** As many instances as keep the invocations of each, in a minute, at a target. */
export function scaling(
  name: string,
  { endpointName, invocationsPerInstance, maximum, minimum, tags }: ScalingArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const target = new aws.appautoscaling.Target(
    name,
    {
      serviceNamespace: "sagemaker",
      resourceId: `endpoint/${endpointName}/variant/${VARIANT}`,
      scalableDimension: "sagemaker:variant:DesiredInstanceCount",
      minCapacity: minimum,
      maxCapacity: maximum,
      tags,
    },
    opts,
  );
  new aws.appautoscaling.Policy(
    name,
    {
      name: `${endpointName}-invocations`,
      policyType: "TargetTrackingScaling",
      serviceNamespace: target.serviceNamespace,
      resourceId: target.resourceId,
      scalableDimension: target.scalableDimension,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: {
          predefinedMetricType: "SageMakerVariantInvocationsPerInstance",
        },
        targetValue: invocationsPerInstance,
        // Out at once, in with patience: an instance takes minutes to start.
        scaleInCooldown: 300,
        scaleOutCooldown: 60,
      },
    },
    opts,
  );
}
