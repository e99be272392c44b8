import { strict as assert } from "node:assert";

import { retrainOnData } from "../../examples/consumer/retrainOnData";
import { matches } from "../../local/services/eventbridge/matches";
import { record } from "../support/mocks";

const pipelineArn = "arn:aws:codepipeline:us-east-1:123456789012:mlops-churn--dev--modelbuild";
const queueArn = "arn:aws:sqs:us-east-1:123456789012:churn-dev-new-data";
const ruleArn = "arn:aws:events:us-east-1:123456789012:rule/churn-dev-new-data";

const args = {
  dataBucketName: "churn-data",
  dataKey: "*/_SUCCESS",
  name: "churn-dev-new-data",
  pipelineArn,
};

const recorded = () => record(() => retrainOnData("new-data", args));

describe("the retrain-on-data example", () => {
  it("creates a rule with its role and its queue", async () => {
    assert.deepEqual((await recorded()).inventory(), [
      "cloudwatch/EventRule new-data",
      "cloudwatch/EventTarget new-data",
      "iam/Role new-data",
      "iam/RolePolicy new-data",
      "sqs/Queue new-data",
      "sqs/QueuePolicy new-data",
    ]);
  });

  it("matches only the _SUCCESS object of the data bucket", async () => {
    const { eventPattern } = (await recorded()).inputsOf("cloudwatch/EventRule", "new-data");
    const pattern: unknown = JSON.parse(String(eventPattern));
    const created = (name: string, key: string) => ({
      source: "aws.s3",
      "detail-type": "Object Created",
      detail: { bucket: { name }, object: { key } },
    });

    assert.equal(matches(pattern, created("churn-data", "2026-11/_SUCCESS")), true);
    assert.equal(matches(pattern, created("churn-data", "2026-11/rows.csv")), false);
    assert.equal(matches(pattern, created("other-data", "2026-11/_SUCCESS")), false);
  });

  it("allows only the rule to assume the role, and the role only to start the pipeline", async () => {
    const recording = await recorded();

    assert.deepEqual(recording.inputsOf("iam/Role", "new-data").assumeRolePolicy, {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: { ArnEquals: { "aws:SourceArn": ruleArn } },
        },
      ],
    });
    assert.deepEqual(recording.inputsOf("iam/RolePolicy", "new-data").policy, {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "codepipeline:StartPipelineExecution",
          Resource: pipelineArn,
        },
      ],
    });
  });

  it("has an encrypted DLQ that accepts only the rule's events", async () => {
    const recording = await recorded();

    const { deadLetterConfig } = recording.inputsOf("cloudwatch/EventTarget", "new-data");
    assert.deepEqual(deadLetterConfig, { arn: queueArn });
    assert.deepEqual(recording.inputsOf("sqs/Queue", "new-data"), {
      name: "churn-dev-new-data",
      messageRetentionSeconds: 1209600,
      sqsManagedSseEnabled: true,
    });
    assert.deepEqual(recording.inputsOf("sqs/QueuePolicy", "new-data").policy, {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: queueArn,
          Condition: { ArnEquals: { "aws:SourceArn": ruleArn } },
        },
        {
          Effect: "Deny",
          Principal: "*",
          Action: "sqs:*",
          Resource: queueArn,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });
});
