import { setTimeout as sleep } from "node:timers/promises";

import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { DeploymentConfig } from "@aws-sdk/client-sagemaker";

/** Looks at these alarms; those that are not there are left out. */
export type AlarmsNamed = (names: string[]) => Promise<readonly MetricAlarm[]>;

// AWS waits for minutes.
const BAKE_MS = 200;

/**
 * Watches the alarms of an update for as long as its new fleet bakes, once for each step of the traffic shift; returns
 * why it must be rolled back, undefined if it may go on.
 * @param meanwhile what happens at the first step
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
  for (let step = stepsOf(config); step > 1; step--) {
    const reason = await raised(names, look);
    if (reason !== undefined) return reason;
    await sleep(BAKE_MS);
  }
  return raised(names, look);
}

/**
 * In how many steps the traffic moves over before the last wait: of a canary the one part, of a linear shift each part.
 * @throws Error for parts that are counted in instances
 */
export function stepsOf(config: DeploymentConfig | undefined): number {
  const { LinearStepSize: size, Type } =
    config?.BlueGreenUpdatePolicy?.TrafficRoutingConfiguration ?? {};
  if (Type !== "LINEAR") return 1;
  if (size?.Type !== "CAPACITY_PERCENT" || size.Value === undefined)
    throw new Error("the local cloud simulates only linear steps of type CAPACITY_PERCENT");
  return Math.ceil(100 / size.Value);
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
