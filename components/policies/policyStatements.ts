import type { StringInput } from "../validation/fields";
import type { Names } from "../names/names";
import { allowStatement, type Document, policyDocument } from "./statements";
import { protectionStatements, type Role } from "./protections";

/** Policy statement of the settings. */
export interface PolicyStatement {
  actions: string[];
  conditions: Record<string, Record<string, string[]>>;
  resources: StringInput[];
}

/** Name of the IAM policy with the policy statements of the settings, in the role. */
export const policyStatementsName = "policy-statements";

/**
 * IAM policy of the policy statements of the settings, with the Deny statements of the promises in
 * SECURITY.md.
 */
export function policyStatementsPolicy(
  names: Names,
  role: Role,
  statements: PolicyStatement[],
): Document {
  return policyDocument([
    ...statements.map(({ actions, conditions, resources }, index) =>
      allowStatement(
        `PolicyStatements${String(index)}`,
        resources,
        actions,
        Object.keys(conditions).length === 0 ? undefined : conditions,
      ),
    ),
    ...protectionStatements(names, role),
  ]);
}
