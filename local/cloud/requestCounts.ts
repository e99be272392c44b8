import { z } from "zod";

import { print } from "../../lib/progress";

const counted = z.record(z.string(), z.number());

const answer = z.object({
  requests: z.number(),
  members: z.number(),
  notChecked: counted,
  violations: counted,
});

/** Requests since the last report, as the emulator checked them against AWS's API models. */
interface RequestReport {
  readonly text: string;
  readonly violations: readonly string[];
}

/** Report of the emulator; its next one starts at 0. */
export async function requestReport(endpoint: string): Promise<RequestReport> {
  const response = await fetch(`${endpoint}/moto-api/checked-requests`, { method: "POST" });
  const { members, requests, ...found } = answer.parse(await response.json());
  const violations = listed(found.violations);
  const others = listed(found.notChecked);
  const checked = `${count(requests)} requests with ${count(members)} members`;
  const line = `checked against AWS's API models: ${checked}; violations: ${count(violations.length)}`;
  const text = others.length === 0 ? line : [`${line}; not checked:`, ...others].join("\n");
  return { text, violations };
}

/**
 * Prints the report.
 * @throws if AWS's API models forbid a request
 */
export async function reportRequests(endpoint: string): Promise<void> {
  const { text, violations } = await requestReport(endpoint);
  print(`\n${text}`);
  if (violations.length > 0) throw new Error(["AWS would reject:", ...violations].join("\n"));
}

function listed(found: Readonly<Record<string, number>>): string[] {
  return Object.entries(found).map(([text, times]) => `  - ${text} (${count(times)}x)`);
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
