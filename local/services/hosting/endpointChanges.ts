import type { DescribeEndpointOutput } from "@aws-sdk/client-sagemaker";

import { ownerClients } from "../../iam/clients";
import type { AwsContext } from "../../iam/contract";
import type { ServiceEvent } from "../eventbridge/serviceEvent";
import type { Timeline } from "../timeline";
import { messageOf } from "../sagemaker/jobRun";
import { describedEndpoint } from "../../iam/hosting";
import { endpointEvent } from "./endpointEvent";
import type { Fault } from "./fault";
import { type Fleet, startFleet } from "./fleet";
import { type Router, openRouter } from "./router";
import { showEndpoint } from "./showEndpoint";
import { updateFleet } from "./updateFleet";

/** With what endpoints are simulated. */
export interface HostingSite {
  readonly context: AwsContext;
  readonly timeline: Timeline;
  /** Python of the serving image. */
  readonly python: string;
  /** Sends an event to EventBridge. */
  readonly send: (event: ServiceEvent) => Promise<unknown>;
  /** @default startFleet */
  readonly startFleet?: typeof startFleet;
}

/** What happens in an update. */
export interface NextUpdate {
  /** Of the new fleet. */
  readonly fault?: Fault;
  /** When the new fleet has its first traffic. */
  readonly atTraffic?: () => Promise<void>;
}

/** An endpoint that answers. */
export interface Serving {
  readonly router: Router;
  fleet: Fleet;
}

type Change = (endpoint: DescribeEndpointOutput) => Promise<void>;

/** Changes of endpoints, each until its end. */
export interface EndpointChanges {
  readonly create: Change;
  /** @param next what happens meanwhile */
  readonly update: (endpoint: DescribeEndpointOutput, next: NextUpdate) => Promise<void>;
  /** An endpoint that an earlier end-to-end run left serves again. */
  readonly wake: Change;
}

/**
 * @param signal fires when changes in progress must end
 * @param serving where the endpoints that answer are kept
 */
export function endpointChanges(
  site: HostingSite,
  signal: AbortSignal,
  serving: Map<string, Serving>,
): EndpointChanges {
  const { context, timeline } = site;
  const stopped = { ...context, signal };

  const start =
    ({ EndpointArn: arn = "", EndpointName: name = "" }: DescribeEndpointOutput) =>
    (configName: string): Promise<Fleet> =>
      (site.startFleet ?? startFleet)({ arn, name }, configName, site.python, context);

  async function serve(endpoint: DescribeEndpointOutput): Promise<Serving> {
    const { EndpointConfigName = "", EndpointName = "" } = endpoint;
    const fleet = await start(endpoint)(EndpointConfigName);
    const router = await openRouter();
    router.route(fleet);
    const one = { fleet, router };
    serving.set(EndpointName, one);
    return one;
  }

  async function begun(endpoint: DescribeEndpointOutput, wanted: string): Promise<void> {
    const { EndpointName = "", EndpointStatus = "" } = endpoint;
    timeline.note("SageMaker", `endpoint ${EndpointName}: ${EndpointStatus}, ${wanted}`);
    await site.send(endpointEvent(context, endpoint));
  }

  async function ended(EndpointName: string): Promise<void> {
    const endpoint = await describedEndpoint(EndpointName, ownerClients(context));
    // A schedule or a command may delete the endpoint as soon as its update has ended.
    if (endpoint === undefined) return;
    const { EndpointConfigName = "", EndpointStatus = "", FailureReason = "" } = endpoint;
    const state = `${EndpointStatus}, ${EndpointConfigName} ${FailureReason}`;
    timeline.note("SageMaker", `endpoint ${EndpointName}: ${state}`.trimEnd());
    await site.send(endpointEvent(context, endpoint));
  }

  async function wake(endpoint: DescribeEndpointOutput): Promise<void> {
    const { router } = await serve(endpoint);
    const { EndpointName = "" } = endpoint;
    await showEndpoint(context, { EndpointName, StandIn: router.url });
  }

  return {
    wake,
    create: async (endpoint) => {
      const { EndpointConfigName = "", EndpointName = "" } = endpoint;
      await begun(endpoint, EndpointConfigName);
      try {
        const { router } = await serve(endpoint);
        const now = { EndpointConfigName, EndpointStatus: "InService" } as const;
        await showEndpoint(context, { EndpointName, ...now, StandIn: router.url });
      } catch (error) {
        signal.throwIfAborted();
        const FailureReason = messageOf(error).slice(0, 1000);
        await showEndpoint(context, { EndpointName, EndpointStatus: "Failed", FailureReason });
      }
      await ended(EndpointName);
    },
    update: async (endpoint, next) => {
      const { EndpointName = "", PendingDeploymentSummary: pending } = endpoint;
      if (!serving.has(EndpointName)) await wake(endpoint);
      const one = serving.get(EndpointName);
      if (one === undefined) throw new Error(`no fleet serves endpoint ${EndpointName}`);
      await begun(endpoint, pending?.EndpointConfigName ?? "");
      await updateFleet(endpoint, one, next, {
        context: stopped,
        start: start(endpoint),
        timeline,
      });
      await ended(EndpointName);
    },
  };
}
