import { type Statement, called, statementsOf } from "../document";
import type { ResourceRule } from "../rule";

// Those that say for whom they act when they assume a role, as far as AWS documents it. EC2 and Lambda, for example,
// do not: a condition would lock them out.
const TELL_SOURCE = [
  "cloudtrail",
  "codebuild",
  "codepipeline",
  "events",
  "pipes",
  "sagemaker",
  "scheduler",
  "states",
].map((service) => `${service}.amazonaws.com`);

const SOURCE_KEYS = ["aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid"];

/** A role can be assumed by whom it is meant for, and by nobody else. */
export const pinnedTrust: ResourceRule = {
  name: "trust-is-pinned",
  description: "A role trusts named principals, and a service only when it acts for this account.",
  types: ["aws:iam/role:Role"],
  reads: ["assumeRolePolicy"],
  problems: ({ props }) =>
    statementsOf(props.assumeRolePolicy)
      .filter(({ allows }) => allows)
      .flatMap((statement) => [...ofAnyone(statement), ...ofServices(statement)]),
};

function ofAnyone(statement: Statement): string[] {
  const anyone = Object.values(statement.principals)
    .flat()
    .some((one) => one.includes("*"));
  return anyone
    ? [
        `${called(statement)} trusts everyone ("*"). Name the accounts, roles or services that may assume the role.`,
      ]
    : [];
}

function ofServices(statement: Statement): string[] {
  const pinned =
    statement.isPartial ||
    Object.entries(statement.condition).some(
      ([operator, keys]) => isPin(operator) && SOURCE_KEYS.some((key) => bounds(keys[key])),
    );
  return (statement.principals.Service ?? [])
    .filter((service) => !pinned && TELL_SOURCE.includes(service))
    .map(
      (service) =>
        `${called(statement)} trusts ${service} whoever it acts for. Add a condition on aws:SourceAccount, and aws:SourceArn where it is known.`,
    );
}

// "Not" says who is kept out, "Null" only whether anything is said.
function isPin(operator: string): boolean {
  return /^(string|arn)(equals|like)/.test(operator.replace(/^for\w+values:/, ""));
}

function bounds(values: readonly string[] | undefined): boolean {
  return values !== undefined && !values.includes("*");
}
