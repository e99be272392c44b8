import { strict as assert } from "node:assert";
import { readdirSync } from "node:fs";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import type { ModelBuildPipelineArgs } from "../components/args";
import { deployMessages, rolledBackStatus } from "../components/deployMessages";
import { type Message, messages, toldAlready } from "../components/messages";
import { ModelBuildPipeline } from "../components/modelBuildPipeline";
import { ModelDeployPipeline } from "../components/modelDeployPipeline";
import { namesFor } from "../components/names";
import { ROLLED_BACK } from "../endpoint/deployStage";
import { valueAt } from "../local/rehearsal/events/valueAt";
import { reviewed } from "./support/documents";
import { sampleEvent, sampleEvents } from "./support/events";
import { keyArn, place, record, type Recording } from "./support/mocks";
import { waitsFor } from "./support/waits";

const churn = { projectName: "churn", projectId: "dev" };
const tags = { "sagemaker:project-id": "dev", "sagemaker:project-name": "churn" };
const topicArn = "arn:aws:sns:us-east-1:123456789012:sagemaker-churn-dev-messages";
const kinds = Object.keys(messages).sort();
const everyMessage: Readonly<Record<string, (subject: Subject) => Message>> = {
  ...messages,
  ...deployMessages,
};

type Subject = Parameters<(typeof messages)["failed"]>[0];

describe("telling people", () => {
  const seen: pulumi.ResourceTransformationArgs[] = [];
  let recording: Recording;

  before(async () => {
    const transformations = [(args: pulumi.ResourceTransformationArgs) => void seen.push(args)];
    recording = await project({}, { transformations });
  });

  it("goes through one encrypted topic of the project", () => {
    assert.deepEqual(recording.inputsOf("sns/Topic", "build-messages"), {
      displayName: "churn (dev)",
      kmsMasterKeyId: keyArn,
      name: "sagemaker-churn-dev-messages",
      tags,
    });
    assert.equal(recording.inputsOf("sns/TopicPolicy", "build-messages").arn, topicArn);
  });

  for (const kind of kinds) {
    it(`hears and says exactly what was reviewed in message-${kind}.json`, () => {
      assert.deepEqual(said(recording, `build-on-${kind}`), reviewed(`message-${kind}`));
      const { tags: own } = recording.inputsOf("cloudwatch/EventRule", `build-on-${kind}`);
      assert.deepEqual(own, tags);
    });

    it(`loses no message of ${kind}: it is tried again, then kept, from the first moment on`, () => {
      const target = recording.inputsOf("cloudwatch/EventTarget", `build-on-${kind}`);
      const { inputTransformer: _, ...delivery } = target;
      assert.deepEqual(delivery, {
        arn: topicArn,
        deadLetterConfig: {
          arn: "arn:aws:sqs:us-east-1:123456789012:sagemaker-churn-dev-undelivered",
        },
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 24 },
        roleArn: "arn:aws:iam::123456789012:role/sagemaker-churn-dev-messages",
        rule: `sagemaker-churn-dev-${kind}`,
        targetId: "people",
      });
      assert.deepEqual(waitsFor(seen, "cloudwatch/eventTarget", `build-on-${kind}`), [
        "QueuePolicy build-undelivered",
        "RolePolicy build-messages-role",
        "TopicPolicy build-messages",
      ]);
    });
  }

  it("sounds the alarm as long as a dead letter lies there, and leaves the telling to the rule", () => {
    assert.deepEqual(recording.inputsOf("cloudwatch/MetricAlarm", "build-undelivered"), {
      alarmDescription: "An event of churn (dev) could not be delivered",
      comparisonOperator: "GreaterThanThreshold",
      dimensions: { QueueName: "sagemaker-churn-dev-undelivered" },
      evaluationPeriods: 1,
      metricName: "ApproximateNumberOfMessagesVisible",
      name: "sagemaker-churn-dev-undelivered",
      namespace: "AWS/SQS",
      period: 300,
      statistic: "Maximum",
      tags,
      threshold: 0,
      treatMissingData: "notBreaching",
    });
  });

  it("reaches nobody who is not named", () => {
    assert.ok(!recording.inventory().some((it) => it.startsWith("sns/TopicSubscription")));
  });

  it("reaches mail addresses, and queues with the plain text", async () => {
    const queue = "arn:aws:sqs:us-east-1:123456789012:on-call";
    const other = await project({
      notifications: {
        emails: ["b@example.com", "a@example.com"],
        queueArns: [queue, pulumi.output(`${queue}-2`)],
      },
    });
    const subscription = (name: string) => other.inputsOf("sns/TopicSubscription", name);
    for (const email of ["a@example.com", "b@example.com"])
      assert.deepEqual(subscription(`build-mail-${email}`), {
        endpoint: email,
        protocol: "email",
        topic: topicArn,
      });
    assert.deepEqual(subscription("build-queue-0"), {
      endpoint: queue,
      protocol: "sqs",
      rawMessageDelivery: true,
      topic: topicArn,
    });
    assert.equal(subscription("build-queue-1").endpoint, `${queue}-2`);
    assert.equal(other.resources.length, recording.resources.length + 4);
  });

  it("tells of a waiting build only what its training did not tell already", async () => {
    const other = await project({ build: { waitForTraining: true } });
    const patternOf = (it: Recording, kind: string): unknown =>
      JSON.parse(String(it.inputsOf("cloudwatch/EventRule", `build-on-${kind}`).eventPattern));
    assert.deepEqual(patternOf(other, "failed"), {
      source: ["aws.codepipeline"],
      "detail-type": ["CodePipeline Action Execution State Change"],
      detail: {
        pipeline: ["sagemaker-churn-dev-modelbuild"],
        state: ["FAILED"],
        $or: [
          { "execution-result": { "external-execution-summary": [{ exists: false }] } },
          {
            "execution-result": {
              "external-execution-summary": [{ "anything-but": { wildcard: "*exit status 99*" } }],
            },
          },
        ],
      },
    });
    assert.equal(toldAlready, 99);
    for (const kind of kinds.filter((it) => it !== "failed"))
      assert.deepEqual(patternOf(other, kind), patternOf(recording, kind), kind);
  });
});

