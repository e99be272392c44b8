import type { Plan, Step } from "./plan";

/** GitHub takes 65,536 characters; the rest is for what it may count differently. */
const LIMIT = 65_000;

/** Lines of one list; beyond that, the diff tells. */
const MOST_LISTED = 25;

/** In the order in which a reviewer wants to see them: what cannot be undone comes first. */
const kinds: readonly (readonly [operation: string, heading: string, does: string])[] = [
  ["delete", "Deleted", "to delete"],
  ["replace", "Replaced", "to replace"],
  ["update", "Changed", "to change"],
  ["import", "Imported", "to import"],
  ["create", "Made", "to make"],
];

/**
 * A plan as a comment for reviewers, in Markdown; its diff is cut where GitHub would refuse it.
 * @param source where it comes from, for example a link to the run
 */
export function planComment(plan: Plan, source: string, limit = LIMIT): string {
  const head = [
    `### Stack \`${plan.stackName}\`: ${summaryOf(plan)}`,
    ...(plan.error === undefined ? [] : ["The preview failed:", fenced(cut(plan.error, 5000))]),
    ...listed("Refused by the policy pack", plan.refused.map(inLine)),
    ...kinds.flatMap(([operation, heading]) => listed(heading, stepsOf(plan, operation).map(line))),
    ...listed(
      "Also",
      others(plan).map((step) => `${step.operation} ${line(step)}`),
    ),
  ];
  const foot = `<sub>${source}</sub>`;
  const text = head.join("\n\n");
  const room = limit - text.length - foot.length - 200;
  return [text, details(plan.diff, room), foot].filter((part) => part !== "").join("\n\n");
}

/** "1 to delete, 2 to change, 40 unchanged". */
export function summaryOf(plan: Plan): string {
  if (plan.error !== undefined) return "preview failed";
  const counts = kinds.map(([operation, , does]) => [stepsOf(plan, operation).length, does]);
  const parts = [
    ...(plan.refused.length > 0 ? [`${String(plan.refused.length)} refused`] : []),
    ...counts
      .filter(([count]) => count !== 0)
      .map(([count, does]) => `${String(count)} ${String(does)}`),
    ...(others(plan).length > 0 ? [`${String(others(plan).length)} other`] : []),
  ];
  return [
    ...(parts.length > 0 ? parts : ["no changes"]),
    `${String(plan.unchanged)} unchanged`,
  ].join(", ");
}

function stepsOf({ steps }: Plan, operation: string): Step[] {
  return steps.filter((step) => step.operation === operation);
}

function others({ steps }: Plan): Step[] {
  return steps.filter((step) => kinds.every(([operation]) => operation !== step.operation));
}

function line({ because, name, type }: Step): string {
  const why = because.length === 0 ? "" : `, for ${inLine(because.join(", "))}`;
  return `${inLine(name)} (${type})${why}`;
}

function listed(heading: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const shown = lines.slice(0, MOST_LISTED).map((one) => `- ${one}`);
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
      ? `, its first ${String(kept.length)} of ${String(lines.length)} lines; the run's log has all`
      : "";
  return `<details><summary>The diff${note}</summary>\n\n${fenced(kept.join("\n"))}\n\n</details>`;
}

function linesWithin(lines: readonly string[], room: number): string[] {
  let left = room;
  const end = lines.findIndex((one) => (left -= one.length + 1) < 0);
  return lines.slice(0, end < 0 ? lines.length : end);
}

/** In a fence longer than any that the text has, so that nothing in it becomes Markdown. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function code(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}

/** A sentence of several lines in one, with nothing that GitHub would take for a mention or for HTML. */
function inLine(text: string): string {
  return code(cut(text.replace(/\s+/g, " "), 400));
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)} ...`;
}
