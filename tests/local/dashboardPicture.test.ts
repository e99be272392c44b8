import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { linesOf, parseDashboard } from "../../local/report/dashboardBody";
import { pictureDashboard } from "../../local/report/dashboardData";
import { dashboardSvg } from "../../local/report/dashboardPicture";

const place = { height: 6, width: 12, y: 0 };
const graph = (metrics: unknown[], title = "Traffic") => ({
  ...place,
  properties: { metrics, period: 3600, stat: "Sum", title },
  type: "metric",
  x: 0,
});
const invocations = ["AWS/SageMaker", "Invocations", "EndpointName", "prod", { label: "<prod>" }];
const version = [
  ["ModelDeploy/prod", "ModelVersion", { id: "prod", visible: false }],
  [{ expression: "FILL(prod, REPEAT)", label: "version of prod" }],
];
const alarms = {
  ...place,
  properties: { alarms: ["arn:aws:cloudwatch:r:1:alarm:prod-errors"], title: "Alarms" },
  type: "alarm",
  x: 12,
};
const bodyOf = (...widgets: object[]) => JSON.stringify({ widgets });
const start = new Date("2026-12-05T12:00:00Z");
const end = new Date("2026-12-05T13:00:00Z");
const middle = new Date("2026-12-05T12:30:00Z");
const svgOf = (body: string, value: number) =>
  dashboardSvg(parseDashboard(body), {
    alarmStates: new Map([["prod-errors", "ALARM"]]),
    end,
    pointsOf: () => [{ time: middle, value }],
    start,
  });

describe("dashboardSvg", () => {
  it("draws titles, times, the largest value and a legend, as text", () => {
    const svg = svgOf(bodyOf(graph([invocations])), 2500);
    assert.match(svg, /^<svg xmlns[^>]* viewBox="0 0 1200 240"[^>]*>\n<rect [^>]*fill="#fff"/);
    for (const text of ["Traffic", "2.5k", "12:00 UTC", "13:00", "&lt;prod&gt;"])
      assert.ok(svg.includes(`>${text}</text>`), text);
  });

  it("draws a datapoint at its time and value", () => {
    const [, x, y] =
      /<circle cx="([\d.]+)" cy="([\d.]+)"/.exec(svgOf(bodyOf(graph([invocations])), 4)) ?? [];
    // The middle of the plot, at its top.
    assert.deepEqual([x, y], ["321.0", "42.0"]);
  });

  it("continues a repeated metric to the end", () => {
    const [, points] = /<polyline points="([^"]+)"/.exec(svgOf(bodyOf(graph(version)), 3)) ?? [];
    assert.equal(points, "321.0,42.0 582.0,42.0");
  });

  it("draws each alarm with its state", () => {
    const svg = svgOf(bodyOf(alarms), 0);
    assert.ok(svg.includes(">prod-errors: ALARM</text>"));
    assert.ok(svg.includes('fill="#b3261e"'));
  });
});

describe("linesOf", () => {
  it("reads namespace, name, dimensions and statistic, and rejects other expressions", () => {
    const [widget] = parseDashboard(bodyOf(graph([invocations]))).widgets;
    assert.ok(widget?.type === "metric");
    const metric = {
      dimensions: { EndpointName: "prod" },
      metric: "Invocations",
      namespace: "AWS/SageMaker",
      period: 3600,
      stat: "Sum",
    };
    assert.deepEqual(linesOf(widget.properties), [{ label: "<prod>", metric, repeats: false }]);
    const other = { ...widget.properties, metrics: [[{ expression: "a + b" }]] };
    assert.throws(() => linesOf(other), { message: "the picture cannot show a + b" });
  });
});

describe("pictureDashboard", () => {
  const root = mkdtempSync(join(tmpdir(), "dashboard-"));
  after(() => {
    rmSync(root, { recursive: true });
  });

  it("writes the picture of the metrics into the folder of local runs", async () => {
    const asked: unknown[] = [];
    const cloudwatch = {
      describeAlarms: () => Promise.resolve({ MetricAlarms: [] }),
      getDashboard: () => Promise.resolve({ DashboardBody: bodyOf(graph(version), alarms) }),
      getMetricData: ({ MetricDataQueries }: { MetricDataQueries: object[] }) => {
        asked.push(...MetricDataQueries);
        return Promise.resolve({ MetricDataResults: [{ Timestamps: [middle], Values: [3] }] });
      },
    };
    const file = await pictureDashboard(
      cloudwatch as unknown as Parameters<typeof pictureDashboard>[0],
      "mlops-churn--dev",
      { end, root, start },
    );
    assert.equal(file, join(root, ".local", "dashboard.svg"));
    assert.ok(readFileSync(file, "utf8").includes("321.0,42.0 582.0,42.0"));
    const Metric = { Dimensions: [], MetricName: "ModelVersion", Namespace: "ModelDeploy/prod" };
    assert.deepEqual(asked, [{ Id: "m1", MetricStat: { Metric, Period: 60, Stat: "Sum" } }]);
  });
});