describe("telling people of deployments", () => {
  const seen: pulumi.ResourceTransformationArgs[] = [];
  let recording: Recording;

  before(async () => {
    const transformations = [(args: pulumi.ResourceTransformationArgs) => void seen.push(args)];
    recording = await record(() => {
      const args = { ...churn, deployment: true };
      const modelBuild = new ModelBuildPipeline("build", args, { transformations });
      new ModelDeployPipeline("deploy", { ...churn, modelBuild }, { transformations });
    });
  });

  it("goes through the topic, role and queue of the model build: it makes none of its own", () => {
    const ofDeployment = recording.inventory().filter((it) => it.includes(" deploy-"));
    assert.deepEqual(
      ofDeployment.filter((it) => /^(sns|sqs)\/|MetricAlarm/.test(it)),
      [],
    );
    const { assumeRolePolicy } = recording.inputsOf("iam/Role", "build-messages-role");
    for (const kind of Object.keys(deployMessages))
      assert.ok(
        JSON.stringify(assumeRolePolicy).includes(`:rule/sagemaker-churn-dev-${kind}"`),
        kind,
      );
  });

  for (const kind of Object.keys(deployMessages)) {
    it(`hears and says exactly what was reviewed in message-${kind}.json`, () => {
      assert.deepEqual(said(recording, `deploy-on-${kind}`), reviewed(`message-${kind}`));
      const { tags: own } = recording.inputsOf("cloudwatch/EventRule", `deploy-on-${kind}`);
      assert.deepEqual(own, tags);
    });

    it(`loses no message of ${kind}: it is tried again, then kept, once the model build stands`, () => {
      const target = recording.inputsOf("cloudwatch/EventTarget", `deploy-on-${kind}`);
      const { inputTransformer: _, ...delivery } = target;
      assert.deepEqual(delivery, {
        arn: topicArn,
        deadLetterConfig: {
          arn: "arn:aws:sqs:us-east-1:123456789012:sagemaker-churn-dev-undelivered",
        },
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 24 },
        roleArn: "arn:aws:iam::123456789012:role/sagemaker-churn-dev-messages",
        rule: `sagemaker-churn-dev-${kind}`,
        targetId: "people",
      });
      for (const type of ["eventRule", "eventTarget"])
        assert.deepEqual(waitsFor(seen, `cloudwatch/${type}`, `deploy-on-${kind}`), [
          "ModelBuildPipeline build",
        ]);
    });
  }

  it("tells a rollback from other failures by the status by which the deployment's build ends", () => {
    assert.equal(rolledBackStatus, 98);
    // The build that ends so lives in another repository, and so has a number of its own.
    assert.equal(ROLLED_BACK, rolledBackStatus);
  });
});

describe("the sample events", () => {
  it("are all in the table of what they tell", () => {
    assert.deepEqual(
      readdirSync(join(__dirname, "events")).sort(),
      Object.keys(sampleEvents)
        .map((name) => `${name}.json`)
        .sort(),
    );
  });

  it("hold what the messages look for in them", () => {
    const subject = { names: namesFor(churn, place), project: "churn (dev)" };
    for (const [name, kind] of Object.entries(sampleEvents)) {
      const messageOn = everyMessage[kind];
      if (messageOn === undefined || name.endsWith("without-reason")) continue;
      const { paths } = messageOn({ ...subject, waitForTraining: false });
      for (const [word, path] of Object.entries(paths)) {
        const isBuildLog = word === "log" && name.endsWith("-source-failed");
        const found = valueAt(path, sampleEvent(name));
        assert.equal(found === undefined, isBuildLog, `${name}: ${word}`);
      }
    }
  });
});

describe("every message", () => {
  const subject = { names: namesFor(churn, place), project: "churn (dev)", waitForTraining: true };

  for (const [kind, messageOn] of Object.entries(everyMessage)) {
    it(`of ${kind} names the project and a place to look, and uses each word that it looks up`, () => {
      const { lines, paths } = messageOn(subject);
      const text = lines.join("\n");
      assert.match(text, /churn \(dev\)/);
      assert.match(text, /https:\/\/us-east-1\.console\.aws\.amazon\.com\/\S+$/);
      const used = [...text.matchAll(/<(\w+)>/g)].map(([, word]) => word);
      assert.deepEqual([...new Set(used)].sort(), Object.keys(paths).sort());
    });
  }
});

function project(
  args: Partial<ModelBuildPipelineArgs>,
  opts?: pulumi.ComponentResourceOptions,
): Promise<Recording> {
  return record(() => new ModelBuildPipeline("build", { ...churn, ...args }, opts));
}

/** A rule and what its target makes of an event, as they are reviewed. */
function said(recording: Recording, name: string): object {
  const {
    description,
    eventPattern,
    name: ruleName,
  } = recording.inputsOf("cloudwatch/EventRule", name);
  const { inputTransformer } = recording.inputsOf("cloudwatch/EventTarget", name) as {
    inputTransformer: { inputPaths: unknown; inputTemplate: string };
  };
  return {
    name: ruleName,
    description,
    pattern: JSON.parse(String(eventPattern)) as unknown,
    paths: inputTransformer.inputPaths,
    lines: inputTransformer.inputTemplate.split("\n").map((line): unknown => JSON.parse(line)),
  };
}
