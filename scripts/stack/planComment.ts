import { LIMIT, cut, diffDetails, fenced, inLine } from "../github/markdown";
import type { Plan, Step } from "./plan";

/** Maximum number of lines in a list; the diff has the others. */
const MAX_LISTED = 25;

/** Operations in order of risk: irreversible ones first. */
const kinds: readonly (readonly [operation: string, heading: string, infinitive: string])[] = [
  ["delete", "Deleted", "to delete"],
  ["replace", "Replaced", "to replace"],
  ["update", "Updated", "to update"],
  ["import", "Imported", "to import"],
  ["create", "Created", "to create"],
];

/**
 * Markdown comment for the reviewers of a plan; the diff is cut to GitHub's limit.
 * @param source origin of the plan, for example a link to the workflow run
 */
export function planComment(plan: Plan, source: string, limit = LIMIT): string {
  const head = [
    `### Stack \`${plan.stackName}\`: ${summaryOf(plan)}`,
    ...(plan.error === undefined ? [] : ["The preview failed:", fenced(cut(plan.error, 5000))]),
    ...listed("Policy violations", plan.violations.map(inLine)),
    ...kinds.flatMap(([operation, heading]) => listed(heading, stepsOf(plan, operation).map(line))),
    ...listed(
      "Other",
      others(plan).map((step) => `${inLine(step.operation)} ${line(step)}`),
    ),
  ];
  const foot = `<sub>${source}</sub>`;
  const text = head.join("\n\n");
  const room = limit - text.length - foot.length - 200;
  return [text, diffDetails(plan.diff, room), foot].filter((part) => part !== "").join("\n\n");
}

/** Counts of a plan: "1 to delete, 2 to update, 40 unchanged". */
export function summaryOf(plan: Plan): string {
  if (plan.error !== undefined) return "preview failed";
  const counts = kinds.map(([operation, , infinitive]) => [
    stepsOf(plan, operation).length,
    infinitive,
  ]);
  const parts = [
    ...violationCount(plan),
    ...counts
      .filter(([count]) => count !== 0)
      .map(([count, infinitive]) => `${String(count)} ${String(infinitive)}`),
    ...(others(plan).length > 0 ? [`${String(others(plan).length)} other`] : []),
  ];
  return [
    ...(parts.length > 0 ? parts : ["no changes"]),
    `${String(plan.unchanged)} unchanged`,
  ].join(", ");
}

function violationCount({ violations: { length } }: Plan): string[] {
  if (length === 0) return [];
  return [length === 1 ? "1 policy violation" : `${String(length)} policy violations`];
}

function stepsOf({ steps }: Plan, operation: string): Step[] {
  return steps.filter((step) => step.operation === operation);
}

function others({ steps }: Plan): Step[] {
  return steps.filter((step) => kinds.every(([operation]) => operation !== step.operation));
}

function line({ name, replaceKeys, type }: Step): string {
  const why = replaceKeys.length === 0 ? "" : `, because of ${inLine(replaceKeys.join(", "))}`;
  return `${inLine(name)} (${inLine(type)})${why}`;
}

function listed(heading: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const shown = lines.slice(0, MAX_LISTED).map((one) => `- ${one}`);
  const rest = lines.length - shown.length;
  const more = rest > 0 ? [`- and ${String(rest)} more`] : [];
  return [`**${heading}**`, [...shown, ...more].join("\n")];
}
