import { z } from "zod";

const optionsShape = z.looseObject({
  expression: z.string().optional(),
  id: z.string().optional(),
  label: z.string().optional(),
  stat: z.string().optional(),
  visible: z.boolean().optional(),
});

const placeShape = { height: z.number(), width: z.number(), x: z.number(), y: z.number() };

const bodyShape = z.object({
  widgets: z.array(
    z.discriminatedUnion("type", [
      z.object({
        ...placeShape,
        properties: z.object({ alarms: z.array(z.string()), title: z.string() }),
        type: z.literal("alarm"),
      }),
      z.object({
        ...placeShape,
        properties: z.object({
          metrics: z.array(z.array(z.union([z.string(), optionsShape]))),
          period: z.number(),
          stat: z.string(),
          title: z.string(),
        }),
        type: z.literal("metric"),
      }),
    ]),
  ),
});

/** Body of a CloudWatch dashboard, as far as a picture shows it. */
export type DashboardBody = z.output<typeof bodyShape>;

/** Metric of a graph, with the statistic and the period of its datapoints. */
export interface GraphMetric {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly metric: string;
  readonly namespace: string;
  readonly period: number;
  readonly stat: string;
}

/** Line of a graph. */
export interface GraphLine {
  readonly label: string;
  readonly metric: GraphMetric;
  /** Whether each datapoint continues until the next one. */
  readonly repeats: boolean;
}

/**
 * Body of a dashboard.
 * @throws if it has other widgets than graphs and alarms
 */
export function parseDashboard(json: string): DashboardBody {
  return bodyShape.parse(JSON.parse(json));
}

type Graph = Extract<DashboardBody["widgets"][number], { type: "metric" }>["properties"];

/** Lines of a graph: its visible metrics, and expressions that repeat one. */
export function linesOf({ metrics, period, stat }: Graph): GraphLine[] {
  const parsed = metrics.map((parts) => {
    const [namespace = "", metric = "", ...names] = parts.filter((it) => typeof it === "string");
    const options = parts.find((it) => typeof it !== "string") ?? {};
    const dimensions: Record<string, string> = {};
    for (let at = 0; at + 1 < names.length; at += 2)
      dimensions[names[at] ?? ""] = names[at + 1] ?? "";
    return {
      options,
      metric: { dimensions, metric, namespace, period, stat: options.stat ?? stat },
    };
  });
  return parsed.flatMap(({ metric, options: { expression, label, visible } }): GraphLine[] => {
    if (expression === undefined)
      return visible === false ? [] : [{ label: label ?? metric.metric, metric, repeats: false }];
    const [, id] = /^FILL\((\w+), REPEAT\)$/.exec(expression) ?? [];
    const source = parsed.find(({ options }) => options.id === id && id !== undefined);
    if (source === undefined) throw new Error(`the picture cannot show ${expression}`);
    return [{ label: label ?? expression, metric: source.metric, repeats: true }];
  });
}
