import { readFileSync } from "node:fs";

import { z } from "zod";

import { print } from "../../lib/progress";
import type { Decision } from "../iam/contract";
import { matches } from "../iam/decide";
import { parseYaml } from "../toolchain/yaml";

const expectedShape = z.array(
  z.strictObject({
    /** For example `s3:ListAllMyBuckets`; `*` stands for any text. */
    action: z.string(),
    /** Why the code goes on without it. */
    reason: z.string().min(1),
    /** ARN with `*` for any text; left out for every resource. */
    resource: z.string().default("*"),
  }),
);

/** A denial that the user expects. */
export type ExpectedDenial = z.output<typeof expectedShape>[number];

/** Which denials do not fail an end-to-end run. */
export interface DenialRules {
  readonly expected: readonly ExpectedDenial[];
  /** Names of the roles under which code of the user runs: a denial matters only if its build or job fails. */
  readonly userRoles: readonly string[];
}

/** No denial is acceptable: every call comes from AWS services or code of this project. */
export const noDenials: DenialRules = { expected: [], userRoles: [] };

/** Calls that SDKs make and do without, with the explanation. */
const explanations: Readonly<Record<string, string>> = {
  "iam:SimulatePrincipalPolicy":
    "the SageMaker SDK, version 3, checks the permissions of the role, then continues without the result",
  "sagemaker:DescribeProject":
    "pipelines of AWS's project templates ask for the tags of their SageMaker project",
  "sagemaker:ListTags":
    "pipelines of AWS's project templates ask for the tags of their SageMaker project",
  "s3:ListAllMyBuckets":
    "Session.default_bucket() of the SageMaker SDK asks for it, then for its own bucket only",
};

/** Reads the file of --expected-denials. */
export function readExpectedDenials(file: string): readonly ExpectedDenial[] {
  const { data, error } = expectedShape.safeParse(
    parseYaml(readFileSync(file, "utf8"), file).document.toJS(),
  );
  if (error === undefined) return data;
  throw new Error(
    `${file} must be a list of denials, each with action, reason and optionally resource:\n${z.prettifyError(error)}`,
  );
}

/**
 * Denials that matter, one a line; undefined if there are none. An expected one does not matter, and one of a role that
 * runs code of the user only if a policy of that role allows the call, so that another policy breaks what the stack
 * promises.
 * @param hasFailed whether a build or a job failed, so that each denial that is not expected may be the reason
 */
export function denialsIn(
  decisions: readonly Decision[],
  { expected, userRoles }: DenialRules,
  hasFailed = false,
): string | undefined {
  const lines = decisions
    .filter(({ allowed }) => !allowed)
    .filter((one) => expectedIn(one, expected) === undefined)
    .filter((one) => hasFailed || one.isGranted === true || !userRoles.includes(one.principal))
    .map(lineOf);
  return lines.length === 0 ? undefined : `denied:\n${[...new Set(lines)].join("\n")}`;
}

/** Passes only if there are no {@link denialsIn} the decisions. */
export function mustBeAllowed(
  decisions: readonly Decision[],
  rules: DenialRules = noDenials,
): void {
  const denied = denialsIn(decisions, rules);
  if (denied !== undefined) throw new Error(denied);
}

/** Prints the denials that did not matter, with the reason, and the expected ones that did not occur. */
export function reportDenials(
  decisions: readonly Decision[],
  { expected }: Pick<DenialRules, "expected">,
): void {
  const denied = decisions.filter(({ allowed }) => !allowed);
  for (const line of new Set(denied.map((one) => `${lineOf(one)}: ${why(one, expected)}`)))
    print(`    ${line}`);
  for (const one of expected.filter(
    (rule) => !denied.some((decision) => expectedIn(decision, [rule]) !== undefined),
  ))
    print(`    expected denial did not occur: ${one.action} on ${one.resource}`);
}

function why(decision: Decision, expected: readonly ExpectedDenial[]): string {
  const reason = expectedIn(decision, expected)?.reason;
  if (reason !== undefined) return `expected: ${reason}`;
  const explanation = explanations[decision.action];
  const details = explanation === undefined ? "" : ` (${explanation})`;
  return `the code continued without it${details}`;
}

function expectedIn(
  { action, resource }: Decision,
  expected: readonly ExpectedDenial[],
): ExpectedDenial | undefined {
  return expected.find((one) => matches(one.action, action) && matches(one.resource, resource));
}

function lineOf({ action, call, principal, resource }: Decision): string {
  return `${principal} is denied ${action} on ${resource} (call ${call})`;
}
