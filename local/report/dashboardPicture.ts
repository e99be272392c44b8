import { type DashboardBody, type GraphLine, type GraphMetric, linesOf } from "./dashboardBody";
import { type Markup, markup } from "./markup";

/** Datapoint of a metric. */
export interface Datapoint {
  readonly time: Date;
  readonly value: number;
}

/** What a dashboard shows: datapoints of its metrics, and states of its alarms. */
export interface DashboardData {
  readonly alarmStates: ReadonlyMap<string, string>;
  readonly end: Date;
  readonly pointsOf: (metric: GraphMetric) => readonly Datapoint[];
  readonly start: Date;
}

type Widget = DashboardBody["widgets"][number];

interface Box {
  readonly height: number;
  readonly width: number;
  readonly x: number;
  readonly y: number;
}

const columnPixels = 50;
const rowPixels = 40;
const colors = ["#1f6fb2", "#d9730d", "#2a8f4f", "#b3261e", "#7b52ab", "#5d666f"];

/** Picture of a CloudWatch dashboard: an SVG document on white, which needs nothing beside it. */
export function dashboardSvg({ widgets }: DashboardBody, data: DashboardData): string {
  const height = Math.max(0, ...widgets.map((it) => (it.y + it.height) * rowPixels));
  const width = 24 * columnPixels;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"
 font-family="system-ui, sans-serif" font-size="12" fill="#1c2024">
<rect width="${width}" height="${height}" fill="#fff"/>
${widgets.map((widget) => widgetOf(widget, data))}</svg>
`.html;
}

function widgetOf(widget: Widget, data: DashboardData): Markup {
  const x = widget.x * columnPixels + 6;
  const y = widget.y * rowPixels + 6;
  const width = widget.width * columnPixels - 12;
  const height = widget.height * rowPixels - 12;
  const frame = markup`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4"
 fill="none" stroke="#d8dde2"/>
<text x="${x + 10}" y="${y + 20}" font-size="${width < 300 ? 12 : 14}" font-weight="600">${widget.properties.title}</text>
`;
  const content =
    widget.type === "alarm"
      ? widget.properties.alarms.map((arn, index) => alarmOf(arn, index, { x, y }, data))
      : graphOf(linesOf(widget.properties), { height, width, x, y }, data);
  return markup`${frame}${content}`;
}

function alarmOf(
  arn: string,
  index: number,
  { x, y }: { x: number; y: number },
  { alarmStates }: DashboardData,
): Markup {
  const name = arn.replace(/^.*:alarm:/, "");
  const state = alarmStates.get(name) ?? "INSUFFICIENT_DATA";
  const color = { ALARM: "#b3261e", OK: "#14713d" }[state] ?? "#5d666f";
  const left = x + 10 + (index % 3) * 390;
  const top = y + 46 + Math.floor(index / 3) * 24;
  return markup`<rect x="${left}" y="${top - 10}" width="12" height="12" rx="2" fill="${color}"/>
<text x="${left + 18}" y="${top}">${name}: ${state}</text>
`;
}

function graphOf(lines: readonly GraphLine[], box: Box, data: DashboardData): Markup {
  const columns = Math.max(1, Math.floor((box.width - 20) / 190));
  const legend = Math.ceil(lines.length / columns) * 16;
  const plot = {
    height: box.height - 62 - legend,
    width: box.width - 66,
    x: box.x + 54,
    y: box.y + 36,
  };
  const series = lines.map(({ metric, repeats }) => {
    const points = [...data.pointsOf(metric)].sort((a, b) => a.time.getTime() - b.time.getTime());
    return repeats ? repeated(points, data.end) : points;
  });
  const top = Math.max(1, ...series.flat().map(({ value }) => value));
  const color = (index: number) => colors[index % colors.length] ?? "";
  return markup`${axesOf(plot, top, data)}${series.map((points, index) => lineOf(points, color(index), { data, plot, top }))}${lines.map(
    ({ label }, index) => {
      const x = box.x + 10 + (index % columns) * 190;
      const y = plot.y + plot.height + 36 + Math.floor(index / columns) * 16;
      return markup`<rect x="${x}" y="${y - 9}" width="10" height="10" fill="${color(index)}"/>
<text x="${x + 15}" y="${y}" font-size="11">${shortened(label)}</text>
`;
    },
  )}`;
}

/** The end of a long name says more than its beginning. */
function shortened(label: string): string {
  return label.length > 28 ? `…${label.slice(-27)}` : label;
}

function axesOf(plot: Box, top: number, { end, start }: DashboardData): Markup {
  const clock = (time: Date) => time.toISOString().slice(11, 16);
  const bottom = plot.y + plot.height;
  return markup`<path d="M${plot.x} ${plot.y}h${plot.width}M${plot.x} ${bottom}h${plot.width}" stroke="#d8dde2"/>
<text x="${plot.x - 6}" y="${plot.y + 4}" text-anchor="end" fill="#5d666f">${numberOf(top)}</text>
<text x="${plot.x - 6}" y="${bottom + 4}" text-anchor="end" fill="#5d666f">0</text>
<text x="${plot.x}" y="${bottom + 16}" fill="#5d666f">${clock(start)} UTC</text>
<text x="${plot.x + plot.width}" y="${bottom + 16}" text-anchor="end" fill="#5d666f">${clock(end)}</text>
`;
}

function numberOf(value: number): string {
  return value >= 1000
    ? `${String(Math.round(value / 100) / 10)}k`
    : String(Math.round(value * 10) / 10);
}

function lineOf(
  points: readonly Datapoint[],
  color: string,
  { data, plot, top }: { data: DashboardData; plot: Box; top: number },
): Markup {
  const span = Math.max(1, data.end.getTime() - data.start.getTime());
  const places = points.map(({ time, value }) => {
    const x = plot.x + ((time.getTime() - data.start.getTime()) / span) * plot.width;
    return { x: x.toFixed(1), y: (plot.y + plot.height * (1 - value / top)).toFixed(1) };
  });
  const dots = places.map(
    ({ x, y }) => markup`<circle cx="${x}" cy="${y}" r="2.5" fill="${color}"/>`,
  );
  const path = places.map(({ x, y }) => `${x},${y}`).join(" ");
  return markup`<polyline points="${path}" fill="none" stroke="${color}" stroke-width="1.5"/>${dots}
`;
}

/** Steps: each datapoint continues until the next one, the last one to the end. */
function repeated(points: readonly Datapoint[], end: Date): Datapoint[] {
  return points.flatMap((point, index) => [
    point,
    { time: points[index + 1]?.time ?? end, value: point.value },
  ]);
}
