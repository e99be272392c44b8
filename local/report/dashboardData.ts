import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { CloudWatch } from "@aws-sdk/client-cloudwatch";

import { type GraphMetric, linesOf, parseDashboard } from "./dashboardBody";
import { dashboardSvg, type Datapoint } from "./dashboardPicture";

/**
 * Picture of a dashboard of the local cloud between two times, in the folder of local runs; returns
 * its path.
 */
export async function pictureDashboard(
  cloudwatch: Pick<CloudWatch, "describeAlarms" | "getDashboard" | "getMetricData">,
  DashboardName: string,
  { end, root, start }: { end: Date; root?: string; start: Date },
): Promise<string> {
  const { DashboardBody = "" } = await cloudwatch.getDashboard({ DashboardName });
  const body = parseDashboard(DashboardBody);
  const { MetricAlarms = [] } = await cloudwatch.describeAlarms({});
  const found = new Map<string, readonly Datapoint[]>();
  const graphs = body.widgets.filter((widget) => widget.type === "metric");
  for (const { metric } of graphs.flatMap(({ properties }) => linesOf(properties)))
    found.set(JSON.stringify(metric), await datapointsOf(cloudwatch, metric, { end, start }));
  const svg = dashboardSvg(body, {
    alarmStates: new Map(MetricAlarms.map((it) => [it.AlarmName ?? "", it.StateValue ?? ""])),
    end,
    pointsOf: (metric) => found.get(JSON.stringify(metric)) ?? [],
    start,
  });
  return writeDashboard(svg, root);
}

async function datapointsOf(
  cloudwatch: Pick<CloudWatch, "getMetricData">,
  { dimensions, metric, namespace, period, stat }: GraphMetric,
  { end, start }: { end: Date; start: Date },
): Promise<Datapoint[]> {
  const { MetricDataResults = [] } = await cloudwatch.getMetricData({
    EndTime: end,
    MetricDataQueries: [
      {
        Id: "m1",
        MetricStat: {
          Metric: {
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
            MetricName: metric,
            Namespace: namespace,
          },
          // A run takes minutes: periods of an hour would show one datapoint.
          Period: Math.min(period, 60),
          Stat: stat,
        },
      },
    ],
    StartTime: start,
  });
  const { Timestamps = [], Values = [] } = MetricDataResults[0] ?? {};
  return Timestamps.map((time, index) => ({ time, value: Values[index] ?? 0 }));
}

/** Writes the picture into the folder of local runs; returns its path. */
function writeDashboard(svg: string, root = join(__dirname, "..", "..")): string {
  const folder = join(root, ".local");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "dashboard.svg");
  writeFileSync(file, svg);
  return file;
}
