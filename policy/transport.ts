import { covers, statementsOf } from "./document";

/** Whether a resource's policy denies everyone an action without TLS. */
export function refusesPlainHttp(policy: unknown, action: string): boolean {
  return statementsOf(policy).some(
    ({ actions, condition, denies, principals }) =>
      denies &&
      Object.values(principals).flat().includes("*") &&
      actions.some((pattern) => covers(pattern, action)) &&
      condition.bool?.["aws:securetransport"]?.join() === "false",
  );
}
