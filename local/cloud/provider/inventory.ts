import { clientOptions } from "./clients";
import type { ClientOptions } from "./clients";
import * as buckets from "./inventory/buckets";
import * as delivery from "./inventory/delivery";
import * as endpoints from "./inventory/endpoints";
import * as events from "./inventory/events";
import * as messages from "./inventory/messages";
import * as monitoring from "./inventory/monitoring";
import * as security from "./inventory/security";

/** One thing that exists in the emulated account. */
export interface Row {
  readonly service: string;
  readonly kind: string;
  readonly name: string;
  /** Its settings, as a short sentence. */
  readonly detail: string;
}

/**
 * Everything of the program's kinds that the account holds, found by list calls alone: it shares
 * no code with the handlers, so that it can contradict them.
 */
export async function inventory(endpoint: string, region: string): Promise<Row[]> {
  const options: ClientOptions = clientOptions(endpoint, region);
  const lists = await Promise.all([
    delivery.repositories(options),
    buckets.buckets(options),
    security.keys(options),
    security.aliases(options),
    security.roles(options),
    security.managedPolicies(options),
    security.identityProviders(options),
    delivery.projects(options),
    delivery.pipelines(options),
    events.rules(options),
    events.queues(options),
    messages.topics(options),
    monitoring.alarms(options),
    monitoring.dashboards(options),
    monitoring.schedules(options),
    events.logGroups(options),
    delivery.modelPackageGroups(options),
    endpoints.models(options),
    endpoints.endpointConfigs(options),
    endpoints.endpoints(options),
    endpoints.scalableTargets(options),
    endpoints.scalingPolicies(options),
  ]);
  return lists.flat();
}
