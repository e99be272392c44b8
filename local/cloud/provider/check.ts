import { randomBytes } from "node:crypto";

import type { z } from "zod";

import type { Handler } from "./handler";
import { containsSecret, containsUnknown, isRecord, unknownValue } from "./values";
import type { Properties } from "./values";

/** Validation error of an input. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/**
 * The inputs as the engine shall keep them (policies as JSON text, names that the program left out),
 * and a failure for each that the handler does not map or cannot take.
 */
export function checked(
  handler: Handler,
  urn: string,
  olds: Properties,
  news: Properties,
): { inputs: Properties; failures: Failure[] } {
  const inputs = withName(handler, urn, olds, withPolicyText(handler, news));
  const secrets = Object.keys(inputs).filter((input) => containsSecret(inputs[input]));
  if (secrets.length > 0) {
    const names = secrets.map((input) => `"${input}"`).join(", ");
    const reason = `the local aws provider does not support secrets: input ${names} of ${handler.type}`;
    // Naming the property would make the engine print its value.
    return { inputs, failures: [{ property: "", reason }] };
  }

  const result = handler.inputs.safeParse(inputs);
  const issues = result.success ? [] : result.error.issues;
  return { inputs, failures: issues.flatMap((issue) => failuresOf(handler.type, inputs, issue)) };
}

// As the real provider: an object becomes JSON text, and is unknown whole if any part of it is.
function withPolicyText(handler: Handler, news: Properties): Properties {
  const texts = handler.policies
    .filter((input) => isRecord(news[input]) && !containsSecret(news[input]))
    .map((input): [string, string] => [
      input,
      containsUnknown(news[input]) ? unknownValue : JSON.stringify(news[input]),
    ]);
  return { ...news, ...Object.fromEntries(texts) };
}

/**
 * As the real provider: a resource without a name keeps its name, or gets one.
 * @see https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming
 */
function withName(handler: Handler, urn: string, olds: Properties, news: Properties): Properties {
  const input = handler.autoNamed;
  if (input === undefined || news[input] !== undefined) return news;
  const random = randomBytes(4).toString("hex").slice(0, 7);
  return { ...news, [input]: olds[input] ?? `${urn.split("::").pop() ?? ""}-${random}` };
}

function failuresOf(type: string, inputs: Properties, issue: z.core.$ZodIssue): Failure[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const property = [...issue.path, key].join(".");
      return {
        property,
        reason: `the local aws provider does not support input "${property}" of ${type}`,
      };
    });
  }
  // An unknown value has no type yet.
  if (valueAt(inputs, issue.path) === unknownValue) return [];
  const property = issue.path.join(".");
  return [{ property, reason: `input "${property}" of ${type}: ${issue.message}` }];
}

function valueAt(inputs: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)];
    return isRecord(value) ? value[String(step)] : undefined;
  }, inputs);
}
