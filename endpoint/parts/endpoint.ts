import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface EndpointArgs {
  alarms: readonly aws.cloudwatch.MetricAlarm[];
  /** All at once if left out. */
  canary: { minutes: number; percent: number } | undefined;
  configName: pulumi.Input<string>;
  endpointName: string;
  isRunning: boolean;
  tags: Record<string, string>;
}

/** How long the old instances stay beside the new ones that have all the traffic: so long an alarm still leads back. */
const FINAL_BAKE_SECONDS = 300;
/** What instances may take to start; with all waits it must stay under the hour that the provider waits. */
const START_SECONDS = 1200;

/**
 * The endpoint: a new configuration gets instances of its own, then the traffic, and an alarm gives it back to the old ones. It is
 * protected: taking it away, even to make it anew, would be an outage.
 */
export function endpoint(
  name: string,
  { alarms, canary, configName, endpointName, isRunning, tags }: EndpointArgs,
  opts: pulumi.CustomResourceOptions,
): aws.sagemaker.Endpoint {
  const bakeSeconds = (canary?.minutes ?? 0) * 60;
  return new aws.sagemaker.Endpoint(
    name,
    {
      name: endpointName,
      endpointConfigName: configName,
      deploymentConfig: {
        blueGreenUpdatePolicy: {
          trafficRoutingConfiguration: {
            type: canary === undefined ? "ALL_AT_ONCE" : "CANARY",
            waitIntervalInSeconds: bakeSeconds,
            canarySize: canary && { type: "CAPACITY_PERCENT", value: canary.percent },
          },
          terminationWaitInSeconds: FINAL_BAKE_SECONDS,
          maximumExecutionTimeoutInSeconds: bakeSeconds + FINAL_BAKE_SECONDS + START_SECONDS,
        },
        // The same in every deployment: the provider would replace the endpoint for a change of it.
        autoRollbackConfiguration: {
          alarms: alarms.map((alarm) => ({ alarmName: alarm.name })),
        },
      },
      tags,
    },
    pulumi.mergeOptions(opts, {
      protect: true,
      // It says how to shift traffic. Where nothing is shifted, a change of it alone would be an update to what runs already.
      ignoreChanges: isRunning ? ["deploymentConfig"] : [],
    }),
  );
}
