import { type Markup, markup, secondsText, tableOf } from "./markup";
import type { StepRecord } from "./record";

/** Bar of the picture; the bar of an event without a duration is a mark of the least width. */
interface Bar {
  readonly start: number;
  readonly end: number;
  /** Where the page has more about it. */
  readonly anchor: string;
  readonly title: string;
  readonly kind: "event" | "failed" | "passed";
  /** Shown in the bar, if it is wide enough. */
  readonly label?: string;
}

interface Lane {
  readonly name: string;
  readonly bars: readonly Bar[];
}

const chart = { bottom: 22, left: 8, right: 32, width: 920 };
const mark = { height: 12, width: 6 };
const row = 15;
const lanePadding = 6;
const labelWidth = 18;
const nameWidth = 110;

/** Anchor of a step on the page. */
export function stepAnchor(step: number): string {
  return `step-${(step + 1).toString()}`;
}

/** Anchor of an event of a step on the page. */
export function eventAnchor(step: number, event: number): string {
  return `${stepAnchor(step)}-event-${(event + 1).toString()}`;
}

/** Timeline of the steps and of the events of each actor: a picture, and the same as a table. */
export function timelineOf(steps: readonly StepRecord[]): Markup {
  const [stepLane, ...actors] = lanesOf(steps);
  const total = Math.max(1, ...[stepLane, ...actors].flatMap(({ bars }) => bars.map((b) => b.end)));
  const events = actors.reduce((sum, { bars }) => sum + bars.length, 0);
  const rows = actors.map(({ bars, name }) => [
    name,
    bars.length.toString(),
    secondsText(Math.min(...bars.map(({ start }) => start))),
    secondsText(Math.max(...bars.map(({ end }) => end))),
  ]);
  return markup`<figure>
${pictureOf([stepLane, ...actors], total)}
<figcaption id="timeline-text">${steps.length} steps and ${events} events of ${actors.length} actors in ${secondsText(total)}.
A bar is a step, or an event with its duration; it links to its row under Steps.</figcaption>
<details><summary>Timeline as a table</summary>
${tableOf(["Actor", "Events", "First start", "Last end"], rows)}</details>
</figure>
`;
}

/** Lane of the steps, then a lane of each actor in the order of their first events. */
function lanesOf(steps: readonly StepRecord[]): [Lane, ...Lane[]] {
  const stepBars = steps.map(({ failure, seconds, start, title }, step): Bar => {
    const number = (step + 1).toString();
    return {
      anchor: stepAnchor(step),
      end: start + seconds,
      kind: failure === undefined ? "passed" : "failed",
      label: number,
      start,
      title: `Step ${number}, ${secondsText(seconds)}: ${title}`,
    };
  });
  const actors = new Map<string, Bar[]>();
  steps.forEach(({ entries }, step) => {
    entries.forEach(({ seconds, start = seconds, what, who }, event) => {
      const time = start < seconds ? `${secondsText(start)} to ` : "";
      const bar: Bar = {
        anchor: eventAnchor(step, event),
        end: seconds,
        kind: "event",
        start,
        title: `${who}, ${time}${secondsText(seconds)}: ${what}`,
      };
      actors.set(who, [...(actors.get(who) ?? []), bar]);
    });
  });
  return [
    { bars: stepBars, name: "Steps" },
    ...[...actors].map(([name, bars]) => ({ bars, name })),
  ];
}

/** Names of the lanes, which stay in place, beside the lanes, which scroll. */
function pictureOf(lanes: readonly Lane[], total: number): Markup {
  const xOf = (seconds: number) => chart.left + (seconds / total) * chart.width;
  const drawn = lanes.map(({ bars, name }) => ({ name, rows: rowsOf(bars, xOf) }));
  const heights = drawn.map(({ rows }) => rows.length * row + lanePadding);
  const topOf = (lane: number) => heights.slice(0, lane).reduce((sum, height) => sum + height, 0);
  const bottom = topOf(lanes.length);
  const height = bottom + chart.bottom;
  const width = chart.left + chart.width + chart.right;
  const names = lanes.map(
    ({ name }, lane) => markup`<text x="0" y="${topOf(lane) + 15}">${name}</text>\n`,
  );
  const lines = lanes.map(
    (_, lane) => markup`<path class="line" d="M0 ${topOf(lane + 1)}h${width}"/>\n`,
  );
  const content = drawn.map(({ name, rows }, lane) => {
    const bars = rows.flatMap((one, index) =>
      one.map((bar) => barOf(bar, topOf(lane) + lanePadding / 2 + index * row, xOf)),
    );
    return markup`<g role="group" aria-label="${name}">\n${bars}</g>\n`;
  });
  return markup`<div class="timeline" tabindex="0" role="group" aria-label="Timeline" aria-describedby="timeline-text">
<svg class="names" width="${nameWidth}" height="${height}" aria-hidden="true">${names}</svg>
<svg width="${width}" height="${height}">
${lines}${axisOf(total, bottom, xOf)}${content}</svg>
</div>`;
}

function barOf({ anchor, end, kind, label, start, title }: Bar, y: number, xOf: Place): Markup {
  const x = xOf(start);
  const width = Math.max(mark.width, xOf(end) - x);
  const text =
    label === undefined || width < labelWidth
      ? ""
      : markup`<text x="${(x + width / 2).toFixed(1)}" y="${y + 10}">${label}</text>`;
  return markup`<a class="${kind}" href="#${anchor}" tabindex="-1"><title>${title}</title><rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${mark.height}" rx="2"/>${text}</a>\n`;
}

type Place = (seconds: number) => number;

/** Bars in as few rows as hold them beside each other. */
function rowsOf(bars: readonly Bar[], xOf: Place): Bar[][] {
  const rows: { bars: Bar[]; right: number }[] = [];
  for (const bar of [...bars].sort((a, b) => a.start - b.start)) {
    const left = xOf(bar.start);
    let free = rows.find(({ right }) => right <= left);
    if (free === undefined) rows.push((free = { bars: [], right: 0 }));
    free.bars.push(bar);
    free.right = Math.max(left + mark.width, xOf(bar.end));
  }
  return rows.map((one) => one.bars);
}

/** Times in round seconds, at most thirteen. */
function axisOf(total: number, bottom: number, xOf: Place): Markup[] {
  const intervals = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600];
  const interval = intervals.find((one) => total / one <= 12) ?? Math.ceil(total / 12);
  const count = Math.floor(total / interval) + 1;
  return Array.from({ length: count }, (_, tick) => {
    const seconds = tick * interval;
    const x = xOf(seconds).toFixed(1);
    return markup`<path class="line" d="M${x} 0v${bottom + 4}"/><text class="tick" x="${x}" y="${bottom + 18}">${seconds} s</text>\n`;
  });
}
