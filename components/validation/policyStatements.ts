import { z } from "zod";

import { passRole, protections } from "../policies/protections";
import { problem, valueAt } from "./errors";
import { group, inputText, isRecord, listOf, ruleText, text } from "./fields";
import * as limits from "./limits";
import * as patterns from "./patterns";

const exampleStatement = {
  actions: ["s3:GetObject"],
  resources: ["arn:aws:s3:::churn-features/*"],
};
const exampleConditions = { StringEquals: { "aws:ResourceAccount": ["123456789012"] } };

const operators = [
  ...["Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike"].map(
    (it) => `String${it}`,
  ),
  ...["Numeric", "Date"].flatMap((kind) =>
    ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"].map(
      (it) => kind + it,
    ),
  ),
  ...["Equals", "NotEquals", "Like", "NotLike"].map((it) => `Arn${it}`),
  ...["Bool", "BinaryEquals", "IpAddress", "NotIpAddress"],
];
const operator = new RegExp(
  `^((ForAllValues:|ForAnyValue:)?(${operators.join("|")})(IfExists)?|Null)$`,
);

const conditions = z.custom<Record<string, Record<string, string[]>>>(areConditions, {
  error: ruleText(
    "must be an object of condition operators, each with condition keys and lists of texts",
    exampleConditions,
  ),
});

/** Policy statements of a role; see {@link policyStatementProblems}. */
export const policyStatements = z
  .array(
    group(exampleStatement, {
      actions: listOf(
        "actions",
        "s3:GetObject",
        text(
          "must be an IAM action by its full name, without a wildcard",
          "s3:GetObject",
          patterns.iamAction,
        ),
        limits.statementActions,
      ),
      conditions: conditions.default({}),
      resources: listOf(
        "ARNs",
        "arn:aws:s3:::churn-features/*",
        inputText(
          "must be an ARN whose name begins without a wildcard, or *",
          "arn:aws:s3:::churn-features/*",
          patterns.isStatementResource,
        ),
        limits.statementResources,
      ),
    }),
    { error: tooMany },
  )
  .max(limits.few.max, { error: tooMany });

function tooMany(): string {
  return ruleText(`must be a list of at most ${String(limits.few.max)} policy statements`, [
    exampleStatement,
  ]);
}

/** Problems of the policy statements of both roles that a single value does not show. */
export function policyStatementProblems(settings: {
  build?: unknown;
  training?: unknown;
}): string[] {
  const training = valueAt(settings, ["training", "policyStatements"]);
  const hasRole = valueAt(settings, ["training", "executionRoleArn"]) !== undefined;
  const rule = ruleText(
    "must be empty with executionRoleArn: the owner of that role writes its policies",
    [],
  );
  return [
    ...statementsProblems("build", settings.build),
    ...statementsProblems("training", settings.training),
    ...(hasRole && Array.isArray(training) && training.length > 0
      ? [problem("training.policyStatements", rule, training)]
      : []),
  ];
}

function statementsProblems(role: string, settings: unknown): string[] {
  const statements = valueAt(settings, ["policyStatements"]);
  if (!Array.isArray(statements)) return [];
  return statements.flatMap((statement, index) => {
    const key = `${role}.policyStatements[${String(index)}]`;
    const actions = textsOf(valueAt(statement, ["actions"]));
    return actions.flatMap((action, place) =>
      actionProblems(`${key}.actions[${String(place)}]`, action),
    );
  });
}

function actionProblems(key: string, action: string): string[] {
  const broken = [...protections, passRole].find(({ actions }) =>
    actions.some((pattern) => matchesAction(pattern, action)),
  );
  if (broken === undefined) return [];
  const rule = ruleText(`must not be allowed: ${broken.reason}`, "s3:GetObject");
  return [problem(key, rule, action)];
}

/** Whether a pattern of IAM matches an action; IAM ignores the case. */
export function matchesAction(pattern: string, action: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
}

function areConditions(value: unknown): boolean {
  return (
    isRecord(value) &&
    Object.entries(value).every(
      ([name, keys]) =>
        operator.test(name) &&
        isRecord(keys) &&
        Object.keys(keys).length > 0 &&
        Object.entries(keys).every(
          ([key, values]) => patterns.conditionKey.test(key) && isList(values),
        ),
    )
  );
}

function isList(values: unknown): boolean {
  return Array.isArray(values) && values.length > 0 && textsOf(values).length === values.length;
}

function textsOf(values: unknown): string[] {
  return Array.isArray(values) ? values.filter((it) => typeof it === "string") : [];
}
