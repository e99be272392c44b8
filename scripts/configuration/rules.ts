import type { z } from "zod";

import { stackSchema } from "../../components/validation/modelDeploySchema";

/** Rule of the validation for a key of a stack config. */
export interface Rule {
  /** Rule text of the entries of a list. */
  entry?: string;
  /** Example as JSON. */
  example: string;
  /** Rule text, for example "must be one of dev, prod". */
  text: string;
}

/** A value that no rule accepts. */
const invalid = -1;

/** Rule of a key, as the validation states it for an invalid value. */
export function ruleOf(path: string, type: string): Rule {
  const rule = ruleFor(path, invalid);
  if (type !== "list of strings") return rule;
  return { ...rule, entry: ruleFor(path, [invalid], `${path}.0`).text };
}

function ruleFor(path: string, value: unknown, at = path): Rule {
  const [text = "", example = ""] = messageOf(path, value, at).split(", for example ");
  return { example, text };
}

/** Validation error of the key `at` if only the key `path` is set. */
function messageOf(path: string, value: unknown, at: string): string {
  const input = path.split(".").reduceRight((inner, key) => ({ [key]: inner }), value);
  const issues: readonly z.core.$ZodIssue[] = stackSchema.safeParse(input).error?.issues ?? [];
  const found = issues.find((issue) => issue.path.join(".") === at);
  if (found === undefined) throw new Error(`the validation accepts ${JSON.stringify(input)}`);
  return found.message;
}
