import type { Use, Verdict } from "./contract";
import { type Actor, type PolicySet, judge, type Judgement, roleNameOf } from "./simulate";

/** One verdict, and on whom. */
export interface Judged {
  readonly actor: Actor;
  readonly verdict: Verdict;
}

/** Judges use after use, and keeps every verdict. */
export interface Bench {
  /** Under which policies it judges now. */
  readonly policySet: () => PolicySet;
  readonly judged: readonly Judged[];
  readonly verdicts: readonly Verdict[];
  /** Why the call is denied, in AWS's words; undefined if every use of it is allowed. */
  readonly try: (actor: Actor, call: string, uses: readonly Use[]) => Promise<string | undefined>;
  /** Denies a call that could not be judged, and says why. */
  readonly cannotPlace: (principal: string, call: string, reason: string) => string;
  /** From now on under these policies. */
  readonly move: (policySet: PolicySet) => void;
}

/** A bench that has judged nothing yet. */
export function openBench(first: PolicySet): Bench {
  let policySet = first;
  let known = new Map<string, Promise<Judgement>>();
  const judged: Judged[] = [];
  const verdicts: Verdict[] = [];

  function decide(actor: Actor, use: Use): Promise<Judgement> {
    const question = JSON.stringify([actor, use.action, use.resource, sorted(use.context)]);
    const judgement = known.get(question) ?? judge(actor, use, policySet);
    known.set(question, judgement);
    return judgement;
  }

  function cannotPlace(principal: string, call: string, reason: string): string {
    const resource = `(cannot be evaluated: ${reason})`;
    verdicts.push({ principal, call, action: call, resource, allowed: false });
    return `${principal} is denied ${call}: the policy simulator cannot evaluate the call, ${reason}`;
  }

  return {
    policySet: () => policySet,
    judged,
    verdicts,
    cannotPlace,
    async try(actor, call, uses) {
      for (const use of uses) {
        const judgement = await decide(actor, use).catch(reasonOf);
        if (typeof judgement === "string") {
          return cannotPlace(nameOf(actor), call, `${use.action} on ${use.resource}: ${judgement}`);
        }
        const { allowed } = judgement;
        const verdict = { ...use, principal: nameOf(actor), call, allowed };
        judged.push({ actor, verdict });
        verdicts.push(verdict);
        if (!allowed) return denial(actor, use, judgement.reason);
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

function denial(actor: Actor, { action, resource }: Use, reason: string): string {
  const who = "service" in actor ? actor.service : actor.sessionArn;
  const where = resource === "*" ? "" : ` on resource: ${resource}`;
  return `User: ${who} is not authorized to perform: ${action}${where} ${reason}`;
}

/** What went wrong, as a sentence goes on. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function sorted(context: Use["context"] = {}) {
  return Object.entries(context).sort(([left], [right]) => (left < right ? -1 : 1));
}
