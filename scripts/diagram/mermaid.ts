import { type Arrow, arrows } from "./arrows";
import { type Box, groups } from "./boxes";
import { graph } from "./graph";
import { references } from "./references";

/** Arrows from and to persons, which are not in the program. */
const personArrows: readonly Arrow[] = [
  { from: "scientist", to: "repository", label: "git push", isDotted: false },
  { from: "topic", to: "subscribers", label: "mail", isDotted: true },
];

/** Architecture diagram in Mermaid: the program's resources with default settings. */
export async function mermaid(): Promise<string> {
  const all = inOrder([...personArrows, ...arrows(references(await graph()))]);
  const subgraphs = Object.entries(groups).flatMap(([title, boxes], index) => [
    `  subgraph stage${String(index)} ["${title}"]`,
    ...boxes.map((box) => `    ${shape(box)}`),
    "  end",
  ]);
  return [
    `%%{init: ${JSON.stringify({ flowchart: spacing })}}%%`,
    "flowchart TB",
    ...subgraphs,
    ...all.map(line),
    "  classDef code stroke-dasharray: 5 4",
    ...Object.values(groups)
      .flat()
      .filter(({ kind }) => kind === "code")
      .map(({ id }) => `  class ${id} code`),
  ].join("\n");
}

/** Narrow enough for the width of a README. */
const spacing = {
  nodeSpacing: 34,
  padding: 9,
  rankSpacing: 26,
  subGraphTitleMargin: { bottom: 10, top: 2 },
};

/** Arrows in the order of the boxes; those to the bucket last and reversed, to avoid crossings. */
function inOrder(all: readonly Arrow[]): Arrow[] {
  const ids = Object.values(groups).flatMap((boxes) => boxes.map(({ id }) => id));
  const position = ({ from, to }: Arrow) => ids.indexOf(from) * ids.length + ids.indexOf(to);
  const sorted = [...all].sort((a, b) => position(a) - position(b));
  const toBucket = sorted.filter(({ to }) => to === "bucket").reverse();
  return [...sorted.filter(({ to }) => to !== "bucket"), ...toBucket];
}

function shape({ id, kind, label }: Box): string {
  return kind === "person" ? `${id}(["${label}"])` : `${id}["${label}"]`;
}

function line({ from, isDotted, label, to }: Arrow): string {
  return `  ${from} ${isDotted ? "-." : "--"} ${label} ${isDotted ? ".->" : "-->"} ${to}`;
}
