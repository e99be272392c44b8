import type { RequiredAction, Decision } from "./contract";
import { type Actor, type PolicySet, authorize, type Authorization, roleNameOf } from "./simulate";

/** One decision, and its actor. */
export interface ActorDecision {
  readonly actor: Actor;
  readonly decision: Decision;
}

/** Authorizes required actions, and logs every decision. */
export interface Authorizer {
  /** The policies in force now. */
  readonly policySet: () => PolicySet;
  readonly actorDecisions: readonly ActorDecision[];
  readonly decisions: readonly Decision[];
  /** Why the call is denied, in AWS's words; undefined if every required action is allowed. */
  readonly try: (
    actor: Actor,
    call: string,
    actions: readonly RequiredAction[],
  ) => Promise<string | undefined>;
  /** Denies a call that could not be evaluated, with the reason. */
  readonly cannotPlace: (principal: string, call: string, reason: string) => string;
  /** Replaces the policies from now on. */
  readonly move: (policySet: PolicySet) => void;
}

/** An authorizer without decisions. */
export function createAuthorizer(first: PolicySet): Authorizer {
  let policySet = first;
  let known = new Map<string, Promise<Authorization>>();
  const actorDecisions: ActorDecision[] = [];
  const decisions: Decision[] = [];

  function decide(actor: Actor, action: RequiredAction): Promise<Authorization> {
    const question = JSON.stringify([
      actor,
      action.action,
      action.resource,
      sorted(action.context),
    ]);
    const authorization = known.get(question) ?? authorize(actor, action, policySet);
    known.set(question, authorization);
    return authorization;
  }

  function cannotPlace(principal: string, call: string, reason: string): string {
    const resource = `(cannot be evaluated: ${reason})`;
    decisions.push({ principal, call, action: call, resource, allowed: false });
    return `${principal} is denied ${call}: the policy simulator cannot evaluate the call, ${reason}`;
  }

  return {
    policySet: () => policySet,
    actorDecisions,
    decisions,
    cannotPlace,
    async try(actor, call, actions) {
      for (const action of actions) {
        const authorization = await decide(actor, action).catch(reasonOf);
        if (typeof authorization === "string") {
          return cannotPlace(
            nameOf(actor),
            call,
            `${action.action} on ${action.resource}: ${authorization}`,
          );
        }
        const { allowed, grants } = authorization;
        const isGranted = !allowed && grants.length > 0;
        const decision = {
          ...action,
          principal: nameOf(actor),
          call,
          allowed,
          ...(isGranted ? { isGranted } : {}),
        };
        actorDecisions.push({ actor, decision });
        decisions.push(decision);
        if (!allowed) return denial(actor, action, authorization.reason);
      }
      return undefined;
    },
    move(next) {
      policySet = next;
      known = new Map();
    },
  };
}

/** The role's name, or the service. */
export function nameOf(actor: Actor): string {
  return "service" in actor ? actor.service : roleNameOf(actor.roleArn);
}

/** Whether the text fits a pattern in which `*` stands for any text. */
export function matches(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "is").test(text);
}

function denial(actor: Actor, { action, resource }: RequiredAction, reason: string): string {
  const who = "service" in actor ? actor.service : actor.sessionArn;
  const where = resource === "*" ? "" : ` on resource: ${resource}`;
  return `User: ${who} is not authorized to perform: ${action}${where} ${reason}`;
}

/** What went wrong, as a sentence goes on. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function sorted(context: RequiredAction["context"] = {}) {
  return Object.entries(context).sort(([left], [right]) => (left < right ? -1 : 1));
}
