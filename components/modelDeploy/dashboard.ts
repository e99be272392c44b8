import * as pulumi from "@pulumi/pulumi";

import type { Names } from "../names/names";
import { cloudWatchDashboard } from "../parts/cloudWatchDashboard";
import type { DeploySettings } from "../validation/resolveSettings";
import {
  endpointGraphs,
  type Graph,
  latencyGraph,
  pipelineGraphs,
  versionGraph,
} from "./dashboardGraphs";

interface DashboardArgs {
  names: pulumi.Output<Names>;
  settings: Pick<DeploySettings, "alarms">;
  /** Project name and ID, for example `churn (dev)`. */
  title: string;
}

/**
 * CloudWatch dashboard of the project: alarms, traffic, errors, latency, deployed versions, pipeline
 * results, undelivered events.
 */
export function dashboard(
  name: string,
  { names, settings, title }: DashboardArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  cloudWatchDashboard(
    `${name}-dashboard`,
    {
      body: pulumi.jsonStringify(names.apply((it) => dashboardBody(it, { ...settings, title }))),
      dashboardName: names.deploy.dashboard,
    },
    opts,
  );
}

interface AlarmStatus {
  alarms: string[];
  title: string;
}

/** A widget on the grid of 24 columns. */
type Widget = { height: number; width: number; x: number; y: number } & (
  { properties: AlarmStatus; type: "alarm" } | { properties: Graph; type: "metric" }
);

const statusHeight = 3;
const graphHeight = 6;
const columns = 24;

/**
 * Body of the dashboard: the state of the alarms, then rows of graphs.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
function dashboardBody(
  names: Names,
  { alarms, title }: Pick<DeploySettings, "alarms"> & { title: string },
): { widgets: Widget[] } {
  const status: Widget = {
    height: statusHeight,
    properties: { alarms: alarmArns(names, alarms), title: `Alarms of ${title}` },
    type: "alarm",
    width: columns,
    x: 0,
    y: 0,
  };
  const rows = [
    endpointGraphs(names, alarms),
    [latencyGraph(names, alarms), versionGraph(names)],
    pipelineGraphs(names),
  ];
  const graphs = rows.flatMap((row, index) =>
    row.map((properties, column): Widget => {
      const width = columns / row.length;
      const y = statusHeight + index * graphHeight;
      return { height: graphHeight, properties, type: "metric", width, x: column * width, y };
    }),
  );
  return { widgets: [status, ...graphs] };
}

/** Not the alarms of the canaries: between deployments these are in ALARM. */
function alarmArns(
  { alarmArn, deploy }: Names,
  { noInvocationsMinutes }: DeploySettings["alarms"],
): string[] {
  const { alarmArns: arns, alarms } = deploy.prod;
  const isCreated = (arn: string) =>
    noInvocationsMinutes > 0 || !arn.endsWith(`:${alarms.invocations}`);
  return [...arns.filter(isCreated), alarmArn];
}
