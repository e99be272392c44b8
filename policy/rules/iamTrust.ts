import { type Statement, describeStatement, statementsOf } from "../policyDocument";
import type { ResourceRule } from "../rule";

// Services that send aws:SourceAccount or aws:SourceArn when they assume a role, according to AWS.
// EC2 and Lambda send neither: a condition would deny them the role.
const SERVICES_WITH_SOURCE_KEYS = [
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

/**
 * IAM trust policy: no wildcard principal, and a source condition for AWS services (against the
 * confused deputy problem).
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export const iamTrustPolicyRestricted: ResourceRule = {
  name: "iam-trust-policy-restricted",
  description:
    "An IAM role trusts named principals, and AWS services only for named accounts or resources.",
  controls: { none: "No control checks the conditions of a trust policy." },
  types: ["aws:iam/role:Role"],
  inputs: ["assumeRolePolicy"],
  problems: ({ props }) =>
    statementsOf(props.assumeRolePolicy)
      .filter(({ allows }) => allows)
      .flatMap((statement) => [
        ...wildcardPrincipalProblems(statement),
        ...serviceProblems(statement),
      ]),
};

function wildcardPrincipalProblems(statement: Statement): string[] {
  const hasWildcard = Object.values(statement.principals)
    .flat()
    .some((principal) => principal.includes("*"));
  return hasWildcard
    ? [
        `${describeStatement(statement)} trusts every principal ("*"). List the accounts, roles or ` +
          "services that may assume the role.",
      ]
    : [];
}

function serviceProblems(statement: Statement): string[] {
  const isRestricted =
    statement.isPartial ||
    Object.entries(statement.condition).some(
      ([operator, keys]) =>
        isRestrictingOperator(operator) && SOURCE_KEYS.some((key) => isRestrictive(keys[key])),
    );
  return (statement.principals.Service ?? [])
    .filter((service) => !isRestricted && SERVICES_WITH_SOURCE_KEYS.includes(service))
    .map(
      (service) =>
        `${describeStatement(statement)} trusts ${service} on behalf of every AWS account. Add a ` +
        "condition on aws:SourceAccount, and on aws:SourceArn if the ARN is known.",
    );
}

// "Not" operators exclude values, and "Null" tests only presence: neither restricts the source.
function isRestrictingOperator(operator: string): boolean {
  return /^(string|arn)(equals|like)/.test(operator.replace(/^for\w+values:/, ""));
}

function isRestrictive(values: readonly string[] | undefined): boolean {
  return values !== undefined && !values.includes("*");
}
