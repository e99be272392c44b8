import { z } from "zod";

import { type Statement, called, covers, statementsOf } from "../document";
import { type Props, type Resource, notYet } from "../resource";
import type { ResourceRule } from "../rule";

const PASS_ROLE = "iam:PassRole";

/** A role, user or group gets no managed policy of AWS that is wide. */
export const noWideManagedPolicy: ResourceRule = {
  name: "no-wide-managed-policy",
  description: "Nobody is given a managed policy of AWS that reads or rules a whole service.",
  types: [
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
    "aws:iam/role:Role",
  ],
  reads: ["policyArn", "policyArns", "managedPolicyArns"],
  problems: ({ props }) =>
    [props.policyArn, props.policyArns, props.managedPolicyArns]
      .flat()
      .filter((arn) => typeof arn === "string")
      .filter((arn) =>
        /^arn:[^:]+:iam::aws:policy\/.*(FullAccess|Admin|PowerUser|ReadOnlyAccess)/.test(arn),
      )
      .map(
        (arn) =>
          `${arn} reaches far beyond this stack. Write a policy with the actions that are called, on the ARNs they are called on.`,
      ),
};

const boundariesConfig = z.object({ boundaries: z.array(z.string()).default([]) });

/** An identity's policy names every action that it allows. */
export const namedActions: ResourceRule = {
  name: "actions-are-named",
  description: "A policy of a role, user or group names every action that it allows.",
  configSchema: {
    properties: {
      boundaries: {
        type: "array",
        items: { type: "string" },
        description:
          "Names of managed policies that are permissions boundaries: what they allow is nobody's permission.",
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
  reads: ["policy", "inlinePolicies"],
  problems: (resource, config) =>
    (isBoundary(resource, config) ? [] : allowed(resource)).flatMap((statement) => [
      ...statement.actions
        .filter((action) => /[*?]/.test(action))
        .map(
          (action) =>
            `${called(statement)} allows ${action}. Name each action that is called; the list grows with AWS otherwise.`,
        ),
      ...(statement.exceptActions
        ? [`${called(statement)} allows all but its NotAction. Name what is called in Action.`]
        : []),
    ]),
};

/** A role is passed on only by its exact ARN, and only to a named service. */
export const guardedPassRole: ResourceRule = {
  types: namedActions.types,
  reads: namedActions.reads,
  name: "pass-role-is-guarded",
  description: "iam:PassRole is allowed for exact roles only, and to named services only.",
  problems: (resource) =>
    allowed(resource)
      .filter(({ actions }) => actions.some((action) => covers(action, PASS_ROLE)))
      .flatMap((statement) => [
        ...statement.resources
          .filter((arn) => /[*?]/.test(arn))
          .map(
            (arn) =>
              `${called(statement)} passes any role like ${arn}. Give the ARN of the one role that is passed.`,
          ),
        ...(namesService(statement)
          ? []
          : [
              `${called(statement)} passes a role to any service. Add StringEquals iam:PassedToService with the one service, e.g. "sagemaker.amazonaws.com".`,
            ]),
      ]),
};

function isBoundary({ props, type }: Resource, config: unknown): boolean {
  const { boundaries } = boundariesConfig.parse(config);
  return type === "aws:iam/policy:Policy" && boundaries.some((name) => name === props.name);
}

function namesService({ condition, isPartial }: Statement): boolean {
  if (isPartial) return true;
  const services = condition.stringequals?.["iam:passedtoservice"];
  return services !== undefined && !services.some((service) => /[*?]/.test(service));
}

function allowed({ props }: Resource): Statement[] {
  return [props.policy, ...inline(props)].flatMap(statementsOf).filter(({ allows }) => allows);
}

function inline({ inlinePolicies }: Props): unknown[] {
  if (!Array.isArray(inlinePolicies)) return [];
  return inlinePolicies.map((one: unknown) =>
    typeof one === "object" && one !== null && "policy" in one ? one.policy : notYet,
  );
}
