import * as pulumi from "@pulumi/pulumi";

import { settle, type Settings } from "./components/settings";

/**
 * Reads the stack's config, and refuses it whole if anything in it is wrong.
 * @throws RunError with all problems at once, each naming key, rule, example and value
 */
export function loadSettings(): Settings {
  const namespace = `${pulumi.getProject()}:`;
  const given: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(pulumi.runtime.allConfig()))
    if (key.startsWith(namespace)) given[key.slice(namespace.length)] = plain(value);

  return settle(given, `Pulumi.${pulumi.getStack()}.yaml`);
}

/** Pulumi hands every value over as a text; objects and lists are JSON in it. */
function plain(value: string): unknown {
  if (!/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
