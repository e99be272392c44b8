import { endpointName, stageNames } from "../components/names/deployNames";
import { stemOfModelPackageGroup } from "../components/names/names";
import type { EndpointClients } from "./endpoints/clients";
import { deletionsOf, runDeletions } from "./endpoints/deletion";

export { endpointClients } from "./endpoints/clients";

/** Names of the endpoints to which the group's models are deployed. */
export function endpointsOf(modelPackageGroupName: string): string[] {
  const stem = stemOfModelPackageGroup(modelPackageGroupName);
  return stageNames.map((stage) => endpointName(stem, stage));
}

/**
 * Deletes an endpoint and the resources that deployments created for it under its name, with its
 * log group.
 * @returns the number of deleted resources; each is reported
 */
export async function clearDeployed(
  endpoint: string,
  clients: EndpointClients,
  report: (what: string) => void,
): Promise<number> {
  const deletions = await deletionsOf(endpoint, clients, { logs: true });
  await runDeletions(deletions, { deleted: report });
  return deletions.length;
}
