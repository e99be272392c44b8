import { z } from "zod";

import { boxKnownAs, boxOf } from "./boxes";
import type { Resource } from "./graph";

/** A reference from a resource of one box to another box. */
export interface Reference {
  /** Type and input, for example `cloudwatch/EventTarget.arn`, or an action that a role allows. */
  readonly at: string;
  readonly from: string;
  readonly to: string;
  /** Name of the resource. */
  readonly name: string;
}

/** References between boxes: by an output of another resource, or by a name or ARN. */
export function references(resources: readonly Resource[]): Reference[] {
  return resources.flatMap((resource) => {
    const [type = "", name = ""] = resource.title.split(" ");
    const from = boxOf(resource.title);
    return found(type, resource)
      .filter(({ to }) => to !== from)
      .map((it) => ({ ...it, from, name }));
  });
}

function found(type: string, { dependencies, inputs }: Resource): { at: string; to: string }[] {
  if (type === "iam/RolePolicy") return allowed(inputs.policy);
  return Object.entries(inputs).flatMap(([property, value]) => {
    const boxes = new Set([
      ...(dependencies.get(property) ?? []).map(boxOf),
      ...leaves(property, parsed(value)).flatMap((text) => boxKnownAs(text) ?? []),
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

/** Parses the JSON of event patterns and policies. */
function parsed(value: unknown): unknown {
  return typeof value === "string" && /^\s*[{[]/.test(value) ? JSON.parse(value) : value;
}

/** Each string in a value, plain and as `key=string`. */
function leaves(key: string, value: unknown): string[] {
  if (typeof value === "string") return [value, `${key}=${value}`];
  if (Array.isArray(value)) return value.flatMap((one) => leaves(key, one));
  return Object.entries(Object(value) as object).flatMap(([name, one]) => leaves(name, one));
}
