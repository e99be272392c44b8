import { z } from "zod";

import { notYet } from "./resource";

/** A statement of a policy document with every list spelled out, less what is not known yet. */
export interface Statement {
  readonly sid: string;
  readonly allows: boolean;
  readonly actions: readonly string[];
  /** Whether it speaks of all actions but those it names. */
  readonly exceptActions: boolean;
  readonly resources: readonly string[];
  /** By kind: AWS, Service, Federated. `*` alone is every kind of principal: `{ AWS: ["*"] }`. */
  readonly principals: Readonly<Record<string, readonly string[]>>;
  /** By operator and key, both in lower case. A key stays when its value is not known yet. */
  readonly condition: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const strings = z.preprocess(
  (value) => listOf(value).filter((one) => one !== notYet),
  z.array(scalar),
);

const block = z.record(z.string(), z.record(z.string(), strings).transform(lowerKeys));

const statementShape = z
  .object({
    Sid: scalar.optional(),
    Effect: z.string(),
    Action: strings.optional(),
    NotAction: strings.optional(),
    Resource: strings.optional(),
    Principal: z
      .preprocess((value) => (value === "*" ? { AWS: "*" } : value), z.record(z.string(), strings))
      .optional(),
    Condition: block.transform(lowerKeys).optional(),
  })
  .transform((it): Statement => ({
    sid: it.Sid ?? "",
    allows: it.Effect === "Allow",
    actions: it.Action ?? [],
    exceptActions: it.NotAction !== undefined,
    resources: it.Resource ?? [],
    principals: it.Principal ?? {},
    condition: it.Condition ?? {},
  }));

const documentShape = z.object({
  Statement: z.preprocess(
    (value) => listOf(value).filter((one) => one !== notYet),
    z.array(statementShape),
  ),
});

/** The statements of a policy, given as JSON or as an object; those that are not known yet are left out. */
export function statementsOf(policy: unknown): Statement[] {
  if (policy === undefined || policy === notYet) return [];
  return documentShape.parse(typeof policy === "string" ? JSON.parse(policy) : policy).Statement;
}

/** How a message names a statement. */
export function called({ sid }: Statement): string {
  return sid === "" ? "a statement without a Sid" : `statement ${sid}`;
}

/** Whether an action pattern covers an action. */
export function covers(pattern: string, action: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  const source = escaped.replace(/\*/g, ".*").replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "i").test(action);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function lowerKeys<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, it]) => [key.toLowerCase(), it]));
}
