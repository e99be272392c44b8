import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

type Path = readonly PropertyKey[];

/** Every problem as a line of its own: the key, its rule, an example and the value found. */
export function describe(raw: unknown, issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.flatMap(({ code, message, path }) => {
    if (code === "unrecognized_keys") {
      return message.split("\n").map((line) => [...path.map(String), line].join("."));
    }
    return [problem(dotted(path), message, valueAt(raw, path))];
  });
}

/** One problem in the one form that all of them have. */
export function problem(key: string, rule: string, value: unknown): string {
  return `${key} ${rule}; got ${value === undefined ? "nothing" : JSON.stringify(value)}`;
}

/** An error that Pulumi prints as it stands, without a stack trace: all problems at once, one a line. */
export function refusal(where: string, problems: readonly string[]): pulumi.RunError {
  const count = problems.length === 1 ? "1 problem" : `${String(problems.length)} problems`;
  return new pulumi.RunError([`${count} in ${where}:`, ...problems].join("\n  - "));
}

function valueAt(raw: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => Reflect.get(Object(value), step), raw);
}

/** `["artifacts", "readerRoleArns", 0]` as people write it: `artifacts.readerRoleArns[0]`. */
function dotted(path: Path): string {
  return path
    .map((step, index) =>
      typeof step === "number" ? `[${String(step)}]` : `${index === 0 ? "" : "."}${String(step)}`,
    )
    .join("");
}
