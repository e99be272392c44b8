import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import type { ModelBuildPipelineArgs } from "../../components/modelBuild/modelBuildPipelineArgs";
import {
  deployNotifications,
  rolledBackStatus,
} from "../../components/modelDeploy/deployNotifications";
import {
  buildNotifications,
  reportedFailureStatus,
} from "../../components/modelBuild/buildNotifications";
import type { Notification } from "../../components/shared/notificationRule";
import { ModelBuildPipeline } from "../../components/modelBuild/modelBuildPipeline";
import { ModelDeployPipeline } from "../../components/modelDeploy/modelDeployPipeline";
import { namesFor } from "../../components/names/names";
import { valueAt } from "../../local/services/eventbridge/valueAt";
import { reviewed } from "../support/documents";
import { sampleEvent, sampleEvents } from "../support/events";
import { keyArn, awsContext, record, type Recording } from "../support/mocks";
import { waitsFor } from "../support/waits";

const churn = { projectName: "churn", projectId: "dev" };
const tags = { "sagemaker:project-id": "dev", "sagemaker:project-name": "churn" };
const topicArn = "arn:aws:sns:us-east-1:123456789012:mlops-churn--dev--notifications";
const kinds = Object.keys(buildNotifications).sort();
const allNotifications: Readonly<Record<string, (subject: Subject) => Notification>> = {
  ...buildNotifications,
  ...deployNotifications,
};

type Subject = Parameters<(typeof buildNotifications)["build-failed"]>[0];

