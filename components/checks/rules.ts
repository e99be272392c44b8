import * as pulumi from "@pulumi/pulumi";
import { distance } from "fastest-levenshtein";
import { z } from "zod";

/** A value that another resource may still have to give; only a plain string can be checked now. */
export type Given = pulumi.Input<string>;

/** A text that satisfies `pattern`; `must` and `example` are what the user reads when it does not. */
export function text(
  must: string,
  example: string,
  pattern: RegExp | ((value: string) => boolean),
) {
  const holds = typeof pattern === "function" ? pattern : (value: string) => pattern.test(value);
  return z.custom<string>((value) => typeof value === "string" && holds(value), {
    error: sentence(must, example),
  });
}

/** Like {@link text}, but an output of another resource passes unchecked: its value is not known yet. */
export function given(must: string, example: string, pattern: RegExp) {
  return z.custom<Given>(
    (value) =>
      pulumi.Output.isInstance(value) || (typeof value === "string" && pattern.test(value)),
    { error: sentence(must, example) },
  );
}

/** A whole number from `min` to `max`, both included; a number in quotes is refused. */
export function integer(min: number, max: number, unit: string, example: number) {
  return z.custom<number>((value) => Number.isInteger(value) && within(value, min, max), {
    error: sentence(
      `must be a whole number of ${unit} from ${String(min)} to ${String(max)}`,
      example,
    ),
  });
}

/** One of a few words or numbers. */
export function oneOf<T extends string | number>(choices: readonly T[], example: T) {
  return z.custom<T>((value) => choices.some((choice) => choice === value), {
    error: sentence(`must be one of ${choices.join(", ")}`, example),
  });
}

/** Yes or no; `"true"` in quotes is refused. */
export function flag(example: boolean) {
  return z.boolean({ error: sentence("must be true or false", example) });
}

/** A list of `min` to `max` entries, each by the same rule; `once` refuses the same text twice, in whatever case. */
export function listOf<T>(
  what: string,
  example: string,
  entry: z.ZodType<T>,
  { min = 0, max, once = false }: { min?: number; max: number; once?: boolean },
) {
  const number = min === 0 ? `at most ${String(max)}` : `${String(min)} to ${String(max)}`;
  const error = sentence(`must be a list of ${number} ${what}`, [example]);
  return z
    .array(entry, { error })
    .refine(({ length }) => length >= min && length <= max, { error })
    .refine((entries) => !once || areDifferent(entries), { error });
}

/** A group of settings; a key that is not in `shape` is a mistake, never ignored. */
export function group<Shape extends z.ZodRawShape>(example: object, shape: Shape) {
  const known = Object.keys(shape).sort();
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => `${key} is not a setting; ${nearest(key, known)}`).join("\n")
        : sentence(`must be an object with any of the keys ${known.join(", ")}`, example),
  });
}

function nearest(key: string, known: readonly string[]): string {
  const [closest = ""] = [...known].sort((a, b) => distance(a, key) - distance(b, key));
  const isTypo = distance(closest, key) <= Math.max(2, key.length / 2);
  return isTypo ? `did you mean ${closest}?` : `known are ${known.join(", ")}`;
}

function areDifferent(entries: readonly unknown[]): boolean {
  const texts = entries.flatMap((entry) =>
    typeof entry === "string" ? [entry.toLowerCase()] : [],
  );
  return new Set(texts).size === texts.length;
}

/** The words of one rule, as every problem is told. */
export function sentence(must: string, example: unknown): string {
  return `${must}, for example ${JSON.stringify(example)}`;
}

/** The rule about a variable that every build already has. */
export function ownVariable(name: string): string {
  return sentence("is set by the component itself, so needs another name", `MY_${name}`);
}

function within(value: unknown, min: number, max: number): boolean {
  return typeof value === "number" && value >= min && value <= max;
}
