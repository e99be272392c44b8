import type { ApplicationAutoScaling } from "@aws-sdk/client-application-auto-scaling";
import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { SageMaker } from "@aws-sdk/client-sagemaker";

import { endpointName, stageNames } from "../components/names/deployNames";
import { stemOfModelPackageGroup } from "../components/names/names";

/** Region, profile and service endpoint of the AWS clients. */
interface Where {
  readonly endpoint?: string;
  readonly profile?: string;
  readonly region: string;
}

/** AWS clients of the services that hold resources of an endpoint. */
export interface EndpointClients {
  readonly cloudwatch: CloudWatch;
  readonly logs: CloudWatchLogs;
  readonly sagemaker: SageMaker;
  readonly scaling: ApplicationAutoScaling;
}

/** Creates the clients; loads each SDK package only here. */
export async function endpointClients(where: Where): Promise<EndpointClients> {
  const { ApplicationAutoScaling: Scaling } =
    await import("@aws-sdk/client-application-auto-scaling");
  const { CloudWatch: Watch } = await import("@aws-sdk/client-cloudwatch");
  const { CloudWatchLogs: Logs } = await import("@aws-sdk/client-cloudwatch-logs");
  const { SageMaker: Models } = await import("@aws-sdk/client-sagemaker");
  return {
    cloudwatch: new Watch(where),
    logs: new Logs(where),
    sagemaker: new Models(where),
    scaling: new Scaling(where),
  };
}

/** Names of the endpoints to which the group's models are deployed. */
export function endpointsOf(modelPackageGroupName: string): string[] {
  const stem = stemOfModelPackageGroup(modelPackageGroupName);
  return stageNames.map((stage) => endpointName(stem, stage));
}

/**
 * Deletes an endpoint and the resources that deployments created for it under its name: scaling,
 * endpoint configs, models, alarms and log group.
 * @returns the number of deleted resources; each is reported
 */
export async function clearDeployed(
  endpoint: string,
  clients: EndpointClients,
  report: (what: string) => void,
): Promise<number> {
  const { cloudwatch, logs, sagemaker } = clients;
  let count = 0;
  const each = async (
    kind: string,
    names: readonly (string | undefined)[],
    remove: (name: string) => Promise<unknown>,
  ): Promise<void> => {
    for (const name of names.filter((one) => one !== undefined)) {
      await remove(name);
      count += 1;
      report(`${kind} ${name}`);
    }
  };
  // First the scaling: its policies own alarms, and an endpoint must not scale while it is deleted.
  await each("scaling of", await scaledBy(clients, endpoint), (ResourceId) =>
    clients.scaling.deregisterScalableTarget({ ...dimension, ResourceId }),
  );
  const { Endpoints = [] } = await sagemaker.listEndpoints({ NameContains: endpoint });
  const found = Endpoints.map(({ EndpointName }) => EndpointName);
  await each(
    "endpoint",
    found.filter((name) => name === endpoint),
    (EndpointName) => sagemaker.deleteEndpoint({ EndpointName }),
  );
  await each("endpoint config", await configsOf(sagemaker, endpoint), (EndpointConfigName) =>
    sagemaker.deleteEndpointConfig({ EndpointConfigName }),
  );
  await each("model", await modelsOf(sagemaker, endpoint), (ModelName) =>
    sagemaker.deleteModel({ ModelName }),
  );
  const AlarmNames = ["errors", "latency"].map((what) => `${endpoint}-${what}`);
  const { MetricAlarms = [] } = await cloudwatch.describeAlarms({ AlarmNames });
  await each(
    "alarm",
    MetricAlarms.map(({ AlarmName }) => AlarmName),
    (name) => cloudwatch.deleteAlarms({ AlarmNames: [name] }),
  );
  const group = `/aws/sagemaker/Endpoints/${endpoint}`;
  const { logGroups = [] } = await logs.describeLogGroups({ logGroupNamePrefix: group });
  const groups = logGroups.map(({ logGroupName }) => logGroupName);
  await each(
    "log group",
    groups.filter((name) => name === group),
    (logGroupName) => logs.deleteLogGroup({ logGroupName }),
  );
  return count;
}

const dimension = {
  ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
  ServiceNamespace: "sagemaker",
} as const;

async function scaledBy({ scaling }: EndpointClients, endpoint: string) {
  const ResourceIds = [`endpoint/${endpoint}/variant/AllTraffic`];
  const { ScalableTargets = [] } = await scaling.describeScalableTargets({
    ...dimension,
    ResourceIds,
  });
  return ScalableTargets.map(({ ResourceId }) => ResourceId);
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

type Page = readonly [names: (string | undefined)[] | undefined, next: string | undefined];

/**
 * Names of an endpoint's models or endpoint configs: the endpoint's name, the version and a hash.
 * Names of other projects may contain the same text.
 */
async function ownNames(
  endpoint: string,
  list: (token: string | undefined) => Promise<Page>,
): Promise<string[]> {
  const found: string[] = [];
  let token: string | undefined;
  do {
    const [names = [], next] = await list(token);
    found.push(...names.filter((name) => name !== undefined));
    token = next;
  } while (token !== undefined);
  const own = new RegExp(`^${endpoint}-\\d+-[0-9a-f]{8}$`);
  return found.filter((name) => own.test(name));
}
