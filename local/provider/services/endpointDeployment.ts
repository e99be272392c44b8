import type { DeploymentConfig } from "@aws-sdk/client-sagemaker";
import { z } from "zod";

import type { Properties } from "../values";

const size = z.strictObject({
  type: z.enum(["INSTANCE_COUNT", "CAPACITY_PERCENT"]),
  value: z.number().int().min(1),
});

/** How an update of an endpoint shifts its traffic, and what rolls it back. */
export const deploymentInputs = z.strictObject({
  blueGreenUpdatePolicy: z
    .strictObject({
      trafficRoutingConfiguration: z.strictObject({
        type: z.enum(["ALL_AT_ONCE", "CANARY", "LINEAR"]),
        waitIntervalInSeconds: z.number().int().min(0).max(3600),
        canarySize: size.optional(),
        linearStepSize: size.optional(),
      }),
      terminationWaitInSeconds: z.number().int().min(0).max(3600).optional(),
      maximumExecutionTimeoutInSeconds: z.number().int().min(600).max(28_800).optional(),
    })
    .optional(),
  autoRollbackConfiguration: z
    .strictObject({ alarms: z.array(z.strictObject({ alarmName: z.string() })).max(10) })
    .optional(),
});

type Size = z.output<typeof size> | undefined;

/** The same as SageMaker's API takes it. */
export function deploymentOf(given: z.output<typeof deploymentInputs>): DeploymentConfig {
  const policy = given.blueGreenUpdatePolicy;
  const routing = policy?.trafficRoutingConfiguration;
  return {
    BlueGreenUpdatePolicy: policy && {
      TrafficRoutingConfiguration: {
        Type: routing?.type,
        WaitIntervalInSeconds: routing?.waitIntervalInSeconds,
        CanarySize: sizeOf(routing?.canarySize),
        LinearStepSize: sizeOf(routing?.linearStepSize),
      },
      TerminationWaitInSeconds: policy.terminationWaitInSeconds,
      MaximumExecutionTimeoutInSeconds: policy.maximumExecutionTimeoutInSeconds,
    },
    AutoRollbackConfiguration: given.autoRollbackConfiguration && {
      Alarms: given.autoRollbackConfiguration.alarms.map(({ alarmName }) => ({
        AlarmName: alarmName,
      })),
    },
  };
}

/** The same in the shape of the program's inputs. */
export function deploymentProperties(found: DeploymentConfig): Properties {
  const policy = found.BlueGreenUpdatePolicy;
  const routing = policy?.TrafficRoutingConfiguration;
  const properties = (one: { Type?: string | undefined; Value?: number | undefined } | undefined) =>
    one && { type: one.Type, value: one.Value };
  return {
    blueGreenUpdatePolicy: policy && {
      trafficRoutingConfiguration: {
        type: routing?.Type,
        waitIntervalInSeconds: routing?.WaitIntervalInSeconds,
        canarySize: properties(routing?.CanarySize),
        linearStepSize: properties(routing?.LinearStepSize),
      },
      terminationWaitInSeconds: policy.TerminationWaitInSeconds,
      maximumExecutionTimeoutInSeconds: policy.MaximumExecutionTimeoutInSeconds,
    },
    autoRollbackConfiguration: found.AutoRollbackConfiguration && {
      alarms: found.AutoRollbackConfiguration.Alarms?.map(({ AlarmName }) => ({
        alarmName: AlarmName,
      })),
    },
  };
}

function sizeOf(given: Size) {
  return given && { Type: given.type, Value: given.value };
}
