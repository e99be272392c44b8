import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";

import type { Credentials } from "../../local/iam/contract";
import { deliver } from "../../local/services/eventbridge/deliver";
import type { ServiceEvent } from "../../local/services/eventbridge/serviceEvent";
import { type StubAnswer, type StubCall, stubCloud } from "../support/stubCloud";
import { sampleEvent } from "../support/events";
import { contextAt } from "../support/contextAt";

const push = sampleEvent("codecommit-push");
const ruleArn = "arn:aws:events:us-east-1:123456789012:rule/push";
const pipelineArn = "arn:aws:codepipeline:us-east-1:123456789012:churn";
const topicArn = "arn:aws:sns:us-east-1:123456789012:people";
const queueArn = "arn:aws:sqs:us-east-1:123456789012:work";
const roleArn = "arn:aws:iam::123456789012:role/trigger";
const revisions = [
  { actionName: "Source", revisionType: "COMMIT_ID", revisionValue: push.detail.commitId },
];

const toPipeline = {
  Id: "pipeline",
  Arn: pipelineArn,
  RoleArn: roleArn,
  DeadLetterConfig: { Arn: "arn:aws:sqs:us-east-1:123456789012:undelivered" },
  RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 2 },
  InputTransformer: {
    InputPathsMap: { commit: "$.detail.commitId" },
    InputTemplate: JSON.stringify({
      sourceRevisions: [
        { actionName: "Source", revisionType: "COMMIT_ID", revisionValue: "<commit>" },
      ],
    }),
  },
};
const started: StubAnswer = [200, { pipelineExecutionId: "execution-1" }];
const refused: StubAnswer = [400, { __type: "AccessDeniedException", message: "not allowed" }];
const broken: StubAnswer = [500, { __type: "InternalFailure", message: "broken" }];

interface Scenario {
  readonly targets: readonly object[];
  readonly rule?: object;
  /** Answers of targets, by operation; the rest is as it should be. */
  readonly answers?: Readonly<Record<string, StubAnswer>>;
  readonly distrusted?: boolean;
  readonly event?: ServiceEvent;
}

/** Plays the push against one rule, and returns what came of it and what the targets and queues were asked. */
async function simulate({ targets, rule = {}, answers = {}, distrusted, event = push }: Scenario) {
  const callers: string[] = [];
  const as = (who: string): Credentials => {
    callers.push(who);
    return { accessKeyId: who.replaceAll(/\W/g, "-"), secretAccessKey: "s", sessionToken: "t" };
  };
  const pattern = JSON.stringify({ source: ["aws.codecommit"], region: ["us-east-1"] });
  const onPush = {
    Name: "push",
    Arn: ruleArn,
    State: "ENABLED",
    EventPattern: pattern,
    ...rule,
  };
  const cloud = await stubCloud(({ operation, body }: StubCall): StubAnswer => {
    const answer = answers[operation];
    if (answer !== undefined) return answer;
    if (operation === "AWSEvents.ListRules") return [200, { Rules: [onPush] }];
    if (operation === "AWSEvents.ListTargetsByRule") return [200, { Targets: targets }];
    if (operation === "AmazonSQS.GetQueueUrl")
      return [200, { QueueUrl: `http://sqs/123456789012/${String(body.QueueName)}` }];
    if (operation === "AmazonSQS.SendMessage")
      return [200, { MessageId: "message-1", MD5OfMessageBody: md5(String(body.MessageBody)) }];
    if (operation === "Publish")
      return [
        200,
        "<PublishResponse><PublishResult><MessageId>message-2</MessageId></PublishResult></PublishResponse>",
      ];
    return started;
  });
  const context = contextAt(cloud.endpoint, {
    assume: (arn, by) => {
      assert.ok("service" in by);
      const { service, sourceArn } = by;
      return distrusted === true
        ? Promise.reject(new Error(`${arn} does not trust ${service}`))
        : Promise.resolve(as(`${arn} by ${service} for ${sourceArn}`));
    },
    actAs: ({ service, sourceArn }) => as(`${service} for ${sourceArn}`),
  });
  try {
    const deliveries = await deliver(event, context);
    const calls = cloud.calls.filter(({ accessKeyId }) => accessKeyId !== "testing");
    return { deliveries, callers, calls };
  } finally {
    cloud.close();
  }
}

