import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";

import { type Origin, type ServiceEvent, serviceEvent } from "../eventbridge/serviceEvent";
import type { AlarmState } from "./alarmState";

/** An alarm as it was, and its new state. */
export interface AlarmChange {
  readonly alarm: MetricAlarm;
  readonly at: Date;
  readonly state: AlarmState;
}

/**
 * Event that CloudWatch sends when the state of an alarm changes.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function alarmEvent(origin: Origin, { alarm, at, state }: AlarmChange): ServiceEvent {
  const { AlarmArn = "", MetricName: name, Namespace: namespace, Period, Statistic } = alarm;
  const dimensions = Object.fromEntries(
    (alarm.Dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value]),
  );
  const metric = { dimensions, name, namespace };
  const metricStat = { metric, period: Period, stat: Statistic };
  return serviceEvent(origin, {
    source: "aws.cloudwatch",
    detailType: "CloudWatch Alarm State Change",
    resources: [AlarmArn],
    detail: {
      alarmName: alarm.AlarmName,
      configuration: {
        description: alarm.AlarmDescription,
        metrics: [{ id: "m1", metricStat, returnData: true }],
      },
      previousState: {
        value: alarm.StateValue,
        reason: alarm.StateReason,
        timestamp: alarmTime(alarm.StateUpdatedTimestamp ?? at),
      },
      state: { value: state.value, reason: state.reason, timestamp: alarmTime(at) },
    },
  });
}

/** What the SNS action of an alarm publishes. */
export function alarmMessage(
  { accountId, region }: Origin,
  { alarm, at, state }: AlarmChange,
): { readonly Message: string; readonly Subject: string } {
  const { AlarmName = "", Dimensions = [], StateValue } = alarm;
  const message = {
    AlarmName,
    AlarmDescription: alarm.AlarmDescription ?? null,
    AWSAccountId: accountId,
    NewStateValue: state.value,
    NewStateReason: state.reason,
    StateChangeTime: alarmTime(at),
    Region: region,
    AlarmArn: alarm.AlarmArn,
    OldStateValue: StateValue,
    OKActions: alarm.OKActions ?? [],
    AlarmActions: alarm.AlarmActions ?? [],
    InsufficientDataActions: alarm.InsufficientDataActions ?? [],
    Trigger: {
      MetricName: alarm.MetricName,
      Namespace: alarm.Namespace,
      StatisticType: "Statistic",
      Statistic: alarm.Statistic?.toUpperCase(),
      Dimensions: Dimensions.map(({ Name, Value }) => ({ value: Value, name: Name })),
      Period: alarm.Period,
      EvaluationPeriods: alarm.EvaluationPeriods,
      DatapointsToAlarm: alarm.DatapointsToAlarm,
      ComparisonOperator: alarm.ComparisonOperator,
      Threshold: alarm.Threshold,
      TreatMissingData: alarm.TreatMissingData,
    },
  };
  return {
    Message: JSON.stringify(message),
    // SNS takes 100 characters.
    Subject: `${state.value}: "${AlarmName}" in ${region}`.slice(0, 100),
  };
}

/** A moment as CloudWatch writes it: `2026-11-23T09:30:12.084+0000`. */
function alarmTime(moment: Date): string {
  return moment.toISOString().replace("Z", "+0000");
}
