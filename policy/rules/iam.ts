import { z } from "zod";

import { type Statement, describeStatement, matchesAction, statementsOf } from "../policyDocument";
import { type Props, type Resource, unknownValue } from "../resource";
import type { ResourceRule } from "../rule";

const PASS_ROLE = "iam:PassRole";

/** IAM role, user or group: no AWS managed policy for a whole service or account. */
export const iamNoBroadManagedPolicy: ResourceRule = {
  name: "iam-no-broad-managed-policy",
  description: "An IAM role, user or group has no AWS managed policy with broad access.",
  controls: ["IAM.27", "iam-policy-blacklisted-check"],
  types: [
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
    "aws:iam/role:Role",
  ],
  inputs: ["policyArn", "policyArns", "managedPolicyArns"],
  problems: ({ props }) =>
    [props.policyArn, props.policyArns, props.managedPolicyArns]
      .flat()
      .filter((arn) => typeof arn === "string")
      .filter((arn) =>
        /^arn:[^:]+:iam::aws:policy\/.*(FullAccess|Admin|PowerUser|ReadOnlyAccess)/.test(arn),
      )
      .map(
        (arn) =>
          `${arn} grants access far beyond this stack. Write a policy that lists the required actions ` +
          "and resource ARNs.",
      ),
};

const boundariesConfig = z.object({ boundaries: z.array(z.string()).default([]) });

/**
 * IAM identity policy: no wildcard in an allowed action, and no `NotAction`.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-21
 */
export const iamNoWildcardActions: ResourceRule = {
  name: "iam-no-wildcard-actions",
  description: "An IAM policy of a role, user or group allows no wildcard action.",
  controls: ["IAM.1", "IAM.21"],
  configSchema: {
    properties: {
      boundaries: {
        type: "array",
        items: { type: "string" },
        description:
          "Names of customer managed policies that are permissions boundaries. A boundary grants " +
          "no permission, so the rule skips it.",
      },
    },
  },
  types: [
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/groupPolicy:GroupPolicy",
    "aws:iam/policy:Policy",
    "aws:iam/role:Role",
  ],
  inputs: ["policy", "inlinePolicies"],
  problems: (resource, config) =>
    (isPermissionsBoundary(resource, config) ? [] : allowStatements(resource)).flatMap(
      (statement) => [
        ...statement.actions
          .filter((action) => /[*?]/.test(action))
          .map(
            (action) =>
              `${describeStatement(statement)} allows ${action}, and with it each action that AWS adds. ` +
              "List every action by its full name.",
          ),
        ...(statement.hasNotAction
          ? [
              `${describeStatement(statement)} allows all actions except NotAction. ` +
                "List every action by its full name in Action.",
            ]
          : []),
      ],
    ),
};

/** `iam:PassRole`: full role ARN in Resource, AWS service in a condition. */
export const iamPassRoleRestricted: ResourceRule = {
  types: iamNoWildcardActions.types,
  inputs: iamNoWildcardActions.inputs,
  name: "iam-pass-role-restricted",
  description: "An IAM policy allows iam:PassRole only for full role ARNs and named services.",
  controls: { none: "No control checks iam:PassRole." },
  problems: (resource) =>
    allowStatements(resource)
      .filter(({ actions }) => actions.some((action) => matchesAction(action, PASS_ROLE)))
      .flatMap((statement) => [
        ...statement.resources
          .filter((arn) => /[*?]/.test(arn))
          .map(
            (arn) =>
              `${describeStatement(statement)} allows iam:PassRole for every role that matches ${arn}. ` +
              "Set Resource to the full ARN of the role.",
          ),
        ...(hasPassedToService(statement)
          ? []
          : [
              `${describeStatement(statement)} allows iam:PassRole to any service. Add the condition ` +
                'StringEquals iam:PassedToService with the service, e.g. "sagemaker.amazonaws.com".',
            ]),
      ]),
};

function isPermissionsBoundary({ props, type }: Resource, config: unknown): boolean {
  const { boundaries } = boundariesConfig.parse(config);
  return type === "aws:iam/policy:Policy" && boundaries.some((name) => name === props.name);
}

function hasPassedToService({ condition, isPartial }: Statement): boolean {
  if (isPartial) return true;
  const services = condition.stringequals?.["iam:passedtoservice"];
  return services !== undefined && !services.some((service) => /[*?]/.test(service));
}

function allowStatements({ props }: Resource): Statement[] {
  return [props.policy, ...inlinePolicyDocuments(props)]
    .flatMap(statementsOf)
    .filter(({ allows }) => allows);
}

function inlinePolicyDocuments({ inlinePolicies }: Props): unknown[] {
  if (!Array.isArray(inlinePolicies)) return [];
  return inlinePolicies.map((inline: unknown) =>
    typeof inline === "object" && inline !== null && "policy" in inline
      ? inline.policy
      : unknownValue,
  );
}
