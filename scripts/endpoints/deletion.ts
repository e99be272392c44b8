import { setTimeout } from "node:timers/promises";

import type { SageMaker } from "@aws-sdk/client-sagemaker";

import { allPages } from "../allPages";
import { type EndpointClients, ifFound } from "./clients";

type Clients = Pick<EndpointClients, "logs" | "sagemaker" | "scaling" | "scheduler">;

/** A resource to delete. */
export interface Deletion {
  /** Kind and name, as in a report. */
  readonly resource: string;
  readonly remove: () => Promise<unknown>;
}

interface DeletionOptions {
  /** Whether to delete the log group too. @default false */
  readonly logs?: boolean;
  /** Waits for some milliseconds. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/**
 * An endpoint and the resources that deployments created for it under its name, in the order of
 * their deletion: schedule, scaling, endpoint, endpoint configs, models and, on request, log group.
 * @throws while the endpoint is changing
 */
export async function deletionsOf(
  endpoint: string,
  clients: Clients,
  { logs = false, pause = setTimeout }: DeletionOptions = {},
): Promise<Deletion[]> {
  const { sagemaker } = clients;
  const status = await statusOf(sagemaker, endpoint);
  if (status !== undefined && changing.includes(status))
    throw new Error(
      `the endpoint ${endpoint} is ${status}: SageMaker rejects the deletion until the change is ` +
        "complete. Next: wait until npm run endpoints -- status shows InService, then repeat the command",
    );
  return [
    ...(await schedulesOf(clients, endpoint)),
    // Before the endpoint: it must not scale while it is deleted. Its policies own alarms.
    ...(await scalingOf(clients, endpoint)),
    ...(status === undefined
      ? []
      : [deletion("endpoint", endpoint, () => deleteEndpoint(sagemaker, endpoint, pause))]),
    ...(await configsOf(sagemaker, endpoint)).map((EndpointConfigName) =>
      deletion("endpoint config", EndpointConfigName, () =>
        sagemaker.deleteEndpointConfig({ EndpointConfigName }),
      ),
    ),
    ...(await modelsOf(sagemaker, endpoint)).map((ModelName) =>
      deletion("model", ModelName, () => sagemaker.deleteModel({ ModelName })),
    ),
    ...(logs ? await logGroupsOf(clients, endpoint) : []),
  ];
}

/** Deletes the resources in order, and reports each before and after. */
export async function runDeletions(
  deletions: readonly Deletion[],
  report: { deleted: (resource: string) => void; deleting?: (resource: string) => void },
): Promise<void> {
  for (const { remove, resource } of deletions) {
    report.deleting?.(resource);
    await ifFound(remove());
    report.deleted(resource);
  }
}

/**
 * Status of an endpoint in a change. `Deleting` is not among them: a deletion that was interrupted
 * goes on.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpoint.html
 */
const changing = ["Creating", "RollingBack", "SystemUpdating", "Updating"];

const deletion = (kind: string, name: string, remove: () => Promise<unknown>): Deletion => ({
  remove,
  resource: `${kind} ${name}`,
});

async function statusOf(sagemaker: SageMaker, EndpointName: string): Promise<string | undefined> {
  return (await ifFound(sagemaker.describeEndpoint({ EndpointName })))?.EndpointStatus;
}

/** An endpoint config must not be deleted before its endpoint is. */
async function deleteEndpoint(
  sagemaker: SageMaker,
  EndpointName: string,
  pause: (milliseconds: number) => Promise<unknown>,
): Promise<void> {
  if ((await statusOf(sagemaker, EndpointName)) !== "Deleting")
    await sagemaker.deleteEndpoint({ EndpointName });
  for (let seconds = 0; seconds < deletionSeconds; seconds += pollSeconds) {
    if ((await statusOf(sagemaker, EndpointName)) === undefined) return;
    await pause(pollSeconds * 1000);
  }
  throw new Error(
    `the endpoint ${EndpointName} is still Deleting after ${String(deletionSeconds / 60)} minutes. ` +
      "Next: repeat the command later, it continues",
  );
}

const deletionSeconds = 15 * 60;
const pollSeconds = 5;

/** The schedule group of the staging endpoint has the endpoint's name; production has none. */
async function schedulesOf({ scheduler }: Clients, GroupName: string): Promise<Deletion[]> {
  const { Schedules = [] } = (await ifFound(scheduler.listSchedules({ GroupName }))) ?? {};
  return Schedules.map(({ Name = "" }) =>
    deletion("schedule", `${GroupName}/${Name}`, () =>
      scheduler.deleteSchedule({ GroupName, Name }),
    ),
  );
}

async function scalingOf({ scaling }: Clients, endpoint: string): Promise<Deletion[]> {
  const dimension = {
    ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
    ServiceNamespace: "sagemaker",
  } as const;
  const { ScalableTargets = [] } = await scaling.describeScalableTargets({
    ...dimension,
    ResourceIds: [`endpoint/${endpoint}/variant/AllTraffic`],
  });
  return ScalableTargets.map(({ ResourceId = "" }) =>
    deletion("scaling of", ResourceId, () =>
      scaling.deregisterScalableTarget({ ...dimension, ResourceId }),
    ),
  );
}

async function logGroupsOf({ logs }: Clients, endpoint: string): Promise<Deletion[]> {
  const logGroupName = `/aws/sagemaker/Endpoints/${endpoint}`;
  const { logGroups = [] } = await logs.describeLogGroups({ logGroupNamePrefix: logGroupName });
  return logGroups
    .filter((group) => group.logGroupName === logGroupName)
    .map(() => deletion("log group", logGroupName, () => logs.deleteLogGroup({ logGroupName })));
}

function configsOf(sagemaker: SageMaker, endpoint: string): Promise<string[]> {
  return ownNames(endpoint, async (NextToken) => {
    const page = await sagemaker.listEndpointConfigs({ NameContains: endpoint, NextToken });
    return [page.EndpointConfigs?.map((one) => one.EndpointConfigName), page.NextToken];
  });
}

function modelsOf(sagemaker: SageMaker, endpoint: string): Promise<string[]> {
  return ownNames(endpoint, async (NextToken) => {
    const page = await sagemaker.listModels({ NameContains: endpoint, NextToken });
    return [page.Models?.map(({ ModelName }) => ModelName), page.NextToken];
  });
}

/**
 * Names of an endpoint's models or endpoint configs: the endpoint's name, the version and a hash.
 * Names of other projects may contain the same text.
 */
async function ownNames(
  endpoint: string,
  list: Parameters<typeof allPages<string | undefined>>[0],
): Promise<string[]> {
  const own = new RegExp(`^${endpoint}-\\d+-[0-9a-f]{8}$`);
  const names = (await allPages(list)).filter((name) => name !== undefined);
  return names.filter((name) => own.test(name));
}
