import { isDeepStrictEqual } from "node:util";

/** Property values as the engine sends and stores them. */
export type Properties = Record<string, unknown>;

/** How the engine writes a value that it will know only after an update. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const secretMark = "4dabf18193072939515e22adb298388d";

/** True for a plain object. */
export function isRecord(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True if the value is unknown, or has an unknown value anywhere in it. */
export function containsUnknown(value: unknown): boolean {
  return someValue(value, (one) => one === unknownValue);
}

/** True if the value is marked secret, or has a secret anywhere in it. */
export function containsSecret(value: unknown): boolean {
  return someValue(value, (one) => isRecord(one) && secretMark in one);
}

function someValue(value: unknown, matches: (one: unknown) => boolean): boolean {
  if (matches(value)) return true;
  if (Array.isArray(value)) return value.some((one) => someValue(one, matches));
  return isRecord(value) && Object.values(value).some((one) => someValue(one, matches));
}

/** True if AWS would treat the two values alike. */
export function sameValue(left: unknown, right: unknown): boolean {
  return isDeepStrictEqual(canonical(left), canonical(right));
}

/** True if the two texts hold the same JSON document, in any layout and order of keys. */
export function sameDocument(left: unknown, right: unknown): boolean {
  return isDeepStrictEqual(parsed(left), parsed(right));
}

/** The value without undefined entries, which the engine's wire format cannot hold. */
function defined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(defined);
  if (!isRecord(value)) return value;
  return definedProperties(value);
}

/** The properties without undefined entries at any depth. */
export function definedProperties(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([key, value]) => [key, defined(value)]),
  );
}

// AWS's APIs do not tell an empty list or map from an absent one.
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(canonical);
  if (!isRecord(value)) return value ?? undefined;
  const entries = Object.entries(value)
    .map(([key, one]): [string, unknown] => [key, canonical(one)])
    .filter(([, one]) => one !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function parsed(text: unknown): unknown {
  if (typeof text !== "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
