import { setTimeout as sleep } from "node:timers/promises";

import type { DescribeEndpointOutput, EndpointStatus } from "@aws-sdk/client-sagemaker";

import { ownerClients } from "../../iam/clients";
import {
  type HostingSite,
  type NextUpdate,
  type Serving,
  endpointChanges,
} from "./endpointChanges";
import { describedEndpoint } from "../../iam/hosting";
import type { Fault } from "./fault";
import { showEndpoint } from "./showEndpoint";

const LOOK_EVERY_MS = 100;

/** SageMaker's side of endpoints. */
export interface Hosting {
  /**
   * Simulates endpoints that are created, updated or deleted. A change goes on by itself, also after what it is
   * simulated beside is over.
   */
  readonly run: (isOver: () => boolean) => Promise<void>;
  /** Whether an endpoint changes. */
  readonly isChanging: () => boolean;
  /** What happens in the endpoint's next update. */
  readonly atNextUpdate: (endpointName: string, next: NextUpdate) => void;
  /** Fault of the serving fleet; undefined ends it. */
  readonly setFault: (endpointName: string, fault: Fault | undefined) => void;
  /** Ends every process; endpoints then have nothing that answers. */
  readonly close: () => Promise<void>;
}

/** No process runs before `run`. */
export function openHosting(site: HostingSite): Hosting {
  const { context } = site;
  const closed = new AbortController();
  const serving = new Map<string, Serving>();
  const changing = new Map<string, Promise<void>>();
  const nextUpdates = new Map<string, NextUpdate>();
  const failures: unknown[] = [];
  const signal = AbortSignal.any([context.signal, closed.signal]);
  const { create, update, wake } = endpointChanges(site, signal, serving);

  async function look(): Promise<void> {
    if (failures.length > 0) throw failures[0];
    const sagemaker = await ownerClients(context).sagemaker();
    const { Endpoints = [] } = await sagemaker.listEndpoints({});
    const names = Endpoints.map(({ EndpointName }) => EndpointName ?? "");
    for (const name of serving.keys())
      if (!names.includes(name) && !changing.has(name)) await stop(name);
    for (const { EndpointName: name = "", EndpointStatus } of Endpoints) {
      const isStable =
        EndpointStatus === "InService" ? serving.has(name) : !isBegun(EndpointStatus);
      if (isStable || changing.has(name)) continue;
      // The list may be of before a change that has ended since.
      const endpoint = await describedEndpoint(name, ownerClients(context));
      const change = endpoint === undefined ? undefined : changeOf(endpoint, name);
      if (change !== undefined) changing.set(name, watched(change, name));
    }
  }

  function changeOf(endpoint: DescribeEndpointOutput, name: string): Promise<void> | undefined {
    const { EndpointStatus } = endpoint;
    if (EndpointStatus === "Creating") return create(endpoint);
    if (EndpointStatus === "InService" && !serving.has(name)) return wake(endpoint);
    if (EndpointStatus !== "Updating") return undefined;
    const next = nextUpdates.get(name) ?? {};
    nextUpdates.delete(name);
    return update(endpoint, next);
  }

  /** A failure ends the run at the next look. */
  async function watched(change: Promise<void>, name: string): Promise<void> {
    try {
      await change;
    } catch (error) {
      if (!closed.signal.aborted) failures.push(error);
    } finally {
      changing.delete(name);
    }
  }

  async function stop(name: string): Promise<void> {
    const one = serving.get(name);
    serving.delete(name);
    await one?.router.stop();
    await one?.fleet.stop();
  }

  return {
    run: async (isOver) => {
      while (!isOver()) {
        await look();
        await sleep(LOOK_EVERY_MS, undefined, { signal: context.signal });
      }
      for (const { fleet } of serving.values()) await fleet.flush();
    },
    isChanging: () => changing.size > 0,
    atNextUpdate: (endpointName, next) => void nextUpdates.set(endpointName, next),
    setFault: (endpointName, fault) => {
      const one = serving.get(endpointName);
      if (one === undefined) throw new Error(`no fleet serves endpoint ${endpointName}`);
      one.fleet.fault = fault;
    },
    close: async () => {
      closed.abort();
      await Promise.all(changing.values());
      for (const [EndpointName, { fleet }] of [...serving]) {
        try {
          // The run itself may be over, and the emulator with it.
          if (context.signal.aborted) continue;
          await fleet.flush();
          await showEndpoint(context, { EndpointName, StandIn: "" });
        } finally {
          await stop(EndpointName);
        }
      }
    },
  };
}

/** Whether SageMaker has something to do. */
function isBegun(status: EndpointStatus | undefined): boolean {
  return status === "Creating" || status === "Updating";
}
