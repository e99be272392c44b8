import { z } from "zod";

import { type Props, type Resource, unknownValue } from "./resource";

// Marks of Pulumi state files: a special value, and a secret as its kind.
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

/** Resource in a state file. Its `props` are the outputs. */
export interface StateResource extends Resource {
  readonly inputs: Props;
}

/**
 * Resources in a state file (`pulumi stack export`), without those that are pending deletion.
 * @throws ZodError if `state` is not a state file
 */
export function resourcesIn(state: unknown): StateResource[] {
  return stateShape
    .parse(state)
    .deployment.resources.filter((one) => one.custom && !one.delete)
    .map(({ inputs, outputs, propertyDependencies, protect, ...one }) => ({
      ...one,
      name: one.urn.split("::").slice(3).join("::"),
      inputs: toProps(inputs),
      props: toProps(outputs),
      isProtected: protect,
      sources: Object.fromEntries(
        Object.entries(propertyDependencies).map(([property, from]) => [property, from ?? []]),
      ),
    }));
}

function toProps(record: Record<string, unknown>): Props {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, toValue(value)]));
}

/** A secret is encrypted in the state file: its value is unknown. */
function toValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toValue);
  if (typeof value !== "object" || value === null) return value;
  const record = z.record(z.string(), z.unknown()).parse(value);
  return record[SIGNATURE] === SECRET ? unknownValue : toProps(record);
}
