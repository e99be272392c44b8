import { BlockList, isIP } from "node:net";

import { z } from "zod";

/** What an event can have at the end of a path: a JSON value that is neither object nor array. */
export type Leaf = string | number | boolean | null;

/** Whether one leaf of an event is accepted. */
export type Test = (leaf: Leaf) => boolean;

const word = z.string();
const words = oneOrMore(word);
const ends = oneOrMore(word.min(1));
const folded = z.strictObject({ "equals-ignore-case": word });
const spelling = z.union([word, folded]);

// EventBridge compares numbers within these bounds, with 15 digits.
const number = z.number().min(-5e9).max(5e9);

const range = z.union([
  z.tuple([z.enum(["<", "<=", "=", ">", ">="]), number]),
  z
    .tuple([z.enum([">", ">="]), number, z.enum(["<", "<="]), number])
    .refine(([, low, , high]) => low < high, "the lower bound must come first"),
]);

const unwanted = z.union([
  z.union([word, number]).transform((one) => sameAsAny([one])),
  z.array(word).min(1).transform(sameAsAny),
  z.array(number).min(1).transform(sameAsAny),
  z.strictObject({ prefix: ends }).transform((it) => anyOf(it.prefix, startsWith)),
  z.strictObject({ suffix: ends }).transform((it) => anyOf(it.suffix, endsWith)),
  z
    .strictObject({ "equals-ignore-case": words })
    .transform((it) => anyOf(it["equals-ignore-case"], equalsIgnoringCase)),
  z.strictObject({ wildcard: words }).transform((it) => anyOf(it.wildcard, fits)),
]);

/** EventBridge's comparison operators for leaves; each reads its operand, and throws if AWS would refuse it. */
export const operators: Readonly<Record<string, (operand: unknown) => Test>> = {
  "anything-but": (operand) => {
    const isUnwanted = unwanted.parse(operand);
    return (leaf) => !isUnwanted(leaf);
  },
  cidr: (operand) => within(word.parse(operand)),
  "equals-ignore-case": (operand) => equalsIgnoringCase(word.parse(operand)),
  numeric: (operand) => numeric(range.parse(operand)),
  prefix: (operand) => spelled(spelling.parse(operand), startsWith),
  suffix: (operand) => spelled(spelling.parse(operand), endsWith),
  wildcard: (operand) => fits(word.parse(operand)),
};

function oneOrMore(text: z.ZodString) {
  return z.union([text.transform((one) => [one]), z.array(text).min(1)]);
}

function sameAsAny(values: readonly Leaf[]): Test {
  return (leaf) => values.includes(leaf);
}

function anyOf(operands: readonly string[], test: (operand: string) => Test): Test {
  const tests = operands.map(test);
  return (leaf) => tests.some((one) => one(leaf));
}

function startsWith(start: string): Test {
  return (leaf) => typeof leaf === "string" && leaf.startsWith(start);
}

function endsWith(end: string): Test {
  return (leaf) => typeof leaf === "string" && leaf.endsWith(end);
}

function equalsIgnoringCase(text: string): Test {
  return (leaf) => typeof leaf === "string" && leaf.toLowerCase() === text.toLowerCase();
}

function spelled(operand: z.output<typeof spelling>, test: (text: string) => Test): Test {
  if (typeof operand === "string") return test(operand);
  const holds = test(operand["equals-ignore-case"].toLowerCase());
  return (leaf) => typeof leaf === "string" && holds(leaf.toLowerCase());
}

/** `*` stands for any text; `\*` and `\\` for the characters themselves. */
function fits(pattern: string): Test {
  const tokens = pattern.match(/\\[*\\]|[^\\]/gu) ?? [];
  if (tokens.join("") !== pattern)
    throw new Error(`a backslash must be followed by * or a backslash; got "${pattern}"`);
  if (tokens.some((token, index) => token === "*" && tokens[index + 1] === "*"))
    throw new Error(`two * in a row are not allowed; got "${pattern}"`);
  const expression = tokens.map((token) => (token === "*" ? ".*" : literal(token)));
  const whole = new RegExp(`^${expression.join("")}$`, "su");
  return (leaf) => typeof leaf === "string" && whole.test(leaf);
}

function literal(token: string): string {
  const character = token.length > 1 && token.startsWith("\\") ? token.slice(1) : token;
  return character.replace(/[$()*+./?[\\\]^{|}]/u, String.raw`\$&`);
}

function within(range: string): Test {
  const [address = "", bits = ""] = range.split("/");
  const subnet = new BlockList();
  if (!/^\d{1,3}$/.test(bits)) throw new Error(`must be like 10.0.0.0/24; got "${range}"`);
  subnet.addSubnet(address, Number(bits), family(address));
  return (leaf) => typeof leaf === "string" && isIP(leaf) !== 0 && subnet.check(leaf, family(leaf));
}

function family(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

const comparisons = {
  "<": (left: number, right: number) => left < right,
  "<=": (left: number, right: number) => left <= right,
  "=": (left: number, right: number) => left === right,
  ">": (left: number, right: number) => left > right,
  ">=": (left: number, right: number) => left >= right,
};

function compared(sign: keyof typeof comparisons, bound: number): Test {
  const holds = comparisons[sign];
  return (leaf) => typeof leaf === "number" && number.safeParse(leaf).success && holds(leaf, bound);
}

/** `["=", 5]`, or a range that begins with its lower bound: `[">", 0, "<=", 5]`. */
function numeric([sign, bound, upper, top]: z.output<typeof range>): Test {
  const first = compared(sign, bound);
  if (upper === undefined || top === undefined) return first;
  const second = compared(upper, top);
  return (leaf) => first(leaf) && second(leaf);
}
