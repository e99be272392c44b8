import { z } from "zod";

import { boxKnownAs, boxOf } from "./boxes";
import type { Resource } from "./graph";

/** An input by which a resource of one box knows of another box. */
export interface Reference {
  /** The type and its input, or the action that a role's policy allows. */
  readonly at: string;
  readonly from: string;
  readonly to: string;
  /** The resource's name. */
  readonly name: string;
}

/** Every reference between two boxes: outputs that are taken, names and ARNs that are written out. */
export function references(resources: readonly Resource[]): Reference[] {
  return resources.flatMap((resource) => {
    const [type = "", name = ""] = resource.title.split(" ");
    const from = boxOf(resource.title);
    return found(type, resource)
      .filter(({ to }) => to !== from)
      .map((it) => ({ ...it, from, name }));
  });
}

function found(type: string, { inputs, takes }: Resource): { at: string; to: string }[] {
  if (type === "iam/RolePolicy") return allowed(inputs.policy);
  return Object.entries(inputs).flatMap(([property, value]) => {
    const boxes = new Set([
      ...(takes.get(property) ?? []).map(boxOf),
      ...leaves(property, parsed(value)).flatMap((word) => boxKnownAs(word) ?? []),
    ]);
    return [...boxes].map((to) => ({ at: `${type}.${property}`, to }));
  });
}

const list = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

const policyShape = z.object({
  Statement: z.array(z.object({ Action: list, Effect: z.literal("Allow"), Resource: list })),
});

function allowed(policy: unknown): { at: string; to: string }[] {
  return policyShape.parse(parsed(policy)).Statement.flatMap(({ Action, Resource }) => {
    const boxes = new Set(Resource.flatMap((arn) => boxKnownAs(arn) ?? []));
    return Action.flatMap((at) => [...boxes].map((to) => ({ at, to })));
  });
}

/** Patterns and policies are JSON in a text. */
function parsed(value: unknown): unknown {
  return typeof value === "string" && /^\s*[{[]/.test(value) ? JSON.parse(value) : value;
}

/** Each text in a value: as it stands, and with the key that it stands under. */
function leaves(key: string, value: unknown): string[] {
  if (typeof value === "string") return [value, `${key}=${value}`];
  if (Array.isArray(value)) return value.flatMap((one) => leaves(key, one));
  return Object.entries(Object(value) as object).flatMap(([name, one]) => leaves(name, one));
}
