import { strict as assert } from "node:assert";

import type { MetricAlarm, StateValue } from "@aws-sdk/client-cloudwatch";
import { z } from "zod";

import { alarmEvent, alarmMessage } from "../../local/services/cloudwatch/alarmChange";
import {
  type Datapoint,
  alarmState,
  evaluationRange,
} from "../../local/services/cloudwatch/alarmState";
import { evaluateAlarms } from "../../local/services/cloudwatch/alarms";
import { MINUTE_MS, minuteMs } from "../../local/services/simulatedTime";
import { awsContext } from "../support/mocks";
import { contextAt } from "../support/contextAt";
import { type StubAnswer, stubCloud } from "../support/stubCloud";

const above: MetricAlarm = {
  AlarmName: "mlops-churn--dev--prod-errors",
  AlarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:mlops-churn--dev--prod-errors",
  Namespace: "AWS/SageMaker",
  MetricName: "Invocation5XXErrors",
  Statistic: "Sum",
  Period: 60,
  Threshold: 0,
  ComparisonOperator: "GreaterThanThreshold",
  EvaluationPeriods: 1,
  StateValue: "OK",
};

const treatments = ["missing", "ignore", "breaching", "notBreaching"];
const OK = "OK";
const ALARM = "ALARM";
const NONE = "INSUFFICIENT_DATA";
// Stands for the state before.
const same = "same";

// AWS's tables: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
const rows = {
  "3 of 3": {
    needed: 3,
    ranges: {
      "0 - X - X": [OK, OK, OK, OK],
      "- - - - 0": [OK, OK, OK, OK],
      "- - - - -": [NONE, same, ALARM, OK],
      "0 X X - X": [ALARM, ALARM, ALARM, ALARM],
      "- - X - -": [ALARM, same, ALARM, OK],
    },
  },
  "2 of 3": {
    needed: 2,
    ranges: {
      "0 - X - X": [ALARM, ALARM, ALARM, ALARM],
      "0 0 X 0 X": [ALARM, ALARM, ALARM, ALARM],
      "0 - X - -": [OK, OK, ALARM, OK],
      "- - - - 0": [OK, OK, ALARM, OK],
      "- - - X -": [ALARM, same, ALARM, OK],
    },
  },
};

describe("state of a CloudWatch alarm", () => {
  for (const [title, { needed, ranges }] of Object.entries(rows)) {
    for (const [range, expected] of Object.entries(ranges)) {
      it(`is AWS's for ${title} datapoints and ${range}, however missing data are treated`, () => {
        const points = range.split(" ").map((one) => ({ "-": undefined, 0: 0, X: 1 })[one]);
        const alarm = { ...above, DatapointsToAlarm: needed, EvaluationPeriods: 3 };
        for (const before of [OK, ALARM] as const) {
          const states = treatments.map(
            (TreatMissingData) =>
              alarmState({ ...alarm, StateValue: before, TreatMissingData }, points).value,
          );
          assert.deepEqual(
            states,
            expected.map((one) => (one === same ? before : one)),
          );
        }
      });
    }
  }

  const verdict = (...points: Datapoint[]) =>
    alarmState({ ...above, Statistic: "Maximum", TreatMissingData: "breaching" }, points).value;

  it("of a verdict follows the newest datapoint, and is ALARM after three minutes without one", () => {
    assert.equal(evaluationRange(above), 3);
    assert.equal(verdict(1, 1, 0), OK);
    assert.equal(verdict(0, 0, 1), ALARM);
    assert.equal(verdict(0, undefined, undefined), OK);
    assert.equal(verdict(undefined, undefined, undefined), ALARM);
  });

  it("compares as the alarm says, and rejects anomaly detection", () => {
    const at = (ComparisonOperator: MetricAlarm["ComparisonOperator"], value: number) =>
      alarmState({ ...above, ComparisonOperator, Threshold: 5 }, [value]).value;
    const states = [4, 5, 6].map((value) => [
      at("GreaterThanThreshold", value),
      at("GreaterThanOrEqualToThreshold", value),
      at("LessThanThreshold", value),
      at("LessThanOrEqualToThreshold", value),
    ]);
    assert.deepEqual(states, [
      [OK, OK, ALARM, ALARM],
      [OK, ALARM, OK, ALARM],
      [ALARM, ALARM, OK, OK],
    ]);
    assert.throws(() => at("GreaterThanUpperThreshold", 1), /GreaterThanUpperThreshold/);
  });

  it("says how many datapoints crossed the threshold, or that there are none", () => {
    const alarm = { ...above, EvaluationPeriods: 3 };
    assert.match(alarmState(alarm, [0, 1, 2]).reason, /2 out of the last 3 datapoints \[0, 1, 2\]/);
    const breaching = { ...above, TreatMissingData: "breaching" };
    assert.match(alarmState(breaching, []).reason, /no datapoints .* treated as \[Breaching\]/);
  });
});

