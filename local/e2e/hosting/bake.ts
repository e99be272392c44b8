import { setTimeout as sleep } from "node:timers/promises";

import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { DeploymentConfig } from "@aws-sdk/client-sagemaker";

/** Looks at these alarms; those that are not there are left out. */
export type AlarmsNamed = (names: string[]) => Promise<readonly MetricAlarm[]>;

// AWS waits for minutes.
const BAKE_MS = 200;

/**
 * Watches the alarms of an update for as long as its new fleet bakes; returns why it must be rolled back, undefined if
 * it may go on.
 * @param meanwhile what happens while it bakes
 */
export async function bake(
  config: DeploymentConfig | undefined,
  look: AlarmsNamed,
  meanwhile: () => Promise<void> = () => sleep(BAKE_MS),
): Promise<string | undefined> {
  const alarms = config?.AutoRollbackConfiguration?.Alarms ?? [];
  const names = alarms.flatMap(({ AlarmName }) => AlarmName ?? []);
  const before = await raised(names, look);
  if (before !== undefined) return before;
  await meanwhile();
  return raised(names, look);
}

async function raised(names: string[], look: AlarmsNamed): Promise<string | undefined> {
  if (names.length === 0) return undefined;
  const alarms = await look(names);
  const known = alarms.map(({ AlarmName }) => AlarmName);
  const missing = names.filter((name) => !known.includes(name));
  if (missing.length > 0)
    return `Alarms of the auto rollback configuration do not exist: ${missing.join(", ")}.`;
  const inAlarm = alarms.filter(({ StateValue }) => StateValue === "ALARM");
  if (inAlarm.length === 0) return undefined;
  const which = inAlarm.map(({ AlarmName }) => AlarmName).join(", ");
  return `Alarms of the auto rollback configuration went into ALARM: ${which}.`;
}