function md5(body: string): string {
  return createHash("md5").update(body).digest("hex");
}

/** The undelivered event among the calls. */
function undelivered(calls: readonly StubCall[]) {
  const sent = calls.filter(({ operation }) => operation === "AmazonSQS.SendMessage");
  assert.equal(sent.length, 1);
  return sent[0]?.body;
}

function texts(attributes: Record<string, string>) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [
      name,
      { DataType: "String", StringValue },
    ]),
  );
}

describe("delivery of an event", () => {
  it("starts a pipeline at the pushed commit with the role of the target", async () => {
    const { deliveries, callers, calls } = await simulate({ targets: [toPipeline] });
    const input = JSON.stringify({ sourceRevisions: revisions });
    assert.deepEqual(deliveries, [
      { rule: "push", target: pipelineArn, outcome: "delivered", detail: "execution-1", input },
    ]);
    assert.deepEqual(callers, [`${roleArn} by events.amazonaws.com for ${ruleArn}`]);
    assert.equal(calls.length, 1);
    const { clientRequestToken: _, ...request } = calls[0]?.body ?? {};
    assert.deepEqual(request, { name: "churn", sourceRevisions: revisions });
  });

  it("starts a pipeline with the variables of the target", async () => {
    const variables = [{ name: "MODEL_PACKAGE_ARN", value: "arn" }];
    const { InputTransformer: _, ...target } = toPipeline;
    const { calls } = await simulate({
      targets: [{ ...target, Input: JSON.stringify({ variables }) }],
    });
    const { name, variables: got } = calls[0]?.body ?? {};
    assert.deepEqual([name, got], ["churn", variables]);
  });

  it("publishes to SNS and SQS as the EventBridge service principal with the input of the target", async () => {
    const { deliveries, callers, calls } = await simulate({
      targets: [
        {
          Id: "topic",
          Arn: topicArn,
          InputTransformer: { InputPathsMap: {}, InputTemplate: '"<aws.events.rule-name>"' },
        },
        { Id: "whole", Arn: queueArn },
        { Id: "part", Arn: queueArn, InputPath: "$.detail.referenceName" },
        { Id: "fixed", Arn: queueArn, Input: '{"a":1}' },
      ],
    });
    const inputs = ['"push"', JSON.stringify(push), '"main"', '{"a":1}'];
    assert.deepEqual(
      deliveries.map(({ outcome, input }) => [outcome, input]),
      inputs.map((input) => ["delivered", input]),
    );
    assert.deepEqual(new Set(callers), new Set([`events.amazonaws.com for ${ruleArn}`]));
    assert.deepEqual(
      calls.map(({ body }) => body.Message ?? body.MessageBody),
      inputs,
    );
    assert.equal(calls[0]?.body.TopicArn, topicArn);
  });

  it("ignores rules that do not match, are disabled or have a schedule", async () => {
    for (const rule of [
      { EventPattern: '{"source":["aws.s3"]}' },
      { State: "DISABLED" },
      { EventPattern: undefined, ScheduleExpression: "rate(1 hour)" },
    ])
      assert.deepEqual(await simulate({ targets: [toPipeline], rule }), {
        deliveries: [],
        callers: [],
        calls: [],
      });
  });

  it("is not retried without permission: the event is sent to the DLQ", async () => {
    const { deliveries, callers, calls } = await simulate({
      targets: [toPipeline],
      answers: { "CodePipeline_20150709.StartPipelineExecution": refused },
    });
    assert.deepEqual(deliveries, [
      {
        rule: "push",
        target: pipelineArn,
        outcome: "dead-lettered",
        detail: "NO_PERMISSIONS, AccessDeniedException: not allowed",
        input: JSON.stringify({ sourceRevisions: revisions }),
      },
    ]);
    assert.equal(calls.length, 2);
    assert.equal(callers[1], `events.amazonaws.com for ${ruleArn}`);
    assert.deepEqual(undelivered(calls), {
      QueueUrl: "http://sqs/123456789012/undelivered",
      MessageBody: JSON.stringify(push),
      MessageAttributes: texts({
        RULE_ARN: ruleArn,
        TARGET_ARN: pipelineArn,
        ERROR_CODE: "NO_PERMISSIONS",
        ERROR_MESSAGE: "AccessDeniedException: not allowed",
        RETRY_ATTEMPTS: "0",
      }),
    });
  });

  it("is retried up to the retry limit if the target fails", async () => {
    const { deliveries, calls } = await simulate({
      targets: [toPipeline],
      answers: { "CodePipeline_20150709.StartPipelineExecution": broken },
    });
    assert.equal(deliveries[0]?.outcome, "dead-lettered");
    assert.equal(calls.length, 4);
    assert.deepEqual(
      undelivered(calls)?.MessageAttributes,
      texts({
        RULE_ARN: ruleArn,
        TARGET_ARN: pipelineArn,
        ERROR_CODE: "ERROR_FROM_TARGET",
        ERROR_MESSAGE: "InternalFailure: broken",
        EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
        RETRY_ATTEMPTS: "2",
      }),
    );
  });

  it("fails with the error codes of AWS", async () => {
    const gone: StubAnswer = [400, { __type: "PipelineNotFoundException", message: "gone" }];
    const slow: StubAnswer = [400, { __type: "ThrottlingException", message: "slow" }];
    const start = (answer: StubAnswer) =>
      simulate({
        targets: [toPipeline],
        answers: { "CodePipeline_20150709.StartPipelineExecution": answer },
      });
    const code = ({ deliveries }: Awaited<ReturnType<typeof simulate>>) =>
      deliveries[0]?.detail.split(",")[0];
    assert.equal(code(await start(gone)), "NO_RESOURCE");
    assert.equal(code(await start(slow)), "THROTTLING");
    assert.equal(
      code(await simulate({ targets: [toPipeline], distrusted: true })),
      "FAILED_TO_ASSUME_ROLE",
    );
    const detail = { ...push.detail, commitId: 'a "quote"' };
    assert.equal(
      code(await simulate({ targets: [toPipeline], event: { ...push, detail } })),
      "INVALID_JSON",
    );
  });

  it("reports a lost event without a queue or if the queue rejects it", async () => {
    const { DeadLetterConfig: _, ...withoutQueue } = toPipeline;
    const start = { "CodePipeline_20150709.StartPipelineExecution": refused };
    const lost = await simulate({ targets: [withoutQueue], answers: start });
    assert.deepEqual(
      lost.deliveries.map(({ outcome, detail }) => [outcome, detail]),
      [["lost", "NO_PERMISSIONS, AccessDeniedException: not allowed; the target has no DLQ"]],
    );
    const twice = await simulate({
      targets: [toPipeline],
      answers: { ...start, "AmazonSQS.SendMessage": refused },
    });
    assert.equal(twice.deliveries[0]?.outcome, "lost");
    assert.match(twice.deliveries[0].detail, /the DLQ rejected the event: NO_PERMISSIONS/);
  });

  it("rejects unsupported targets by name", async () => {
    const unknown: [object, RegExp][] = [
      [
        { Id: "f", Arn: "arn:aws:lambda:us-east-1:123456789012:function:f" },
        /targets of CodeBuild, CodePipeline, SNS and SQS, got arn:aws:lambda/,
      ],
      [{ ...toPipeline, SqsParameters: { MessageGroupId: "g" } }, /SqsParameters/],
      [{ ...toPipeline, RoleArn: undefined }, /rule push: the target .* has no IAM role/],
      [
        { ...toPipeline, InputTransformer: undefined, Input: '{"clientRequestToken":"t"}' },
        /clientRequestToken/,
      ],
    ];
    for (const [target, problem] of unknown)
      await assert.rejects(simulate({ targets: [target] }), problem);
    await assert.rejects(
      simulate({ targets: [], rule: { EventPattern: '{"source":[{"like":"aws"}]}' } }),
      /EventBridge rejects the pattern of rule push/,
    );
  });
});
