import type { ClientOptions } from "../clients";
import type { Row } from "../inventory";

/** Every CloudWatch alarm on a metric. */
export async function alarms(options: ClientOptions): Promise<Row[]> {
  const { CloudWatch, paginateDescribeAlarms } = await import("@aws-sdk/client-cloudwatch");
  const client = new CloudWatch(options);
  const rows: Row[] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, {})) {
    rows.push(
      ...MetricAlarms.map((alarm) => ({
        service: "CloudWatch",
        kind: "alarm",
        name: alarm.AlarmName ?? "",
        detail:
          `${alarm.StateValue ?? ""}, on ${alarm.MetricName ?? ""} and ${String(alarm.Threshold)}, ` +
          ((alarm.AlarmActions ?? []).length === 0 ? "no action" : "notifies"),
      })),
    );
  }
  return rows;
}

/** Every CloudWatch dashboard. */
export async function dashboards(options: ClientOptions): Promise<Row[]> {
  const { CloudWatch, paginateListDashboards } = await import("@aws-sdk/client-cloudwatch");
  const client = new CloudWatch(options);
  const rows: Row[] = [];
  for await (const { DashboardEntries = [] } of paginateListDashboards({ client }, {})) {
    for (const { DashboardName = "" } of DashboardEntries) {
      const { DashboardBody = "{}" } = await client.getDashboard({ DashboardName });
      const count = (DashboardBody.match(/"properties"/g) ?? []).length;
      const detail = `${String(count)} ${count === 1 ? "widget" : "widgets"}`;
      rows.push({ service: "CloudWatch", kind: "dashboard", name: DashboardName, detail });
    }
  }
  return rows;
}

/** Every EventBridge Scheduler group but the account's own, and every schedule. */
export async function schedules(options: ClientOptions): Promise<Row[]> {
  const { Scheduler, paginateListScheduleGroups, paginateListSchedules } =
    await import("@aws-sdk/client-scheduler");
  const client = new Scheduler(options);
  const service = "EventBridge Scheduler";
  const rows: Row[] = [];
  for await (const { ScheduleGroups = [] } of paginateListScheduleGroups({ client }, {})) {
    const own = ScheduleGroups.filter(({ Name }) => Name !== "default");
    rows.push(
      ...own.map(({ Name = "", State = "" }) => ({
        service,
        kind: "schedule group",
        name: Name,
        detail: State.toLowerCase(),
      })),
    );
  }
  for await (const { Schedules = [] } of paginateListSchedules({ client }, {})) {
    for (const { GroupName, Name = "" } of Schedules) {
      const { ScheduleExpression = "", Target } = await client.getSchedule({ GroupName, Name });
      rows.push({
        service,
        kind: "schedule",
        name: `${GroupName ?? ""}/${Name}`,
        detail: `${ScheduleExpression}, calls ${Target?.Arn ?? ""}`,
      });
    }
  }
  return rows;
}
