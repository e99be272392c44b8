import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

type Path = readonly PropertyKey[];

/** Validation problems, one a line: key, rule, example, actual value. */
export function problemsOf(raw: unknown, issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.flatMap(({ code, message, path }) => {
    if (code === "unrecognized_keys") {
      return message.split("\n").map((line) => [...path.map(String), line].join("."));
    }
    return [problem(dotted(path), message, valueAt(raw, path))];
  });
}

/** Text of one validation problem. */
export function problem(key: string, rule: string, value: unknown): string {
  return `${key} ${rule}; got ${value === undefined ? "nothing" : JSON.stringify(value)}`;
}

/** Validation error with all problems, one a line. Pulumi prints it without a stack trace. */
export function validationError(where: string, problems: readonly string[]): pulumi.RunError {
  const count = problems.length === 1 ? "1 problem" : `${String(problems.length)} problems`;
  return new pulumi.RunError([`${count} in ${where}:`, ...problems].join("\n  - "));
}

function valueAt(raw: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => Reflect.get(Object(value), step), raw);
}

/** Path in dotted form: `["artifacts", "readerRoleArns", 0]` -> `artifacts.readerRoleArns[0]`. */
function dotted(path: Path): string {
  return path
    .map((step, index) =>
      typeof step === "number" ? `[${String(step)}]` : `${index === 0 ? "" : "."}${String(step)}`,
    )
    .join("");
}
