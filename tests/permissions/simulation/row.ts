import type { RequiredAction } from "../../../local/iam/contract";
import type { Actor } from "../../../local/iam/simulate";
import { session } from "../../support/policySet";

/** AWS API call of a role or service. */
export type Call = readonly [who: Actor, does: RequiredAction];

/** Denied call with its test title. */
export type Never = readonly [sentence: string, ...call: Call];

/** Policy statement with calls that it allows and similar calls that are denied. */
export interface Row {
  /** As `build-role Logs`. */
  readonly statement: string;
  /** Second statement that the simulated project must have. */
  readonly beside?: string | undefined;
  readonly allows: string;
  readonly calls: readonly Call[];
  readonly denies: string;
  readonly neighbours: readonly Call[];
}

/** Row of a role policy statement, without the role. */
export type OfStatement = readonly [
  Sid: string,
  allows: string,
  uses: readonly RequiredAction[],
  denies: string,
  neighbours: readonly RequiredAction[],
];

/** Action on a resource, with condition keys. */
export function use(
  action: string,
  resource: string,
  context: RequiredAction["context"] = {},
): RequiredAction {
  return { action, resource, context };
}

/** Several actions on one resource. */
export function each(
  actions: readonly string[],
  resource: string,
  context?: RequiredAction["context"],
) {
  return actions.map((action) => use(action, resource, context));
}

/** Calls on a log group, with both forms of its ARN: by region, CloudWatch Logs uses one of them. */
export function onLogGroup(logGroupArn: string): RequiredAction[] {
  return [logGroupArn, `${logGroupArn}:log-stream:`].flatMap((arn) =>
    each(["logs:CreateLogGroup", "logs:DescribeLogStreams"], arn),
  );
}

/** Rows of a project role. */
export function ofRole(role: string, sentences: readonly OfStatement[], beside?: string): Row[] {
  const by = (uses: readonly RequiredAction[]) => uses.map((one): Call => [session(role), one]);
  return sentences.map(([Sid, allows, uses, denies, neighbours]) => ({
    statement: `${role}-role ${Sid}`,
    beside,
    allows,
    calls: by(uses),
    denies,
    neighbours: by(neighbours),
  }));
}
