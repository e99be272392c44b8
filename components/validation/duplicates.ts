import * as pulumi from "@pulumi/pulumi";

import { problem } from "./errors";
import { isRecord } from "./fields";
import { printed, printedKey } from "./redaction";

/** Levels of groups in the settings. */
const maximumDepth = 4;

/**
 * Values without lists of settings: variables, which are never printed, and outputs of another
 * stack, of which only those in use may be read.
 */
const skipped = ["build.environment", "build.parameterStore", "build.secretsManager", "modelBuild"];

/** One problem for each text or output that a list contains more than once, in every list. */
export function duplicateProblems(settings: unknown, key = "", depth = 0): string[] {
  if (skipped.includes(key)) return [];
  if (Array.isArray(settings)) return repeatedEntries(key, settings);
  if (!isRecord(settings) || pulumi.Resource.isInstance(settings) || depth > maximumDepth)
    return [];
  return Object.entries(settings).flatMap(([name, entry]) => {
    const step = printedKey(name);
    return duplicateProblems(entry, key === "" ? step : `${key}.${step}`, depth + 1);
  });
}

function repeatedEntries(key: string, entries: readonly unknown[]): string[] {
  const isMail = key === "notifications.emails";
  // Nearly every mail server ignores the case of an address.
  const same = entries.map((it) => (isMail && typeof it === "string" ? it.toLowerCase() : it));
  const distinct = new Set(
    same.filter((it) => typeof it === "string" || pulumi.Output.isInstance(it)),
  );
  return [...distinct].flatMap((entry) => {
    const first = same.indexOf(entry);
    const second = same.indexOf(entry, first + 1);
    if (second === -1) return [];
    const rule = `must not repeat ${key}[${String(first)}], for example ${printed([entries[first]])}`;
    return [problem(`${key}[${String(second)}]`, rule, entries[second])];
  });
}
