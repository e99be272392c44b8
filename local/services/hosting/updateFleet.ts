import { setTimeout as sleep } from "node:timers/promises";

import type { DescribeEndpointOutput } from "@aws-sdk/client-sagemaker";

import type { AwsContext } from "../../iam/contract";
import { realMs } from "../simulatedTime";
import type { Timeline } from "../timeline";
import { messageOf } from "../sagemaker/jobRun";
import type { Fleet } from "./fleet";
import type { NextUpdate, Serving } from "./endpointChanges";
import { showEndpoint } from "./showEndpoint";
import { shiftTraffic } from "./trafficShift";

const ROLLBACK_SECONDS = 30;

/** With what an endpoint is updated. */
export interface Updating {
  readonly context: AwsContext;
  readonly start: (configName: string) => Promise<Fleet>;
  readonly timeline: Timeline;
}

/** Shifts the traffic of an endpoint to a new fleet, and ends the old one; or rolls back. */
export async function updateFleet(
  endpoint: DescribeEndpointOutput,
  serving: Serving,
  next: NextUpdate,
  updating: Updating,
): Promise<void> {
  const { EndpointName = "", PendingDeploymentSummary: pending } = endpoint;
  const { context, start } = updating;
  const EndpointConfigName = pending?.EndpointConfigName ?? "";
  let fleet: Fleet | undefined;
  let reason: string | undefined;
  try {
    fleet = await start(EndpointConfigName);
    reason = await shiftTo(fleet, endpoint, serving, next, updating);
  } catch (error) {
    await fleet?.stop();
    context.signal.throwIfAborted();
    fleet = undefined;
    reason = messageOf(error).slice(0, 1000);
  }
  if (fleet === undefined || reason !== undefined) {
    serving.router.route(serving.fleet);
    try {
      await rollBack(endpoint, reason ?? "", context);
      await fleet?.flush();
    } finally {
      await fleet?.stop();
    }
    return;
  }
  const old = serving.fleet;
  serving.fleet = fleet;
  serving.router.route(fleet);
  await showEndpoint(context, { EndpointName, EndpointConfigName, EndpointStatus: "InService" });
  await old.flush();
  await old.stop();
}

/** Returns why SageMaker must roll back. */
async function shiftTo(
  fleet: Fleet,
  { EndpointName = "", LastDeploymentConfig }: DescribeEndpointOutput,
  serving: Serving,
  { atTraffic, fault }: NextUpdate,
  { context, timeline }: Updating,
): Promise<string | undefined> {
  fleet.fault = fault;
  if (fault !== undefined)
    timeline.note("SageMaker", `fault of the new fleet of ${EndpointName}: it ${fault.name}`);
  let begins = atTraffic;
  return shiftTraffic(LastDeploymentConfig, {
    alarms: fleet.alarms,
    route: (share) => {
      const percent = Math.round(share * 100).toString();
      timeline.note("SageMaker", `endpoint ${EndpointName}: ${percent} % of the traffic shifted`);
      serving.router.route(serving.fleet, { fleet, share });
    },
    show: async (VariantStatus) => {
      await showEndpoint(context, { EndpointName, VariantStatus });
      if (VariantStatus !== "Baking") return;
      await begins?.();
      begins = undefined;
    },
    wait: (seconds) => sleep(realMs(seconds), undefined, { signal: context.signal }),
  });
}

async function rollBack(
  { EndpointConfigName, EndpointName = "" }: DescribeEndpointOutput,
  FailureReason: string,
  context: AwsContext,
): Promise<void> {
  await showEndpoint(context, { EndpointName, EndpointStatus: "RollingBack" });
  await sleep(realMs(ROLLBACK_SECONDS), undefined, { signal: context.signal });
  const back = { EndpointConfigName, EndpointStatus: "InService" } as const;
  await showEndpoint(context, { EndpointName, ...back, FailureReason });
}
