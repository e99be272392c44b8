import { z } from "zod";

import { nameRule } from "./environment";
import { problem, valueAt } from "./errors";
import { isRecord, ruleText } from "./fields";
import { references as limit } from "./limits";
import * as patterns from "./patterns";
import { isArn, looksSecret, printedKey } from "./redaction";

const exampleSecret = "churn/token:key";
const exampleParameter = "/churn/url";

/** Settings with references, and what an environment variable of each refers to. */
const kinds = [
  {
    key: "secretsManager",
    pattern: patterns.secretReference,
    rule: ruleText(
      "must be the name or ARN of a secret, then up to three of :json-key, :version-stage and " +
        ":version-id, and must not be the value of the secret",
      exampleSecret,
    ),
  },
  {
    key: "parameterStore",
    pattern: patterns.parameterName,
    rule: ruleText(
      "must be the name of a parameter, and must not be its value, its ARN or a public parameter",
      exampleParameter,
    ),
  },
] as const;

const map = (what: string, example: object) =>
  z.custom<Record<string, string>>(isRecord, {
    error: ruleText(`must be an object of environment variables and ${what}`, example),
  });

/** Secrets by environment variable; see {@link referenceProblems}. */
export const secretsManager = map("secrets", { TOKEN: exampleSecret });

/** Parameters by environment variable; see {@link referenceProblems}. */
export const parameterStore = map("parameters", { URL: exampleParameter });

/** Problems of `build.secretsManager` and `build.parameterStore`. Their values are never printed. */
export function referenceProblems(build: unknown): string[] {
  const isUnused = kinds.every(({ key }) => variablesOf(build, key).length === 0);
  const keys = valueAt(build, ["secretKeyArns"]);
  const needed = ruleText("must be empty without secretsManager and parameterStore", []);
  return [
    ...kinds.flatMap(({ key, pattern, rule }) => kindProblems(build, key, pattern, rule)),
    ...(isUnused && Array.isArray(keys) && keys.length > 0
      ? [problem("build.secretKeyArns", needed, keys)]
      : []),
  ];
}

function kindProblems(build: unknown, kind: string, pattern: RegExp, rule: string): string[] {
  const variables = valueAt(build, [kind]);
  if (!isRecord(variables)) return [];
  const names = Object.keys(variables);
  const tooMany = ruleText(`must have at most ${String(limit.max)} variables`, {});
  return [
    ...(names.length > limit.max ? [problem(`build.${kind}`, tooMany, variables)] : []),
    ...names.flatMap((name) => {
      const value = variables[name];
      const isReference = typeof value === "string" && pattern.test(value) && !isSecret(value);
      const broken =
        nameRule(name) ?? repeatedRule(build, kind, name) ?? (isReference ? undefined : rule);
      return broken === undefined
        ? []
        : [problem(`build.${kind}.${printedKey(name)}`, broken, value)];
    }),
  ];
}

/** By its parts: a secret may be named db-password and have the JSON key value. A URL is no reference. */
function isSecret(reference: string): boolean {
  if (isArn(reference)) return false;
  return reference.includes("://") || reference.split(":").some(looksSecret);
}

/** One variable has one value: that of the first setting. */
function repeatedRule(build: unknown, kind: string, name: string): string | undefined {
  const settings = ["environment", ...kinds.map(({ key }) => key)];
  const first = settings.find((key) => variablesOf(build, key).includes(name));
  return first === undefined || first === kind
    ? undefined
    : ruleText(`must not repeat build.${first}.${name}`, `MY_${name}`);
}

function variablesOf(build: unknown, key: string): string[] {
  const variables = valueAt(build, [key]);
  return isRecord(variables) ? Object.keys(variables) : [];
}
