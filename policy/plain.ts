import { UnknownValueError } from "@pulumi/policy";

import { type Props, notYet } from "./resource";

/** What the policy host hands out, as plain data: it throws wherever a value cannot be known in a preview. */
export function plain(props: object): Props {
  return Object.fromEntries(Object.keys(props).map((key) => [key, valueAt(props, key)]));
}

function valueAt(holder: object, key: PropertyKey): unknown {
  let value: unknown;
  try {
    value = Reflect.get(holder, key);
  } catch (error) {
    if (error instanceof UnknownValueError) return notYet;
    throw error;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Array.from(value.keys(), (index) => valueAt(value, index));
  return plain(value);
}
