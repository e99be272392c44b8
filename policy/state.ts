import { z } from "zod";

import { type Props, type Resource, notYet } from "./resource";

// How a state file marks values that are not plain data, and a secret among them.
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

const properties = z.record(z.string(), z.unknown()).default({});

const stateShape = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string().startsWith("urn:pulumi:"),
          type: z.string(),
          custom: z.boolean().default(false),
          delete: z.boolean().default(false),
          protect: z.boolean().default(false),
          inputs: properties,
          outputs: properties,
          aliases: z.array(z.string()).default([]),
          propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).default({}),
        }),
      )
      .default([]),
  }),
});

/** A resource of a state file; `props` are its outputs. */
export interface StateResource extends Resource {
  readonly inputs: Props;
}

/**
 * The resources of a state file (`pulumi stack export`), less those that only wait for their deletion.
 * @throws ZodError if it is no such file
 */
export function resourcesIn(state: unknown): StateResource[] {
  return stateShape
    .parse(state)
    .deployment.resources.filter((one) => one.custom && !one.delete)
    .map(({ inputs, outputs, propertyDependencies, protect, ...one }) => ({
      ...one,
      name: one.urn.split("::").slice(3).join("::"),
      inputs: readable(inputs),
      props: readable(outputs),
      isProtected: protect,
      sources: Object.fromEntries(
        Object.entries(propertyDependencies).map(([property, from]) => [property, from ?? []]),
      ),
    }));
}

function readable(record: Record<string, unknown>): Props {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, valueOf(value)]));
}

/** A secret is encrypted: nobody knows it here. */
function valueOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(valueOf);
  if (typeof value !== "object" || value === null) return value;
  const record = z.record(z.string(), z.unknown()).parse(value);
  return record[SIGNATURE] === SECRET ? notYet : readable(record);
}