describe("notifications of the model build", () => {
  let recording: Recording;

  before(async () => {
    recording = await project({});
  });

  it("use one encrypted SNS topic per project", () => {
    assert.deepEqual(recording.inputsOf("sns/Topic", "build-notifications"), {
      displayName: "churn (dev)",
      kmsMasterKeyId: keyArn,
      name: "mlops-churn--dev--notifications",
      tags,
    });
    assert.equal(recording.inputsOf("sns/TopicPolicy", "build-notifications").arn, topicArn);
  });

  for (const kind of kinds) {
    it(`have the reviewed rule and text of notification-${kind}.json`, () => {
      assert.deepEqual(
        renderedNotification(recording, `build-${kind}`),
        reviewed(`notification-${kind}`),
      );
      const { tags: own } = recording.inputsOf("cloudwatch/EventRule", `build-${kind}`);
      assert.deepEqual(own, tags);
    });

    it(`deliver ${kind} with retries and a DLQ`, () => {
      const target = recording.inputsOf("cloudwatch/EventTarget", `build-${kind}`);
      const { inputTransformer: _, ...delivery } = target;
      assert.deepEqual(delivery, {
        arn: topicArn,
        deadLetterConfig: {
          arn: "arn:aws:sqs:us-east-1:123456789012:mlops-churn--dev--undelivered-events",
        },
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 24 },
        roleArn: "arn:aws:iam::123456789012:role/mlops-churn--dev--notifications-use1",
        rule: `mlops-churn--dev--${kind}`,
        targetId: "notifications",
      });
    });
  }

  it("have an alarm on the DLQ that publishes without EventBridge", () => {
    assert.deepEqual(recording.inputsOf("cloudwatch/MetricAlarm", "build-undelivered-events"), {
      alarmActions: [topicArn],
      alarmDescription:
        "Event of churn (dev) was not delivered: a push or an approval started no pipeline, or a " +
        "notification was not sent. Next: read the events in the dead-letter queue, act on them, " +
        "and delete them from the queue. Link: https://us-east-1.console.aws.amazon.com/sqs/v3/" +
        "home?region=us-east-1#/queues/https%3A%2F%2Fsqs.us-east-1.amazonaws.com%2F123456789012" +
        "%2Fmlops-churn--dev--undelivered-events",
      comparisonOperator: "GreaterThanThreshold",
      dimensions: { QueueName: "mlops-churn--dev--undelivered-events" },
      evaluationPeriods: 1,
      metricName: "ApproximateNumberOfMessagesVisible",
      name: "mlops-churn--dev--undelivered-events",
      namespace: "AWS/SQS",
      period: 300,
      statistic: "Maximum",
      tags,
      threshold: 0,
      treatMissingData: "notBreaching",
    });
  });

  it("have targets without a role, and no role, with executionRole false", async () => {
    const other = await project({ notifications: { executionRole: false } });
    for (const kind of kinds) {
      const { roleArn: _, ...target } = recording.inputsOf(
        "cloudwatch/EventTarget",
        `build-${kind}`,
      );
      assert.deepEqual(other.inputsOf("cloudwatch/EventTarget", `build-${kind}`), target);
    }
    const role = ["iam/Role", "iam/RolePolicy"].map((it) => `${it} build-notifications-role`);
    assert.deepEqual(
      other.inventory(),
      recording.inventory().filter((it) => !role.includes(it)),
    );
  });

  it("have no subscription by default", () => {
    assert.ok(!recording.inventory().some((it) => it.startsWith("sns/TopicSubscription")));
  });

  it("subscribe email addresses, and SQS queues with raw message delivery", async () => {
    const queue = "arn:aws:sqs:us-east-1:123456789012:on-call";
    const other = await project({
      notifications: {
        emails: ["b@example.com", "a@example.com"],
        queueArns: [queue, pulumi.output(`${queue}-2`)],
      },
    });
    const subscription = (name: string) => other.inputsOf("sns/TopicSubscription", name);
    for (const email of ["a@example.com", "b@example.com"])
      assert.deepEqual(subscription(`build-email-${email}`), {
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

  it("exclude failed builds whose training failure was reported, if builds wait for training", async () => {
    const other = await project({ build: { waitForTraining: true } });
    const patternOf = (it: Recording, kind: string): unknown =>
      JSON.parse(String(it.inputsOf("cloudwatch/EventRule", `build-${kind}`).eventPattern));
    assert.deepEqual(patternOf(other, "build-failed"), {
      account: ["123456789012"],
      source: ["aws.codepipeline"],
      "detail-type": ["CodePipeline Action Execution State Change"],
      detail: {
        pipeline: ["mlops-churn--dev--modelbuild"],
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
    assert.equal(reportedFailureStatus, 99);
    for (const kind of kinds.filter((it) => it !== "build-failed"))
      assert.deepEqual(patternOf(other, kind), patternOf(recording, kind), kind);
  });
});

describe("notifications of deployments", () => {
  const registrations: pulumi.ResourceTransformationArgs[] = [];
  let recording: Recording;

  before(async () => {
    const transformations = [
      (args: pulumi.ResourceTransformationArgs) => void registrations.push(args),
    ];
    recording = await record(() => {
      const args = { ...churn, deployment: true };
      const modelBuild = new ModelBuildPipeline("build", args, { transformations });
      new ModelDeployPipeline("deploy", { ...churn, modelBuild }, { transformations });
    });
  });

  it("use the SNS topic, IAM role and SQS queue of the model build", () => {
    const ofDeployment = recording.inventory().filter((it) => it.includes(" deploy-"));
    assert.deepEqual(
      ofDeployment.filter((it) => /^(sns|sqs)\//.test(it)),
      [],
    );
    const { assumeRolePolicy } = recording.inputsOf("iam/Role", "build-notifications-role");
    for (const kind of Object.keys(deployNotifications))
      assert.ok(
        JSON.stringify(assumeRolePolicy).includes(`:rule/mlops-churn--dev--${kind}"`),
        kind,
      );
  });

  for (const kind of Object.keys(deployNotifications)) {
    it(`have the reviewed rule and text of notification-${kind}.json`, () => {
      assert.deepEqual(
        renderedNotification(recording, `deploy-${kind}`),
        reviewed(`notification-${kind}`),
      );
      const { tags: own } = recording.inputsOf("cloudwatch/EventRule", `deploy-${kind}`);
      assert.deepEqual(own, tags);
    });

    it(`deliver ${kind} with retries and a DLQ, after the model build`, () => {
      const target = recording.inputsOf("cloudwatch/EventTarget", `deploy-${kind}`);
      const { inputTransformer: _, ...delivery } = target;
      assert.deepEqual(delivery, {
        arn: topicArn,
        deadLetterConfig: {
          arn: "arn:aws:sqs:us-east-1:123456789012:mlops-churn--dev--undelivered-events",
        },
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 24 },
        roleArn: "arn:aws:iam::123456789012:role/mlops-churn--dev--notifications-use1",
        rule: `mlops-churn--dev--${kind}`,
        targetId: "notifications",
      });
      for (const type of ["eventRule", "eventTarget"])
        assert.deepEqual(waitsFor(registrations, `cloudwatch/${type}`, `deploy-${kind}`), [
          "ModelBuildPipeline build",
        ]);
    });
  }

  it("have targets without a role with executionRole false", async () => {
    const notifications = { executionRole: false };
    const other = await record(() => {
      const args = { ...churn, deployment: true, notifications };
      const modelBuild = new ModelBuildPipeline("build", args);
      new ModelDeployPipeline("deploy", { ...churn, modelBuild, notifications });
    });
    for (const kind of Object.keys(deployNotifications)) {
      const target = other.inputsOf("cloudwatch/EventTarget", `deploy-${kind}`);
      assert.equal(target.roleArn, undefined, kind);
    }
  });

  it("distinguish rollbacks from other failures by the exit status of the deploy build", () => {
    assert.equal(rolledBackStatus, 98);
    // The deploy build runs from another repository, with its own constant.
    const driver = readFileSync(
      join(__dirname, "../../starter/model-deploy/deployment/stage.py"),
      "utf8",
    );
    assert.match(driver, new RegExp(`^ROLLED_BACK = ${String(rolledBackStatus)}$`, "m"));
  });
});

describe("the sample events", () => {
  it("are all in the table of expected notifications", () => {
    assert.deepEqual(
      readdirSync(join(__dirname, "..", "events")).sort(),
      Object.keys(sampleEvents)
        .map((name) => `${name}.json`)
        .sort(),
    );
  });

  it("contain every input path of their notification", () => {
    const subject = { names: namesFor(churn, awsContext), project: "churn (dev)" };
    for (const [name, kind] of Object.entries(sampleEvents)) {
      const notificationOf = allNotifications[kind];
      if (notificationOf === undefined || name.endsWith("without-reason")) continue;
      const { paths } = notificationOf({ ...subject, waitForTraining: false });
      for (const [word, path] of Object.entries(paths)) {
        const isBuildLog = word === "log" && name.endsWith("-source-failed");
        const found = valueAt(path, sampleEvent(name));
        assert.equal(found === undefined, isBuildLog, `${name}: ${word}`);
      }
    }
  });
});

describe("every notification", () => {
  const subject = {
    names: namesFor(churn, awsContext),
    project: "churn (dev)",
    waitForTraining: true,
  };

  for (const [kind, notificationOf] of Object.entries(allNotifications)) {
    it(`of ${kind} has the project name, a console link and every input path`, () => {
      const { lines, paths } = notificationOf(subject);
      const text = lines.join("\n");
      assert.match(text, /churn \(dev\)/);
      assert.match(text, /https:\/\/us-east-1\.console\.aws\.amazon\.com\/\S+$/);
      const used = [...text.matchAll(/<(\w+)>/g)].map(([, word]) => word);
      assert.deepEqual([...new Set(used)].sort(), Object.keys(paths).sort());
    });
  }
});

function project(args: Partial<ModelBuildPipelineArgs>): Promise<Recording> {
  return record(() => new ModelBuildPipeline("build", { ...churn, ...args }));
}

/** A rule and the input transformer of its target, in the format of the reviewed documents. */
function renderedNotification(recording: Recording, name: string): object {
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
