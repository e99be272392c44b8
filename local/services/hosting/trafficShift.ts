import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { DeploymentConfig, VariantStatus } from "@aws-sdk/client-sagemaker";

/** Looks at these alarms; those that are not there are left out. */
export type AlarmsNamed = (names: string[]) => Promise<readonly MetricAlarm[]>;

/** How SageMaker shifts traffic to the new fleet. */
export interface Shifting {
  readonly alarms: AlarmsNamed;
  /** Sends this share of the traffic to the new fleet from now on. */
  readonly route: (share: number) => void;
  /** Shows the status of the variant of the new fleet. */
  readonly show: (status: VariantStatus) => Promise<void>;
  /** Waits for so many seconds of AWS. */
  readonly wait: (seconds: number) => Promise<void>;
}

/** A part of the traffic, and the time until the next one. */
interface Step {
  readonly share: number;
  readonly seconds: number;
}

// How often SageMaker looks at the alarms while it waits.
const LOOK_EVERY_SECONDS = 10;

/**
 * Shifts the traffic step by step; returns why SageMaker must roll back, undefined if it may end the old fleet.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green.html
 */
export async function shiftTraffic(
  config: DeploymentConfig | undefined,
  { alarms, route, show, wait }: Shifting,
): Promise<string | undefined> {
  const names = (config?.AutoRollbackConfiguration?.Alarms ?? []).flatMap(
    ({ AlarmName }) => AlarmName ?? [],
  );
  const before = await raised(names, alarms);
  if (before !== undefined) return before;
  for (const { seconds, share } of stepsOf(config)) {
    await show("ActivatingTraffic");
    route(share);
    await show("Baking");
    for (let left = seconds; left > 0; left -= LOOK_EVERY_SECONDS) {
      await wait(Math.min(left, LOOK_EVERY_SECONDS));
      const reason = await raised(names, alarms);
      if (reason !== undefined) return reason;
    }
  }
  return undefined;
}

/**
 * Parts in which the traffic shifts; the last one has all of it, and lasts until the old fleet ends.
 * @throws Error for parts that are counted in instances
 */
function stepsOf(config: DeploymentConfig | undefined): readonly Step[] {
  const { TerminationWaitInSeconds: last = 0, TrafficRoutingConfiguration: routing } =
    config?.BlueGreenUpdatePolicy ?? {};
  const all = { share: 1, seconds: last };
  const { CanarySize, LinearStepSize, WaitIntervalInSeconds: seconds = 0 } = routing ?? {};
  const size = CanarySize ?? LinearStepSize;
  if (size === undefined) return [all];
  if (size.Type !== "CAPACITY_PERCENT" || size.Value === undefined)
    throw new Error("the local cloud simulates only steps of type CAPACITY_PERCENT");
  const percent = size.Value;
  const count = CanarySize === undefined ? Math.ceil(100 / percent) - 1 : 1;
  const parts = Array.from({ length: count }, (_, index) => ({
    share: ((index + 1) * percent) / 100,
    seconds,
  }));
  return [...parts, all];
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
