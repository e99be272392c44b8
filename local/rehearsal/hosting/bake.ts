import { setTimeout as sleep } from "node:timers/promises";

import type { DeploymentConfig } from "@aws-sdk/client-sagemaker";

import type { Clients } from "../clients";

// AWS waits for minutes.
const BAKE_MS = 200;

/**
 * Watches the alarms of an update for as long as its new fleet bakes; returns why it must be rolled back, undefined if
 * it may go on. The alarms are read under the model's role.
 * @param meanwhile what happens while it bakes
 */
export async function bake(
  config: DeploymentConfig | undefined,
  clients: Clients,
  meanwhile: () => Promise<void> = () => sleep(BAKE_MS),
): Promise<string | undefined> {
  const alarms = config?.AutoRollbackConfiguration?.Alarms ?? [];
  const names = alarms.flatMap(({ AlarmName }) => AlarmName ?? []);
  const before = await raised(names, clients);
  if (before !== undefined) return before;
  await meanwhile();
  return raised(names, clients);
}

async function raised(names: readonly string[], clients: Clients): Promise<string | undefined> {
  if (names.length === 0) return undefined;
  const cloudwatch = await clients.cloudwatch();
  const { MetricAlarms = [] } = await cloudwatch.describeAlarms({ AlarmNames: [...names] });
  const known = MetricAlarms.map(({ AlarmName }) => AlarmName);
  const missing = names.filter((name) => !known.includes(name));
  if (missing.length > 0) return `There are no alarms ${missing.join(", ")} to look at.`;
  const inAlarm = MetricAlarms.filter(({ StateValue }) => StateValue === "ALARM");
  if (inAlarm.length === 0) return undefined;
  const which = inAlarm.map(({ AlarmName }) => AlarmName).join(", ");
  return `Alarms of the auto rollback configuration went into ALARM: ${which}.`;
}
