import { z } from "zod";

import { notYet } from "./resource";

/** A statement of a policy document with every list spelled out, less what is not known yet. */
export interface Statement {
  readonly sid: string;
  readonly allows: boolean;
  readonly denies: boolean;
  /** Whether its effect, principal or condition is not fully known yet. */
  readonly isPartial: boolean;
  readonly actions: readonly string[];
  /** Whether it speaks of all actions but those it names. */
  readonly exceptActions: boolean;
  readonly resources: readonly string[];
  /** By kind: AWS, Service, Federated. A bare `*` is read as `{ AWS: ["*"] }`. */
  readonly principals: Readonly<Record<string, readonly string[]>>;
  /** By operator and key, both in lower case. */
  readonly condition: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const strings = z.preprocess(listOf, z.array(scalar));

const statementShape = z
  .object({
    Sid: scalar.default(""),
    Effect: scalar.default(""),
    Action: strings.default([]),
    NotAction: strings.optional(),
    Resource: strings.default([]),
    Principal: z
      .preprocess(
        (value) => (typeof value === "string" ? { AWS: value } : value),
        z.record(z.string(), strings),
      )
      .default({}),
    Condition: z
      .record(z.string(), z.record(z.string(), strings).transform(lowerKeys))
      .transform(lowerKeys)
      .default({}),
  })
  .transform((it) => ({
    sid: it.Sid,
    allows: it.Effect === "Allow",
    denies: it.Effect === "Deny",
    actions: it.Action,
    exceptActions: it.NotAction !== undefined,
    resources: it.Resource,
    principals: it.Principal,
    condition: it.Condition,
  }));

const documentShape = z.object({
  Statement: z.preprocess(listOf, z.array(z.record(z.string(), z.unknown()).or(z.symbol()))),
});

/** The statements of a policy, given as JSON or as an object; those that are not known yet are left out. */
export function statementsOf(policy: unknown): Statement[] {
  return (documentShape.safeParse(parsed(policy)).data?.Statement ?? [])
    .filter((statement) => typeof statement !== "symbol")
    .map((statement) => ({
      ...statementShape.parse(known(statement)),
      isPartial: [statement.Effect, statement.Principal, statement.Condition].some(holdsUnknown),
    }));
}

/** What is no JSON is for AWS to refuse. */
function parsed(policy: unknown): unknown {
  if (typeof policy !== "string") return policy;
  try {
    return JSON.parse(policy);
  } catch {
    return undefined;
  }
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

function holdsUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === notYet;
  return Object.values(value).some(holdsUnknown);
}

/** Without what is not known yet, at any depth. */
function known(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((one) => one !== notYet).map(known);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== notYet);
  return Object.fromEntries(entries.map(([key, one]) => [key, known(one)]));
}

function lowerKeys<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, it]) => [key.toLowerCase(), it]));
}
