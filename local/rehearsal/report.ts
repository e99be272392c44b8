import { say } from "../progress";
import { table } from "../table";
import type { Verdict } from "./contract";
import type { Needed } from "./judge/review";

/** Prints what each principal asked for, how often, and what the policies said. */
export function reportVerdicts(verdicts: readonly Verdict[]): void {
  const principals = [...new Set(verdicts.map(({ principal }) => principal))];
  for (const principal of principals) {
    const own = verdicts.filter((one) => one.principal === principal);
    say(`    ${principal}: ${own.length.toString()} uses`);
    for (const line of table(rowsOf(own))) say(`      ${line}`);
  }
}

/** Passes only if nothing was denied but what is expected to be; else names call, resource and role. */
export function mustBeAllowed(verdicts: readonly Verdict[]): void {
  const denied = verdicts.filter(({ allowed, expected }) => !allowed && expected === undefined);
  const lines = denied.map(
    ({ action, call, principal, resource }) =>
      `${principal} may not ${action} on ${resource} (call ${call})`,
  );
  if (lines.length > 0) throw new Error(`denied:\n${[...new Set(lines)].join("\n")}`);
}

/** Passes only if each action that was used is the only one that grants some call; names that call. */
export function mustBeNeeded(needed: readonly Needed[]): void {
  const rows = needed.map(({ action, firstDenied, role }) => [
    `${role} without ${action}`,
    firstDenied === undefined ? "still goes on" : `is denied ${firstDenied.call}`,
  ]);
  for (const line of table(rows)) say(`      ${line}`);
  const twice = needed.filter(({ firstDenied }) => firstDenied === undefined);
  if (twice.length === 0) return;
  const names = twice.map(({ action, role, statement }) => `${role}: ${action} (${statement})`);
  throw new Error(
    `granted more than once, so that removing one changes nothing: ${names.join(", ")}`,
  );
}

function rowsOf(verdicts: readonly Verdict[]): string[][] {
  const counted = new Map<string, { count: number; verdict: Verdict }>();
  for (const verdict of verdicts) {
    const { action, allowed, resource } = verdict;
    const key = `${action} ${kindOf(resource)} ${String(allowed)}`;
    const known = counted.get(key);
    if (known === undefined) counted.set(key, { count: 1, verdict });
    else known.count += 1;
  }
  return [...counted.values()].map(
    ({ count, verdict: { action, allowed, expected, resource } }) => [
      allowed ? "allowed" : "denied",
      `${count.toString()} x`,
      action,
      kindOf(resource),
      expected === undefined ? "" : `expected: ${expected}`,
    ],
  );
}

/** A resource less what differs from one run to the next, so that its uses count together. */
function kindOf(resource: string): string {
  const [, , service = "", , , ...rest] = resource.split(":");
  if (rest.length === 0) return resource;
  const name = rest.join(":");
  if (service === "s3")
    return name.split("/").slice(0, 3).join("/") + (name.includes("/") ? "/..." : "");
  if (service === "kms") return "the key";
  return name
    .replace(/(log-stream:).*/, "$1...")
    .replace(/(\/pipelines-).*/, "$1...")
    .replace(/(execution\/|model-package\/[^/]+\/).*/, "$1...");
}
