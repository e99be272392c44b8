import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";

import { fire } from "../../local/services/scheduler/fire";
import { type Schedule, scheduleOf } from "../../local/services/scheduler/schedule";
import { contextAt } from "../support/contextAt";
import { type StubAnswer, type StubCall, stubCloud } from "../support/stubCloud";

const account = "us-east-1:123456789012";
const groupArn = `arn:aws:scheduler:${account}:schedule-group/staging`;
const roleArn = "arn:aws:iam::123456789012:role/expire-staging";
const target = {
  Arn: "arn:aws:scheduler:::aws-sdk:sagemaker:deleteEndpoint",
  DeadLetterConfig: { Arn: `arn:aws:sqs:${account}:undelivered` },
  Input: '{"EndpointName":"churn-staging"}',
  RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 2 },
  RoleArn: roleArn,
};
const schedule: Schedule = {
  ActionAfterCompletion: "DELETE",
  FlexibleTimeWindow: { Mode: "OFF" },
  GroupName: "staging",
  Name: "delete-endpoint",
  ScheduleExpression: "at(2026-12-06T16:00:00)",
  ScheduleExpressionTimezone: "UTC",
  State: "ENABLED",
  Target: target,
  arn: `arn:aws:scheduler:${account}:schedule/staging/delete-endpoint`,
  at: new Date("2026-12-06T16:00:00Z"),
  groupArn,
};
const changing: StubAnswer = [
  400,
  { __type: "ValidationException", message: "Cannot update in-progress endpoint" },
];
const refused: StubAnswer = [400, { __type: "AccessDeniedException", message: "not allowed" }];

interface Scenario {
  /** Answers of SageMaker, in order; then it deletes the endpoint. */
  readonly answers?: readonly StubAnswer[];
  readonly distrusted?: boolean;
  readonly schedule?: Schedule;
}

/** Fires the schedule, and returns the calls of its role and of the account's owner. */
async function fired({ answers = [], distrusted, ...scenario }: Scenario) {
  const left = [...answers];
  const cloud = await stubCloud(({ body, operation }: StubCall): StubAnswer => {
    if (operation === "SageMaker.DeleteEndpoint") return left.shift() ?? [200, {}];
    if (operation === "AmazonSQS.GetQueueUrl")
      return [200, { QueueUrl: "http://sqs/123456789012/undelivered" }];
    if (operation === "AmazonSQS.SendMessage") {
      const MD5OfMessageBody = createHash("md5").update(String(body.MessageBody)).digest("hex");
      return [200, { MessageId: "message-1", MD5OfMessageBody }];
    }
    return [200, {}];
  });
  const callers: string[] = [];
  const context = contextAt(cloud.endpoint, {
    assume: (arn, by) => {
      assert.ok("service" in by);
      const { service, sourceArn } = by;
      callers.push(`${arn} by ${service} for ${sourceArn}`);
      return distrusted === true
        ? Promise.reject(new Error("not trusted"))
        : Promise.resolve({ accessKeyId: "ROLE", secretAccessKey: "s", sessionToken: "t" });
    },
  });
  try {
    const firing = await fire(scenario.schedule ?? schedule, context);
    const byRole = cloud.calls.filter(({ accessKeyId }) => accessKeyId === "ROLE");
    const deleted = cloud.calls.filter(({ operation }) => operation === "DELETE");
    return { byRole, callers, deleted: deleted.map(({ path }) => path), firing };
  } finally {
    cloud.close();
  }
}

describe("a one-time schedule on the local cloud", () => {
  it("calls its target with its role, trusted for its group, and is deleted", async () => {
    const { byRole, callers, deleted, firing } = await fired({});
    assert.deepEqual(firing, { outcome: "delivered", retries: 0 });
    assert.deepEqual(callers, [`${roleArn} by scheduler.amazonaws.com for ${groupArn}`]);
    assert.deepEqual(
      byRole.map(({ body, operation }) => [operation, body]),
      [["SageMaker.DeleteEndpoint", { EndpointName: "churn-staging" }]],
    );
    assert.match(deleted.join(), /^\/schedules\/delete-endpoint\?.*groupName=staging/);
  });

  it("retries while SageMaker changes the endpoint", async () => {
    const { byRole, firing } = await fired({ answers: [changing, changing] });
    assert.deepEqual(firing, { outcome: "delivered", retries: 2 });
    assert.equal(byRole.length, 3);
  });

  it("sends the input to the DLQ after the last retry, with its role", async () => {
    const { byRole, deleted, firing } = await fired({ answers: [changing, changing, changing] });
    assert.deepEqual([firing.outcome, firing.retries], ["dead-lettered", 2]);
    const sent = byRole.find(({ operation }) => operation === "AmazonSQS.SendMessage");
    assert.equal(sent?.body.MessageBody, target.Input);
    const attributes = JSON.stringify(sent.body.MessageAttributes);
    for (const words of ["MaximumRetryAttempts", schedule.arn, "2026-12-06T16:00:00Z"])
      assert.ok(attributes.includes(words), words);
    assert.equal(deleted.length, 1);
  });

  it("does not retry without permission", async () => {
    const { byRole, firing } = await fired({ answers: [refused] });
    assert.deepEqual([firing.outcome, firing.retries], ["dead-lettered", 0]);
    assert.match(firing.reason ?? "", /^NO_PERMISSIONS, /);
    assert.equal(byRole.filter(({ operation }) => operation.startsWith("SageMaker")).length, 1);
  });

  it("is lost without a trusted role, and without a DLQ", async () => {
    const distrusted = await fired({ distrusted: true });
    assert.deepEqual([distrusted.firing.outcome, distrusted.byRole.length], ["lost", 0]);
    const { DeadLetterConfig: _, ...without } = target;
    const { firing } = await fired({
      answers: [refused],
      schedule: { ...schedule, Target: without },
    });
    assert.match(firing.reason ?? "", /no DLQ/);
  });

  it("keeps a schedule that is not to be deleted, and rejects other targets", async () => {
    const { deleted } = await fired({ schedule: { ...schedule, ActionAfterCompletion: "NONE" } });
    assert.deepEqual(deleted, []);
    const Arn = "arn:aws:scheduler:::aws-sdk:sagemaker:stopPipelineExecution";
    await assert.rejects(
      fired({ schedule: { ...schedule, Target: { ...target, Arn } } }),
      /simulates only sagemaker:deleteEndpoint/,
    );
  });

  it("is found by the endpoint in its input; a setting that is not simulated is an error", async () => {
    const found = async (more: object) => {
      const { arn: Arn, at: _, ...others } = schedule;
      // JSON leaves it out.
      const settings = { ...others, groupArn: undefined };
      const cloud = await stubCloud(({ path }: StubCall): StubAnswer => {
        if (path.startsWith("/schedule-groups/")) return [200, { Arn: groupArn }];
        if (path.startsWith("/schedules/")) return [200, { ...settings, Arn, ...more }];
        return [200, { Schedules: [{ GroupName: "staging", Name: "delete-endpoint" }] }];
      });
      try {
        return {
          other: await scheduleOf("churn-prod", contextAt(cloud.endpoint)),
          own: await scheduleOf("churn-staging", contextAt(cloud.endpoint)),
        };
      } finally {
        cloud.close();
      }
    };
    assert.deepEqual(await found({}), { other: undefined, own: schedule });
    await assert.rejects(found({ ScheduleExpression: "rate(1 day)" }), /one-time schedule/);
    await assert.rejects(found({ ScheduleExpressionTimezone: "Europe/Rome" }), /Timezone/);
  });
});
