import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import { isJsonLike, kindOf, printed, printedKey } from "./redaction";

type Path = readonly PropertyKey[];

/** Validation problems, one a line: key, rule, example, actual value. */
export function problemsOf(raw: unknown, issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.flatMap((issue) => {
    const { code, message, path } = issue;
    if (code === "unrecognized_keys")
      return message
        .split("\n")
        .map((line) => (path.length === 0 ? line : `${dotted(path)}.${line}`));
    const key = path.length === 0 ? "args" : dotted(path);
    const value = valueAt(raw, path);
    const isGroup = code === "invalid_type" && issue.expected === "object";
    return isGroup ? `${key} ${message}; got ${brokenGroup(value)}` : problem(key, message, value);
  });
}

/** Text of one validation problem. */
export function problem(key: string, rule: string, value: unknown): string {
  // A password may have any format, so no value of an environment variable is printed.
  const isHidden = /^build\.(environment|parameterStore|secretsManager)\b/.test(key);
  return `${key} ${rule}; got ${isHidden ? kindOf(value) : printed(value)}`;
}

/** Validation error with all problems, one a line. Pulumi prints it without a stack trace. */
export function validationError(where: string, problems: readonly string[]): pulumi.RunError {
  const count = problems.length === 1 ? "1 problem" : `${String(problems.length)} problems`;
  return new pulumi.RunError([`${count} in ${where}:`, ...problems].join("\n  - "));
}

/** A text or a list instead of a group may be broken JSON or YAML with passwords. */
function brokenGroup(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value !== "string" || value === "") return printed(value);
  return `${isJsonLike(value) ? "broken JSON" : "a text"} of ${String(value.length)} characters`;
}

/** Value at a path; `undefined` where the path leads nowhere. */
export function valueAt(raw: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => Reflect.get(Object(value), step), raw);
}

/** Path in dotted form: `["artifacts", "readerRoleArns", 0]` -> `artifacts.readerRoleArns[0]`. */
function dotted(path: Path): string {
  return path
    .map((step, index) =>
      typeof step === "number" ? `[${String(step)}]` : `${index === 0 ? "" : "."}${stepText(step)}`,
    )
    .join("");
}

function stepText(step: PropertyKey): string {
  return printedKey(String(step));
}
