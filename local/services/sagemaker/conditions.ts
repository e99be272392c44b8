import { z } from "zod";

import { type Json, json } from "./json";
import { type Scope, resolve } from "./resolve";

const pair = { LeftValue: json, RightValue: json };
const condition = z.discriminatedUnion("Type", [
  z.strictObject({ Type: z.literal("Equals"), ...pair }),
  z.strictObject({ Type: z.literal("GreaterThan"), ...pair }),
  z.strictObject({ Type: z.literal("GreaterThanOrEqualTo"), ...pair }),
  z.strictObject({ Type: z.literal("LessThan"), ...pair }),
  z.strictObject({ Type: z.literal("LessThanOrEqualTo"), ...pair }),
  z.strictObject({ Type: z.literal("In"), QueryValue: json, Values: z.array(json) }),
  z.strictObject({ Type: z.literal("Not"), Expression: json }),
  z.strictObject({ Type: z.literal("Or"), Conditions: z.array(json) }),
  z.strictObject({ Type: z.literal("And"), Conditions: z.array(json) }),
]);

/** Whether a condition of a definition is met; throws for an undecidable one. */
export function isMet(raw: Json, scope: Scope): boolean {
  const read = condition.safeParse(raw);
  if (!read.success) throw new Error(`unknown condition: ${JSON.stringify(raw)}`);
  const one = read.data;
  switch (one.Type) {
    case "Not":
      return !isMet(one.Expression, scope);
    case "Or":
      return one.Conditions.some((other) => isMet(other, scope));
    case "And":
      return one.Conditions.every((other) => isMet(other, scope));
    case "In": {
      const value = resolve(one.QueryValue, scope);
      return one.Values.some((other) => resolve(other, scope) === value);
    }
    case "Equals":
      return resolve(one.LeftValue, scope) === resolve(one.RightValue, scope);
    default:
      return compare(one.Type, resolve(one.LeftValue, scope), resolve(one.RightValue, scope));
  }
}

function compare(type: string, left: Json, right: Json): boolean {
  if (typeof left !== "number" || typeof right !== "number") {
    throw new Error(
      `${type} compares numbers, got ${JSON.stringify(left)} and ${JSON.stringify(right)}`,
    );
  }
  if (type === "GreaterThan") return left > right;
  if (type === "GreaterThanOrEqualTo") return left >= right;
  if (type === "LessThan") return left < right;
  return left <= right;
}
