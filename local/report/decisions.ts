import { print } from "../../lib/progress";
import { table } from "../../lib/table";
import type { Decision } from "../iam/contract";
import type { Needed } from "../iam/review";
import { settingOf } from "./settingOf";

/** Prints what each principal asked for, how often, and what the policies said. */
export function reportDecisions(decisions: readonly Decision[]): void {
  for (const { principal, uses } of usesByPrincipal(decisions)) {
    const total = uses.reduce((sum, { count }) => sum + count, 0);
    print(`    ${principal}: ${total.toString()} authorized actions`);
    const rows = uses.map(({ action, allowed, count, on }) => [
      allowed ? "allowed" : "denied",
      `${count.toString()} x`,
      action,
      on,
    ]);
    for (const line of table(rows)) print(`      ${line}`);
  }
}

/** Number of times that one action on one kind of resource got one decision. */
export interface Uses extends Pick<Decision, "action" | "allowed"> {
  readonly count: number;
  /** The resource less what differs from one run to the next. */
  readonly on: string;
}

/** What each principal asked for, in the order in which it first did. */
export function usesByPrincipal(
  decisions: readonly Decision[],
): readonly { readonly principal: string; readonly uses: readonly Uses[] }[] {
  const principals = [...new Set(decisions.map(({ principal }) => principal))];
  return principals.map((principal) => ({
    principal,
    uses: counted(decisions.filter((one) => one.principal === principal)),
  }));
}

/** Passes only if each action that was used is the only one that grants some call; names that call. */
export function mustBeNeeded(needed: readonly Needed[]): void {
  const rows = needed.map((one) => [
    `${one.role} without ${one.action}`,
    one.firstDenied === undefined ? "no call is denied" : `is denied ${one.firstDenied.call}`,
    settingOf(one) ?? "",
  ]);
  for (const line of table(rows)) print(`      ${line}`);
  // A statement of the stack config may repeat a permission of the stack.
  const twice = needed.filter(
    (one) => one.firstDenied === undefined && settingOf(one) === undefined,
  );
  if (twice.length === 0) return;
  const names = twice.map(({ action, role, statement }) => `${role}: ${action} (${statement})`);
  throw new Error(`granted by more than one statement: ${names.join(", ")}`);
}

function counted(decisions: readonly Decision[]): Uses[] {
  const known = new Map<string, Uses>();
  for (const { action, allowed, resource } of decisions) {
    const on = kindOf(resource);
    const key = `${action} ${on} ${String(allowed)}`;
    const before = known.get(key) ?? { action, allowed, count: 0, on };
    known.set(key, { ...before, count: before.count + 1 });
  }
  return [...known.values()];
}

/** A resource less what differs from one run to the next, so that its uses count together. */
function kindOf(resource: string): string {
  const [, , service = "", , , ...rest] = resource.split(":");
  if (rest.length === 0) return resource;
  const name = rest.join(":");
  if (service === "s3")
    return name.split("/").slice(0, 3).join("/") + (name.includes("/") ? "/..." : "");
  if (service === "kms") return "KMS key";
  return name
    .replace(/(log-stream:).*/, "$1...")
    .replace(/(\/pipelines-).*/, "$1...")
    .replace(/(execution\/|model-package\/[^/]+\/).*/, "$1...");
}
