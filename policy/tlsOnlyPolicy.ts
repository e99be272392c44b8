import { matchesAction, statementsOf } from "./policyDocument";

/** Whether a resource policy denies an action to all principals without TLS. */
export function deniesInsecureTransport(policy: unknown, action: string): boolean {
  return statementsOf(policy).some(
    ({ actions, condition, denies, principals }) =>
      denies &&
      Object.values(principals).flat().includes("*") &&
      actions.some((pattern) => matchesAction(pattern, action)) &&
      condition.bool?.["aws:securetransport"]?.join() === "false",
  );
}
