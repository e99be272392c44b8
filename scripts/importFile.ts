import { z } from "zod";

import { type StateResource, nameOf, resourcesOf } from "../lib/state";

const stackExport = z.object({ deployment: z.unknown() });

/** One entry of the file that `pulumi import --file` reads. */
interface Entry {
  readonly type: string;
  readonly name: string;
  readonly id?: string;
  readonly component?: true;
  readonly parent?: string;
  readonly version?: string;
}

/**
 * Content of a file for `pulumi import --file` that imports every resource that `pulumi destroy`
 * retains, under its component and by its provider id.
 * @param exported output of `pulumi stack export` from before the destroy
 */
export function importFile(exported: unknown): { resources: Entry[] } {
  const resources = resourcesOf(stackExport.parse(exported).deployment);
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const retained = resources.filter((resource) => resource.retainOnDelete && resource.custom);
  const components = new Set<StateResource>();
  for (const { parent } of retained) {
    for (let one = byUrn.get(parent); one && isComponent(one); one = byUrn.get(one.parent)) {
      components.add(one);
    }
  }

  const parentOf = ({ parent }: StateResource): { parent?: string } => {
    const found = byUrn.get(parent);
    return found && components.has(found) ? { parent: nameOf(parent) } : {};
  };
  return {
    resources: [
      // An import needs the parent, which a destroyed stack no longer has.
      ...[...components].map((one) => ({
        type: one.type,
        name: nameOf(one.urn),
        component: true as const,
        ...parentOf(one),
      })),
      ...retained.map((one) => ({
        type: one.type,
        name: nameOf(one.urn),
        id: one.id,
        ...parentOf(one),
        ...versionOf(byUrn, one),
      })),
    ],
  };
}

function isComponent({ custom, type }: StateResource): boolean {
  return !custom && type !== "pulumi:pulumi:Stack";
}

/** Provider version; without it, the import uses another provider than the program. */
function versionOf(
  byUrn: ReadonlyMap<string, StateResource>,
  { provider }: StateResource,
): { version?: string } {
  // A provider reference is the provider's URN and its id.
  const version = byUrn.get(provider.split("::").slice(0, -1).join("::"))?.inputs.version;
  return typeof version === "string" ? { version } : {};
}
