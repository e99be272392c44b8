import { z } from "zod";

import type { Verdict } from "./contract";
import { type Judged, matches, nameOf } from "./decide";
import { type PolicySet, type Grant, judge } from "./simulate";
import type { Policy } from "./policies";

/** An action that a role's policy grants in one statement. */
export interface Permission {
  readonly role: string;
  readonly policy: string;
  /** The statement's name, or its number if it has none. */
  readonly statement: string;
  readonly action: string;
}

/** A permission that was used. */
export interface Needed extends Permission {
  /** The first use that is denied without it; left out if another statement grants all of them as well. */
  readonly firstDenied?: Verdict;
}

/** What the roles' permissions were good for. */
export interface Review {
  readonly needed: readonly Needed[];
  readonly unused: readonly Permission[];
}

/** A use that was allowed, and the statements by which it was. */
interface Allowed extends Judged {
  readonly grants: readonly Grant[];
}

/** Judges every allowed use again without each single action of its role, and tells which actions nothing needed. */
export async function review(judged: readonly Judged[], policySet: PolicySet): Promise<Review> {
  const needed: Needed[] = [];
  const unused: Permission[] = [];
  for (const [role, uses] of await allowedByRole(judged, policySet)) {
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

/** One action of one statement, and where it stands. */
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

function serves({ permission, place }: Granted, { grants, verdict }: Allowed): boolean {
  return (
    matches(permission.action, verdict.action) &&
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
        const changed = identity.map((policy) =>
          policy.name === permission.policy ? { ...policy, document: remainder } : policy,
        );
        return { identity: changed, ...rest };
      },
    },
  };
  for (const { actor, verdict } of served) {
    const { allowed } = await judge(actor, verdict, narrowed);
    if (!allowed) return { firstDenied: verdict };
  }
  return {};
}

/** Each role's allowed uses, every question once, in the order in which they first came up. */
async function allowedByRole(judged: readonly Judged[], policySet: PolicySet) {
  const byRole = new Map<string, Map<string, Allowed>>();
  for (const { actor, verdict } of judged) {
    if ("service" in actor || !verdict.allowed) continue;
    const uses = byRole.get(nameOf(actor)) ?? new Map<string, Allowed>();
    byRole.set(nameOf(actor), uses);
    const { action, context, resource } = verdict;
    const question = JSON.stringify([action, resource, context]);
    if (uses.has(question)) continue;
    const { grants } = await judge(actor, verdict, policySet);
    uses.set(question, { actor, verdict, grants });
  }
  return [...byRole].map(([role, uses]) => [role, [...uses.values()]] as const);
}
