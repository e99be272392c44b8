import { UnknownValueError } from "@pulumi/policy";

import { type Props, unknownValue } from "./resource";

/**
 * Converts properties from the policy host to plain data. The host throws on each value that is
 * unknown in a preview; the result has {@link unknownValue} there.
 */
export function readPreviewProps(props: object): Props {
  return Object.fromEntries(Object.keys(props).map((key) => [key, valueAt(props, key)]));
}

function valueAt(holder: object, key: PropertyKey): unknown {
  let value: unknown;
  try {
    value = Reflect.get(holder, key);
  } catch (error) {
    if (error instanceof UnknownValueError) return unknownValue;
    throw error;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Array.from(value.keys(), (index) => valueAt(value, index));
  return readPreviewProps(value);
}
