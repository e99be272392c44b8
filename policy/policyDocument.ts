import { z } from "zod";

import { unknownValue } from "./resource";

/** Policy statement with every element as a list, without the unknown values. */
export interface Statement {
  readonly sid: string;
  readonly allows: boolean;
  readonly denies: boolean;
  /** Whether its effect, principal or condition contains an unknown value. */
  readonly isPartial: boolean;
  readonly actions: readonly string[];
  /** Whether it has `NotAction`. */
  readonly hasNotAction: boolean;
  readonly resources: readonly string[];
  /** By type: AWS, Service, Federated. The principal `*` becomes `{ AWS: ["*"] }`. */
  readonly principals: Readonly<Record<string, readonly string[]>>;
  /** By operator and condition key, both in lower case. */
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
  .transform((statement) => ({
    sid: statement.Sid,
    allows: statement.Effect === "Allow",
    denies: statement.Effect === "Deny",
    actions: statement.Action,
    hasNotAction: statement.NotAction !== undefined,
    resources: statement.Resource,
    principals: statement.Principal,
    condition: statement.Condition,
  }));

const documentShape = z.object({
  Statement: z.preprocess(listOf, z.array(z.record(z.string(), z.unknown()).or(z.symbol()))),
});

/** Statements of a policy document (JSON or object), without unknown statements. */
export function statementsOf(policy: unknown): Statement[] {
  return (documentShape.safeParse(parsed(policy)).data?.Statement ?? [])
    .filter((statement) => typeof statement !== "symbol")
    .map((statement) => ({
      ...statementShape.parse(withoutUnknown(statement)),
      isPartial: [statement.Effect, statement.Principal, statement.Condition].some(containsUnknown),
    }));
}

/** Invalid JSON has no statements: AWS rejects it. */
function parsed(policy: unknown): unknown {
  if (typeof policy !== "string") return policy;
  try {
    return JSON.parse(policy);
  } catch {
    return undefined;
  }
}

/** Name of a statement in messages. */
export function describeStatement({ sid }: Statement): string {
  return sid === "" ? "a statement without a Sid" : `statement ${sid}`;
}

/** Whether an action pattern, e.g. `s3:Get*`, matches an action. */
export function matchesAction(pattern: string, action: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  const source = escaped.replace(/\*/g, ".*").replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "i").test(action);
}

/** Whether a resource policy denies an action to all principals without TLS. */
export function deniesInsecureTransport(policy: unknown, action: string): boolean {
  return statementsOf(policy).some(
    ({ actions, condition, denies, principals }) =>
      denies &&
      Object.values(principals).flat().includes("*") &&
      actions.some((pattern) => matchesAction(pattern, action)) &&
      condition.bool?.["aws:securetransport"]?.join() === "false",
  );
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function containsUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === unknownValue;
  return Object.values(value).some(containsUnknown);
}

/** Removes unknown values at every level. */
function withoutUnknown(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((one) => one !== unknownValue).map(withoutUnknown);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== unknownValue);
  return Object.fromEntries(entries.map(([key, one]) => [key, withoutUnknown(one)]));
}

function lowerKeys<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, it]) => [key.toLowerCase(), it]));
}
