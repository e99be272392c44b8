import { setTimeout as sleep } from "node:timers/promises";

import type { DescribeEndpointOutput } from "@aws-sdk/client-sagemaker";

import { owners } from "../clients";
import type { Stage } from "../contract";
import type { ServiceEvent } from "../events/serviceEvent";
import type { Timeline } from "../timeline";
import { messageOf } from "../training/jobRun";
import { bake, stepsOf } from "./bake";
import { endpointEvent } from "./endpointEvent";
import { type Fleet, startFleet } from "./fleet";
import { showEndpoint } from "./showEndpoint";

const LOOK_EVERY_MS = 100;

/** SageMaker's side of endpoints. */
export interface Hosting {
  /** Plays endpoints that are created, updated or gone, until what it is played beside is over. */
  readonly play: (isOver: () => boolean) => Promise<void>;
  /** Has this done once, while the endpoint's next update bakes. */
  readonly atNextBake: (endpointName: string, work: () => Promise<void>) => void;
  /** Ends every process; endpoints then have nothing that answers. */
  readonly close: () => Promise<void>;
}

/** With what endpoints are played. */
interface HostingSite {
  readonly stage: Stage;
  readonly timeline: Timeline;
  /** Stands for the Python of the serving image. */
  readonly python: string;
  /** Brings an event to EventBridge. */
  readonly send: (event: ServiceEvent) => Promise<unknown>;
  /** @default startFleet */
  readonly startFleet?: typeof startFleet;
}

/** Nothing runs until it is played. */
export function openHosting(site: HostingSite): Hosting {
  const { stage } = site;
  const fleets = new Map<string, Fleet>();
  const atBake = new Map<string, () => Promise<void>>();

  async function look(): Promise<void> {
    const sagemaker = await owners(stage).sagemaker();
    const { Endpoints = [] } = await sagemaker.listEndpoints({});
    const names = Endpoints.flatMap(({ EndpointName }) => EndpointName ?? []);
    for (const name of fleets.keys()) if (!names.includes(name)) await stop(name);
    for (const { EndpointName, EndpointStatus = "" } of Endpoints) {
      const isChanging = ["Creating", "Updating"].includes(EndpointStatus);
      const isAsleep = EndpointStatus === "InService" && !fleets.has(EndpointName ?? "");
      if (!isChanging && !isAsleep) continue;
      const endpoint = await sagemaker.describeEndpoint({ EndpointName });
      if (isAsleep) await wake(endpoint);
      else await change(endpoint);
    }
  }

  async function stop(name: string): Promise<void> {
    const fleet = fleets.get(name);
    fleets.delete(name);
    await fleet?.stop();
  }

  const start = (
    { EndpointArn: arn = "", EndpointName: name = "" }: DescribeEndpointOutput,
    config: string,
  ) => (site.startFleet ?? startFleet)({ arn, name }, config, site.python, stage);

  /** An endpoint that an earlier end-to-end run left serves again. */
  async function wake(endpoint: DescribeEndpointOutput): Promise<void> {
    const { EndpointConfigName = "", EndpointName = "" } = endpoint;
    const fleet = await start(endpoint, EndpointConfigName);
    fleets.set(EndpointName, fleet);
    await showEndpoint(stage, { EndpointName, StandIn: fleet.url });
  }

  async function change(endpoint: DescribeEndpointOutput): Promise<void> {
    const { EndpointConfigName = "", EndpointName = "", EndpointStatus = "" } = endpoint;
    const wanted = endpoint.PendingDeploymentSummary?.EndpointConfigName ?? EndpointConfigName;
    site.timeline.note("SageMaker", `endpoint ${EndpointName}: ${EndpointStatus}, ${wanted}`);
    await site.send(endpointEvent(stage, endpoint));
    const isNew = EndpointStatus === "Creating";
    const next = await tried(endpoint, wanted, isNew);
    if (typeof next === "string") {
      const back = isNew
        ? ({ EndpointStatus: "Failed" } as const)
        : ({ EndpointStatus: "InService", EndpointConfigName } as const);
      await showEndpoint(stage, { EndpointName, ...back, FailureReason: next });
    } else {
      const now = { EndpointConfigName: wanted, EndpointStatus: "InService" } as const;
      await showEndpoint(stage, { EndpointName, ...now, StandIn: next.url });
      const old = fleets.get(EndpointName);
      fleets.set(EndpointName, next);
      await old?.flush();
      await old?.stop();
    }
    await told(EndpointName);
  }

  /** The new fleet, after it has baked; or why there is none. */
  async function tried(
    endpoint: DescribeEndpointOutput,
    wanted: string,
    isNew: boolean,
  ): Promise<Fleet | string> {
    const { EndpointName = "", LastDeploymentConfig } = endpoint;
    let fleet: Fleet | undefined;
    try {
      fleet = await start(endpoint, wanted);
      if (isNew) return fleet;
      const meanwhile = atBake.get(EndpointName);
      atBake.delete(EndpointName);
      const steps = stepsOf(LastDeploymentConfig);
      if (steps > 1) {
        const what = `endpoint ${EndpointName}: traffic shifts in ${steps.toString()} steps`;
        site.timeline.note("SageMaker", what);
      }
      const raised = await bake(LastDeploymentConfig, fleet.alarms, meanwhile);
      if (raised === undefined) return fleet;
      await fleet.stop();
      return raised;
    } catch (error) {
      await fleet?.stop();
      stage.signal.throwIfAborted();
      return messageOf(error).slice(0, 1000);
    }
  }

  async function told(EndpointName: string): Promise<void> {
    const endpoint = await (await owners(stage).sagemaker()).describeEndpoint({ EndpointName });
    const { EndpointConfigName = "", EndpointStatus = "", FailureReason = "" } = endpoint;
    const words = `endpoint ${EndpointName}: ${EndpointStatus}, ${EndpointConfigName} ${FailureReason}`;
    site.timeline.note("SageMaker", words.trimEnd());
    await site.send(endpointEvent(stage, endpoint));
  }

  const flush = async (): Promise<void> => {
    for (const fleet of fleets.values()) await fleet.flush();
  };

  return {
    play: async (isOver) => {
      while (!isOver()) {
        await look();
        await sleep(LOOK_EVERY_MS, undefined, { signal: stage.signal });
      }
      await flush();
    },
    atNextBake: (endpointName, work) => void atBake.set(endpointName, work),
    close: async () => {
      for (const [EndpointName, fleet] of [...fleets]) {
        try {
          // The run itself may be over, and the emulator with it.
          if (stage.signal.aborted) continue;
          await fleet.flush();
          await showEndpoint(stage, { EndpointName, StandIn: "" });
        } finally {
          await stop(EndpointName);
        }
      }
    },
  };
}
