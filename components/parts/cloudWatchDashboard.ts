import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface CloudWatchDashboardArgs {
  /** JSON. */
  body: pulumi.Input<string>;
  dashboardName: pulumi.Input<string>;
}

/** CloudWatch dashboard. */
export function cloudWatchDashboard(
  name: string,
  { body, dashboardName }: CloudWatchDashboardArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  new aws.cloudwatch.Dashboard(name, { dashboardName, dashboardBody: body }, opts);
}
