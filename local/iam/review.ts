import { z } from "zod";

import type { Decision } from "./contract";
import { type ActorDecision, matches, nameOf } from "./decide";
import { type PolicySet, type Grant, authorize } from "./simulate";
import type { Policy } from "./policies";

/** An action that a role's policy grants in one statement. */
export interface Permission {
  readonly role: string;
  readonly policy: string;
  /** The statement's name, or its number if it has none. */
  readonly statement: string;
  readonly action: string;
}

/** IAM policy of the policy statements of the stack config, in each role that has some. */
const settingsPolicy = "policy-statements";

/** Whether a policy statement of the stack config grants the permission. */
export function isOfSettings({ policy }: Pick<Permission, "policy">): boolean {
  return policy === settingsPolicy;
}

/** A permission that was used. */
export interface Needed extends Permission {
  /** The first action that is denied without it; left out if another statement grants all of them as well. */
  readonly firstDenied?: Decision;
}

/** Needed and unused permissions of the roles. */
export interface Review {
  readonly needed: readonly Needed[];
  readonly unused: readonly Permission[];
}

/** An allowed action, and the statements that allowed it. */
interface Allowed extends ActorDecision {
  readonly grants: readonly Grant[];
}

/** Authorizes every allowed action again without each permission of its role; returns needed and unused permissions. */
export async function review(
  actorDecisions: readonly ActorDecision[],
  policySet: PolicySet,
): Promise<Review> {
  const needed: Needed[] = [];
  const unused: Permission[] = [];
  for (const [role, uses] of await allowedByRole(actorDecisions, policySet)) {
    const { identity } = await policySet.policies.ofRole(role);
    for (const grant of identity.flatMap((policy) => grantsOf(role, policy))) {
      const served = uses.filter((use) => serves(grant, use));
      const { permission } = grant;
      if (served.length === 0) unused.push(permission);
      else needed.push({ ...permission, ...(await deniedWithout(grant, served, policySet)) });
    }
  }
  return { needed, unused };
}

/** One action of one statement, and its place. */
interface Granted {
  readonly permission: Permission;
  readonly place: Grant;
  /** The policy without it. */
  readonly remainder: unknown;
}

const oneOrMore = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((one) => [one]), z.array(item)]);

const documentShape = z.looseObject({
  Statement: oneOrMore(
    z.looseObject({
      Sid: z.string().optional(),
      Effect: z.enum(["Allow", "Deny"]),
      Action: oneOrMore(z.string()).optional(),
    }),
  ),
});

function grantsOf(role: string, { document, name }: Policy): Granted[] {
  const { Statement, ...rest } = documentShape.parse(document);
  return Statement.flatMap((statement, index) => {
    const { Action = [], Effect, Sid } = statement;
    if (Effect === "Deny") return [];
    return Action.map((action) => {
      const others = Action.filter((one) => one !== action);
      const less = others.length === 0 ? [] : [{ ...statement, Action: others }];
      const around = [Statement.slice(0, index), Statement.slice(index + 1)] as const;
      return {
        permission: { role, policy: name, statement: Sid ?? (index + 1).toString(), action },
        place: { policy: name, statement: index + 1 },
        remainder: { ...rest, Statement: [...around[0], ...less, ...around[1]] },
      };
    });
  });
}

function serves({ permission, place }: Granted, { grants, decision }: Allowed): boolean {
  return (
    matches(permission.action, decision.action) &&
    grants.some(({ policy, statement }) => policy === place.policy && statement === place.statement)
  );
}

async function deniedWithout(
  { permission, remainder }: Granted,
  served: readonly Allowed[],
  policySet: PolicySet,
): Promise<Pick<Needed, "firstDenied">> {
  const { ofRole } = policySet.policies;
  const narrowed: PolicySet = {
    ...policySet,
    policies: {
      ...policySet.policies,
      async ofRole(role) {
        const { identity, ...rest } = await ofRole(role);
        // The permissions of the stack itself must be necessary without those of the settings.
        const changed = identity
          .filter(({ name }) => isOfSettings(permission) || !isOfSettings({ policy: name }))
          .map((policy) =>
            policy.name === permission.policy ? { ...policy, document: remainder } : policy,
          );
        return { identity: changed, ...rest };
      },
    },
  };
  for (const { actor, decision } of served) {
    const { allowed } = await authorize(actor, decision, narrowed);
    if (!allowed) return { firstDenied: decision };
  }
  return {};
}

/** Each role's allowed uses, every question once, in the order in which they first came up. */
async function allowedByRole(actorDecisions: readonly ActorDecision[], policySet: PolicySet) {
  const byRole = new Map<string, Map<string, Allowed>>();
  for (const { actor, decision } of actorDecisions) {
    if ("service" in actor || !decision.allowed) continue;
    const uses = byRole.get(nameOf(actor)) ?? new Map<string, Allowed>();
    byRole.set(nameOf(actor), uses);
    const { action, context, resource } = decision;
    const question = JSON.stringify([action, resource, context]);
    if (uses.has(question)) continue;
    const { grants } = await authorize(actor, decision, policySet);
    uses.set(question, { actor, decision, grants });
  }
  return [...byRole].map(([role, uses]) => [role, [...uses.values()]] as const);
}
