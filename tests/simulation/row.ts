import type { Use } from "../../local/rehearsal/contract";
import type { Actor } from "../../local/rehearsal/judge/judge";
import { session } from "../support/court";

/** Somebody who does something. */
export type Call = readonly [who: Actor, does: Use];

/** What somebody must never be able to do. */
export type Never = readonly [sentence: string, ...call: Call];

/** A sentence about one statement: what it is there for, and what is next to it. */
export interface Row {
  /** As `build-role Logs`. */
  readonly statement: string;
  /** Another statement that the project must have, if not any project will do. */
  readonly beside?: string | undefined;
  readonly may: string;
  readonly calls: readonly Call[];
  readonly mayNot: string;
  readonly neighbours: readonly Call[];
}

/** The parts of a sentence about one statement of a role. */
export type OfStatement = readonly [
  Sid: string,
  may: string,
  uses: readonly Use[],
  mayNot: string,
  neighbours: readonly Use[],
];

/** What is done, to what, and under which further circumstances. */
export function use(action: string, resource: string, context: Use["context"] = {}): Use {
  return { action, resource, context };
}

/** Several actions on the same. */
export function each(actions: readonly string[], resource: string, context?: Use["context"]) {
  return actions.map((action) => use(action, resource, context));
}

/** Sentences about one of the project's roles. */
export function ofRole(role: string, sentences: readonly OfStatement[], beside?: string): Row[] {
  const by = (uses: readonly Use[]) => uses.map((one): Call => [session(role), one]);
  return sentences.map(([Sid, may, uses, mayNot, neighbours]) => ({
    statement: `${role}-role ${Sid}`,
    beside,
    may: `the ${role} role ${may}`,
    calls: by(uses),
    mayNot,
    neighbours: by(neighbours),
  }));
}
