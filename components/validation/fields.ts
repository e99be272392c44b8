import * as pulumi from "@pulumi/pulumi";
import { distance } from "fastest-levenshtein";
import { z } from "zod";

import { isJsonLike, printedKey } from "./redaction";

/** Text that may be an output of another resource. Only a plain string can be validated now. */
export type StringInput = pulumi.Input<string>;

/** Text that matches `pattern`; the validation error shows `must` and `example`. */
export function text(
  must: string,
  example: string,
  pattern: RegExp | ((value: string) => boolean),
) {
  const isMatch = typeof pattern === "function" ? pattern : (value: string) => pattern.test(value);
  return z.custom<string>((value) => typeof value === "string" && isMatch(value), {
    error: ruleText(must, example),
  });
}

/** Like {@link text}, but an output of another resource is valid: its value is not known yet. */
export function inputText(
  must: string,
  example: string,
  pattern: RegExp | ((value: string) => boolean),
) {
  const plain = text(must, example, pattern);
  return z.custom<StringInput>(
    (value) => pulumi.Output.isInstance(value) || plain.safeParse(value).success,
    { error: ruleText(must, example) },
  );
}

/** Whole number from `min` to `max`, both included. A number in quotes is invalid. */
export function integer(min: number, max: number, unit: string, example: number) {
  return z.custom<number>((value) => Number.isInteger(value) && within(value, min, max), {
    error: ruleText(
      `must be a whole number of ${unit} from ${String(min)} to ${String(max)}`,
      example,
    ),
  });
}

/** One of several texts or numbers. */
export function oneOf<T extends string | number>(choices: readonly T[], example: T) {
  return z.custom<T>((value) => choices.some((choice) => choice === value), {
    error: ruleText(`must be one of ${choices.join(", ")}`, example),
  });
}

/** Boolean. `"true"` in quotes is invalid. */
export function boolean(example: boolean) {
  return z.boolean({ error: ruleText("must be true or false", example) });
}

/** List of `min` to `max` entries. */
export function listOf<T>(
  what: string,
  example: string,
  entry: z.ZodType<T>,
  { min = 0, max }: { min?: number; max: number },
) {
  const number = min === 0 ? `at most ${String(max)}` : `${String(min)} to ${String(max)}`;
  const error = ruleText(`must be a list of ${number} ${what}`, [example]);
  return z
    .array(entry, { error })
    .refine(({ length }) => length >= min && length <= max, { error });
}

/** Object of settings. A key that is not in `shape` is invalid. */
export function group<Shape extends z.ZodRawShape>(example: object, shape: Shape) {
  const known = Object.keys(shape).sort();
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === "unrecognized_keys")
        return issue.keys.map((key) => unknownKeyRule(key, known)).join("\n");
      const kind = isJsonLike(issue.input) ? "valid JSON: an object" : "an object";
      return ruleText(`must be ${kind} with any of the keys ${known.join(", ")}`, example);
    },
  });
}

function unknownKeyRule(key: string, known: readonly string[]): string {
  const [closest = ""] = [...known].sort((a, b) => distance(a, key) - distance(b, key));
  const isClose = isTypo(key.toLowerCase(), closest.toLowerCase());
  const hint = isClose ? `did you mean ${closest}?` : `known are ${known.join(", ")}`;
  return `${printedKey(key)} is not a setting; ${hint}`;
}

/** One wrong letter, two in a long name, or the same letters in another order. */
function isTypo(key: string, known: string): boolean {
  const sorted = (text: string) => Array.from(text).sort().join("");
  return (
    distance(key, known) <= (Math.min(key.length, known.length) > 5 ? 2 : 1) ||
    (key.length > 3 && sorted(key) === sorted(known))
  );
}

/** Object of keys and values: not null, a list, or an output of another resource. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  const isObject = typeof value === "object" && value !== null;
  return isObject && !Array.isArray(value) && !pulumi.Output.isInstance(value);
}

/** Text of one rule, with an example. */
export function ruleText(must: string, example: unknown): string {
  return `${must}, for example ${JSON.stringify(example)}`;
}

/** Rule text for an environment variable that the component sets. */
export function reservedVariableRule(name: string): string {
  return ruleText("is set by the component itself, so needs another name", `MY_${name}`);
}

function within(value: unknown, min: number, max: number): boolean {
  return typeof value === "number" && value >= min && value <= max;
}
