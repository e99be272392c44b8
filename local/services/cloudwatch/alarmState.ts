import type { MetricAlarm, StateValue } from "@aws-sdk/client-cloudwatch";

/** One period of a metric; undefined without data. */
export type Datapoint = number | undefined;

/** A state, and what CloudWatch says of it. */
export interface AlarmState {
  readonly value: StateValue;
  readonly reason: string;
}

/** Periods that CloudWatch reads beyond those that it evaluates, in case that data are missing. */
const EXTRA_PERIODS = 2;

/** How many periods CloudWatch reads. */
export function evaluationRange({ EvaluationPeriods = 1 }: MetricAlarm): number {
  return EvaluationPeriods + EXTRA_PERIODS;
}

/**
 * State of an alarm after these periods, the newest last. Missing data count only as far as the evaluation range has
 * too few data.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function alarmState(alarm: MetricAlarm, range: readonly Datapoint[]): AlarmState {
  const { EvaluationPeriods: periods = 1, StateValue: current = "INSUFFICIENT_DATA" } = alarm;
  const { DatapointsToAlarm: needed = periods, TreatMissingData: treatment = "missing" } = alarm;
  const found = range.filter((point) => point !== undefined).slice(-periods);
  const missing = periods - found.length;
  const breaching = found.filter((point) => isBreaching(alarm, point)).length;
  const state = (value: StateValue): AlarmState => ({
    value,
    reason: reasonOf(alarm, { breaching, found, missing, value }),
  });

  if (breaching + (treatment === "breaching" ? missing : 0) >= needed) return state("ALARM");
  if (missing === 0 || treatment === "breaching" || treatment === "notBreaching")
    return state("OK");
  if (found.length > breaching) return state("OK");
  // From here on, all there is breaches, and is too little.
  if (treatment === "ignore") return state(current);
  if (found.length === 0) return state("INSUFFICIENT_DATA");
  const oldest = range.slice(-periods).findIndex((point) => point !== undefined);
  return state(oldest >= 0 && periods - oldest >= needed ? "ALARM" : "OK");
}

function isBreaching(
  { ComparisonOperator, Threshold: threshold = 0 }: MetricAlarm,
  value: number,
): boolean {
  switch (ComparisonOperator) {
    case "GreaterThanThreshold":
      return value > threshold;
    case "GreaterThanOrEqualToThreshold":
      return value >= threshold;
    case "LessThanThreshold":
      return value < threshold;
    case "LessThanOrEqualToThreshold":
      return value <= threshold;
    default:
      throw new Error(
        `the local cloud does not simulate the comparison ${ComparisonOperator ?? ""} of an alarm`,
      );
  }
}

interface Evaluated {
  readonly breaching: number;
  readonly found: readonly number[];
  readonly missing: number;
  readonly value: StateValue;
}

function reasonOf(
  { Threshold: threshold = 0, TreatMissingData }: MetricAlarm,
  { breaching, found, missing, value }: Evaluated,
): string {
  if (value === "INSUFFICIENT_DATA") return `Insufficient Data: ${counted(missing)} were unknown.`;
  if (found.length === 0) {
    const treated = TreatMissingData === "breaching" ? "Breaching" : "NonBreaching";
    return `Threshold Crossed: no datapoints were received for ${missing.toString()} periods and ${counted(missing)} were treated as [${treated}].`;
  }
  const out = `${breaching.toString()} out of the last ${found.length.toString()} datapoints`;
  return `Threshold Crossed: ${out} [${found.join(", ")}] crossed the threshold (${threshold.toString()}).`;
}

function counted(count: number): string {
  return `${count.toString()} missing datapoints`;
}
