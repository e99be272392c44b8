import { type Arrow, arrows } from "./arrows";
import { type Box, stages } from "./boxes";
import { graph } from "./graph";
import { references } from "./references";

/** What people do: the program cannot know it. */
const byPeople: readonly Arrow[] = [
  { from: "scientist", to: "repository", word: "git push", aside: false },
  { from: "topic", to: "people", word: "mail", aside: true },
];

/** The program's resources and how they work together, with the default settings, in Mermaid. */
export async function picture(): Promise<string> {
  const all = inOrder([...byPeople, ...arrows(references(await graph()))]);
  const groups = Object.entries(stages).flatMap(([title, boxes], index) => [
    `  subgraph stage${String(index)} ["${title}"]`,
    ...boxes.map((box) => `    ${shape(box)}`),
    "  end",
  ]);
  return [
    `%%{init: ${JSON.stringify({ flowchart: spacing })}}%%`,
    "flowchart TB",
    ...groups,
    ...all.map(line),
    "  classDef code stroke-dasharray: 5 4",
    ...Object.values(stages)
      .flat()
      .filter(({ by }) => by === "code")
      .map(({ id }) => `  class ${id} code`),
  ].join("\n");
}

/** Close enough for the whole to be read at a README's width, without scrolling far. */
const spacing = {
  nodeSpacing: 34,
  padding: 9,
  rankSpacing: 26,
  subGraphTitleMargin: { bottom: 10, top: 2 },
};

/** In the story's order, but what is kept last and backwards: then no two arrows cross (looked at). */
function inOrder(all: readonly Arrow[]): Arrow[] {
  const ids = Object.values(stages).flatMap((boxes) => boxes.map(({ id }) => id));
  const place = ({ from, to }: Arrow) => ids.indexOf(from) * ids.length + ids.indexOf(to);
  const sorted = [...all].sort((a, b) => place(a) - place(b));
  const kept = sorted.filter(({ to }) => to === "bucket").reverse();
  return [...sorted.filter(({ to }) => to !== "bucket"), ...kept];
}

function shape({ by, id, label }: Box): string {
  return by === "person" ? `${id}(["${label}"])` : `${id}["${label}"]`;
}

function line({ aside, from, to, word }: Arrow): string {
  return `  ${from} ${aside ? "-." : "--"} ${word} ${aside ? ".->" : "-->"} ${to}`;
}