describe("simulated time", () => {
  it("gives a process that has to wait longer minutes, up to four times as long", () => {
    const minutes = [0.9, 1, 1.5, 4, 20].map((times) => minuteMs(times));
    assert.deepEqual(minutes, [2000, 2000, 3000, 8000, 8000]);
  });
});

describe("change of a CloudWatch alarm", () => {
  const at = new Date("2026-11-23T09:30:12.084Z");
  const state = { value: ALARM, reason: "Threshold Crossed" } as const;

  it("sends EventBridge the alarm with its state before and after", () => {
    const event = alarmEvent(awsContext, { alarm: above, at, state });
    assert.equal(event["detail-type"], "CloudWatch Alarm State Change");
    assert.deepEqual(event.resources, [above.AlarmArn]);
    assert.equal(event.detail.alarmName, above.AlarmName);
    const timestamp = "2026-11-23T09:30:12.084+0000";
    assert.deepEqual(event.detail.state, { ...state, timestamp });
    assert.deepEqual(event.detail.previousState, { timestamp, value: "OK" });
  });

  it("publishes AWS's message to SNS", () => {
    const { Message, Subject } = alarmMessage(awsContext, { alarm: above, at, state });
    const message = z.record(z.string(), z.unknown()).parse(JSON.parse(Message));
    assert.equal(message.AlarmName, above.AlarmName);
    assert.equal(message.NewStateValue, "ALARM");
    assert.equal(message.NewStateReason, state.reason);
    assert.equal(message.OldStateValue, "OK");
    assert.equal(Subject, `ALARM: "${above.AlarmName ?? ""}" in us-east-1`);
  });
});

describe("CloudWatch on the local cloud", () => {
  const end = new Date(1_000_000 * MINUTE_MS);
  const topic = "arn:aws:sns:us-east-1:123456789012:mlops-churn--dev";

  /** Evaluates one alarm on these datapoints, by how many minutes ago they began. */
  async function evaluated(alarm: MetricAlarm, points: Readonly<Record<number, number>>) {
    const state: { value?: unknown } = {};
    const published: unknown[] = [];
    const callers: unknown[] = [];
    const cloud = await stubCloud(({ body, operation }): StubAnswer => {
      if (operation.endsWith("DescribeAlarms")) return [200, { MetricAlarms: [alarm] }];
      if (operation.endsWith("GetMetricData")) {
        const Timestamps = Object.keys(points).map(
          (ago) => (end.getTime() - Number(ago) * MINUTE_MS) / 1000,
        );
        const MetricDataResults = [{ Id: "m0", Timestamps, Values: Object.values(points) }];
        return [200, { MetricDataResults }];
      }
      if (operation.endsWith("SetAlarmState")) state.value = body.StateValue;
      else published.push(body.TopicArn);
      const xml = "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult>";
      return [200, operation === "Publish" ? `${xml}</PublishResponse>` : {}];
    });
    const credentials = { accessKeyId: "ASIA", secretAccessKey: "s", sessionToken: "t" };
    const actAs = (caller: unknown) => {
      callers.push(caller);
      return credentials;
    };
    const events: unknown[] = [];
    try {
      await evaluateAlarms(end, {
        context: contextAt(cloud.endpoint, { actAs }),
        timeline: { note: () => undefined },
        send: ({ detail }) => Promise.resolve(events.push(detail.alarmName)),
      });
    } finally {
      cloud.close();
    }
    return { callers, events, published, state: state.value };
  }

  const notifying = { ...above, ActionsEnabled: true, AlarmActions: [topic] };

  it("sets a changed state, sends its event, and publishes to the topic as the alarm", async () => {
    const seen = await evaluated(notifying, { 1: 3 });
    assert.deepEqual(seen, {
      callers: [{ service: "cloudwatch.amazonaws.com", sourceArn: above.AlarmArn }],
      events: [above.AlarmName],
      published: [topic],
      state: "ALARM",
    });
  });

  it("does nothing about an alarm whose state is the same, or without an action for its state", async () => {
    const inAlarm = { ...notifying, StateValue: "ALARM" as StateValue };
    const same = await evaluated(inAlarm, { 1: 3 });
    assert.deepEqual(same, { callers: [], events: [], published: [], state: undefined });
    const recovered = await evaluated(inAlarm, { 1: 0 });
    assert.deepEqual([recovered.state, recovered.published], ["OK", []]);
    const silent = await evaluated({ ...notifying, ActionsEnabled: false }, { 1: 3 });
    assert.deepEqual([silent.state, silent.published], ["ALARM", []]);
  });

  it("leaves the alarms of Application Auto Scaling alone", async () => {
    const AlarmName = "TargetTracking-endpoint/e/variant/AllTraffic-AlarmHigh-1";
    assert.equal((await evaluated({ ...notifying, AlarmName }, { 1: 3 })).state, undefined);
  });

  it("rejects an action other than SNS", async () => {
    const AlarmActions = ["arn:aws:automate:us-east-1:ec2:stop"];
    await assert.rejects(
      evaluated({ ...notifying, AlarmActions }, { 1: 3 }),
      /does not simulate the action arn:aws:automate/,
    );
  });
});
