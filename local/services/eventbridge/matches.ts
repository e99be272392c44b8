import { isRecord } from "../../cloud/provider/values";
import { type Leaf, operators, type Test } from "./operators";

/**
 * What an event has at one path: `here` for the elements of arrays that are looked at together, `anywhere` for all
 * elements. Fields of different elements never make a match together, but a field "does not exist" only if no element
 * has it.
 */
interface Place {
  readonly here: readonly unknown[];
  readonly anywhere: readonly unknown[];
}

type Rule = (place: Place) => boolean;

/**
 * Whether EventBridge would take this event for a rule of this pattern.
 * @throws for a pattern that EventBridge refuses, or an operator that is not known, wherever it stands
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matches(pattern: unknown, event: unknown): boolean {
  // Read as a whole first: else a mistake would hide behind an earlier field that does not match.
  const rule = fields(pattern, "the pattern");
  return rule({ here: [event], anywhere: [event] });
}

/** All fields of a pattern's object must match. */
function fields(pattern: unknown, path: string): Rule {
  if (!isRecord(pattern) || Object.keys(pattern).length === 0)
    throw new Error(`${path} must be an object with fields; got ${JSON.stringify(pattern)}`);
  const rules = Object.entries(pattern).map(([key, value]) =>
    key === "$or" ? either(value, path) : field(key, value, `${path}: ${key}`),
  );
  return (place) => rules.every((rule) => rule(place));
}

function either(value: unknown, path: string): Rule {
  if (!Array.isArray(value) || value.length < 2)
    throw new Error(`${path}: $or must be a list of two or more; got ${JSON.stringify(value)}`);
  const rules = value.map((one) => fields(one, `${path}: $or`));
  return (place) => rules.some((rule) => rule(place));
}

function field(key: string, value: unknown, path: string): Rule {
  const rule = Array.isArray(value)
    ? alternatives(value, path)
    : inEachElement(fields(value, path));
  return ({ here, anywhere }) =>
    rule({ here: children(here, key), anywhere: children(anywhere, key) });
}

/** An array of objects matches if one element does, by itself. */
function inEachElement(rule: Rule): Rule {
  return ({ here, anywhere }) => {
    const objects = flat(here).filter(isRecord);
    // A missing value, or one that is no object, has no fields: a pattern may match exactly that.
    const candidates = objects.length > 0 ? objects : [undefined];
    return candidates.some((one) => rule({ here: [one], anywhere }));
  };
}

/** A leaf matches if any alternative accepts it, or if it is missing and an alternative asks for that. */
function alternatives(values: readonly unknown[], path: string): Rule {
  if (values.length === 0) throw new Error(`${path} must list at least one alternative`);
  const mayBeMissing = values.some((one) => isRecord(one) && one.exists === false);
  const tests = values.map((one) => test(one, path));
  return ({ here, anywhere }) =>
    (mayBeMissing && flat(anywhere).filter(isLeaf).length === 0) ||
    flat(here)
      .filter(isLeaf)
      .some((leaf) => tests.some((accepts) => accepts(leaf)));
}

function test(alternative: unknown, path: string): Test {
  if (isLeaf(alternative)) return (leaf) => leaf === alternative;
  const entries = isRecord(alternative) ? Object.entries(alternative) : [];
  const [[name, operand] = ["", undefined], ...others] = entries;
  if (name === "" || others.length > 0)
    throw new Error(
      `${path} must list values and single operators, for example {"prefix": "v"}; got ${JSON.stringify(alternative)}`,
    );
  if (name === "exists" && typeof operand === "boolean") return () => operand;
  const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (operator === undefined)
    throw new Error(
      `${path}: ${name} is not an operator; known are exists (true or false), ${Object.keys(operators).join(", ")}`,
    );
  try {
    return operator(operand);
  } catch (error) {
    throw new Error(`${path}: EventBridge rejects ${name} with ${JSON.stringify(operand)}`, {
      cause: error,
    });
  }
}

function children(nodes: readonly unknown[], key: string): readonly unknown[] {
  return flat(nodes).flatMap((node) =>
    isRecord(node) && Object.hasOwn(node, key) ? [node[key]] : [],
  );
}

/** Arrays in an event are looked through, however deep. */
function flat(nodes: readonly unknown[]): readonly unknown[] {
  return nodes.flatMap((node) => (Array.isArray(node) ? flat(node) : [node]));
}

function isLeaf(value: unknown): value is Leaf {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
