import { setTimeout as sleep } from "node:timers/promises";

import type { MetricAlarm, MetricDataQuery } from "@aws-sdk/client-cloudwatch";

import type { Other } from "../beside";
import { authorizedClients, ownerClients } from "../../iam/clients";
import type { AwsContext } from "../../iam/contract";
import type { ServiceEvent } from "../eventbridge/serviceEvent";
import { MINUTE_MS, realMs } from "../simulatedTime";
import type { Timeline } from "../timeline";
import { type AlarmChange, alarmEvent, alarmMessage } from "./alarmChange";
import { type Datapoint, alarmState, evaluationRange } from "./alarmState";

const LOOK_EVERY_MS = 50;

/** With what alarms are simulated. */
interface AlarmSite {
  readonly context: AwsContext;
  readonly timeline: Timeline;
  /** Sends an event to EventBridge. */
  readonly send: (event: ServiceEvent) => Promise<unknown>;
}

/** CloudWatch's side of alarms: evaluates those of one metric at the end of each simulated minute. */
export function alarmsOf(site: AlarmSite): Other {
  let evaluated = 0;
  return async (isOver) => {
    while (!isOver()) {
      const minute = Math.floor(Date.now() / MINUTE_MS);
      if (minute > evaluated) {
        evaluated = minute;
        await evaluateAlarms(new Date(minute * MINUTE_MS), site);
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal: site.context.signal });
    }
  };
}

/** Evaluates each alarm on the periods that have ended by then. */
export async function evaluateAlarms(end: Date, site: AlarmSite): Promise<void> {
  const cloudwatch = await ownerClients(site.context).cloudwatch();
  const { MetricAlarms = [] } = await cloudwatch.describeAlarms({});
  const alarms = MetricAlarms.filter(isSimulated);
  if (alarms.length === 0) return;
  const ranges = await datapointsOf(alarms, end, site.context);
  for (const [index, alarm] of alarms.entries()) {
    const state = alarmState(alarm, ranges[index] ?? []);
    if (state.value !== alarm.StateValue) await change({ alarm, at: new Date(), state }, site);
  }
}

/** Those of Application Auto Scaling start policies: nothing here scales. */
function isSimulated({ AlarmName = "", MetricName }: MetricAlarm): boolean {
  return MetricName !== undefined && !AlarmName.startsWith("TargetTracking-");
}

/** Periods of each alarm's evaluation range, the newest last. */
async function datapointsOf(
  alarms: readonly MetricAlarm[],
  end: Date,
  context: AwsContext,
): Promise<readonly (readonly Datapoint[])[]> {
  const windows = alarms.map((alarm) => {
    const period = realMs(alarm.Period ?? 60);
    // Periods of more than a minute end at their own boundary.
    const last = Math.floor(end.getTime() / period) - 1;
    return { first: last - evaluationRange(alarm) + 1, last, period };
  });
  const { MetricDataResults = [] } = await (
    await ownerClients(context).cloudwatch()
  ).getMetricData({
    StartTime: new Date(Math.min(...windows.map(({ first, period }) => first * period))),
    EndTime: end,
    MetricDataQueries: alarms.map(queryOf),
  });
  return windows.map(({ first, last, period }, index) => {
    const { Timestamps = [], Values = [] } =
      MetricDataResults.find(({ Id }) => Id === idOf(index)) ?? {};
    const known = new Map(
      Timestamps.map((at, place) => [Math.round(at.getTime() / period), Values[place]]),
    );
    return Array.from({ length: last - first + 1 }, (_, offset) => known.get(first + offset));
  });
}

function queryOf(alarm: MetricAlarm, index: number): MetricDataQuery {
  const { Dimensions, ExtendedStatistic, MetricName, Namespace, Period, Statistic } = alarm;
  return {
    Id: idOf(index),
    MetricStat: {
      Metric: { Dimensions, MetricName, Namespace },
      Period,
      Stat: Statistic ?? ExtendedStatistic,
    },
  };
}

function idOf(index: number): string {
  return `m${index.toString()}`;
}

async function change(it: AlarmChange, { send, context, timeline }: AlarmSite): Promise<void> {
  const { alarm, state } = it;
  const { AlarmName = "" } = alarm;
  await (
    await ownerClients(context).cloudwatch()
  ).setAlarmState({ AlarmName, StateReason: state.reason, StateValue: state.value });
  timeline.note("CloudWatch", `${AlarmName} is ${state.value}: ${state.reason}`);
  await send(alarmEvent(context, it));
  if (alarm.ActionsEnabled === false) return;
  const { AlarmActions, InsufficientDataActions, OKActions } = alarm;
  const actions = {
    ALARM: AlarmActions,
    OK: OKActions,
    INSUFFICIENT_DATA: InsufficientDataActions,
  };
  for (const action of actions[state.value] ?? []) await act(action, it, context);
}

/** In CloudWatch's own name: topic policy and key policy decide. */
async function act(action: string, it: AlarmChange, context: AwsContext): Promise<void> {
  const { AlarmArn: sourceArn = "", AlarmName = "" } = it.alarm;
  if (action.split(":")[2] !== "sns")
    throw new Error(`alarm ${AlarmName}: the local cloud does not simulate the action ${action}`);
  const credentials = context.proxy.actAs({ service: "cloudwatch.amazonaws.com", sourceArn });
  const sns = await authorizedClients(context, credentials).sns();
  await sns.publish({ TopicArn: action, ...alarmMessage(context, it) });
}
