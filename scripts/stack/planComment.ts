import type { Plan, Step } from "./plan";

/** GitHub allows 65,536 characters; the margin is for differences in counting. */
const LIMIT = 65_000;

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
      others(plan).map((step) => `${step.operation} ${line(step)}`),
    ),
  ];
  const foot = `<sub>${source}</sub>`;
  const text = head.join("\n\n");
  const room = limit - text.length - foot.length - 200;
  return [text, details(plan.diff, room), foot].filter((part) => part !== "").join("\n\n");
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
  return `${inLine(name)} (${type})${why}`;
}

function listed(heading: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const shown = lines.slice(0, MAX_LISTED).map((one) => `- ${one}`);
  const rest = lines.length - shown.length;
  const more = rest > 0 ? [`- and ${String(rest)} more`] : [];
  return [`**${heading}**`, [...shown, ...more].join("\n")];
}

function details(diff: string, room: number): string {
  if (diff === "") return "";
  const lines = diff.split("\n");
  const kept = linesWithin(lines, room);
  const note =
    kept.length < lines.length
      ? `, first ${String(kept.length)} of ${String(lines.length)} lines; the run's log has all`
      : "";
  return `<details><summary>Diff${note}</summary>\n\n${fenced(kept.join("\n"))}\n\n</details>`;
}

function linesWithin(lines: readonly string[], room: number): string[] {
  let left = room;
  const end = lines.findIndex((one) => (left -= one.length + 1) < 0);
  return lines.slice(0, end < 0 ? lines.length : end);
}

/** Code block with a fence longer than any in the text, so that no text becomes Markdown. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function code(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}

/** Text on one line as inline code, so that GitHub reads no mention and no HTML in it. */
function inLine(text: string): string {
  return code(cut(text.replace(/\s+/g, " "), 400));
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)} ...`;
}
