import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { arrows } from "../../scripts/diagram/arrows";
import { boxOf } from "../../scripts/diagram/boxes";
import { embedDiagram } from "../../scripts/diagram/embedDiagram";
import { mermaid } from "../../scripts/diagram/mermaid";
import { references } from "../../scripts/diagram/references";

const readme = readFileSync(join(__dirname, "..", "..", "README.md"), "utf8");

describe("the diagram in README", () => {
  it("shows the resources that the program registers", async () => {
    const drawn = embedDiagram(readme, await mermaid());
    assert.ok(drawn === readme, "the diagram in README.md is stale; run npm run generate");
  });

  it("stays readable: at most 20 boxes and 26 arrows", async () => {
    const lines = (await mermaid()).split("\n");
    const boxes = lines.filter((line) => /^ {4}\w+[[(]/.test(line));
    const between = lines.filter((line) => line.includes("> "));
    assert.ok(boxes.length > 5 && boxes.length <= 20, boxes.join("\n"));
    assert.ok(between.length > 5 && between.length <= 26, between.join("\n"));
  });

  it("rejects a resource that is in no box", () => {
    const message =
      '"s3/Bucket reports" must be in exactly one box of scripts/diagram/boxes.ts, for example ' +
      '{ id: "bucket", holds: /^s3\\/\\w+ artifacts$/ }; it is in none';
    assert.throws(() => boxOf("s3/Bucket reports"), { message });
  });

  it("puts a resource that serves another one into the other's box", () => {
    assert.deepEqual(
      ["iam/RolePolicy execution-role", "s3/BucketPolicy access-logs", "kms/Alias key"].map(boxOf),
      ["training", "bucket", "key"],
    );
    const ofDeployment = [
      "iam/Role deploy-approval-rule-role",
      "iam/Role deploy-pipeline-role",
      "iam/RolePolicy deploy-deploy-prod-role",
      "iam/RolePolicy deploy-serve-prod-role",
      "cloudwatch/LogGroup deploy-test-staging-logs",
      "cloudwatch/EventTarget deploy-deployment-pending",
    ];
    assert.deepEqual(ofDeployment.map(boxOf), [
      ...["approvalRule", "deployPipeline", "deployBuilds", "endpoints"],
      ...["deployBuilds", "notificationRules"],
    ]);
  });

  it("is written between two markers only", () => {
    const text = "a\n<!-- begin: npm run generate -->\nold\n<!-- end: npm run generate -->\nb\n";
    assert.equal(
      embedDiagram(text, "flowchart"),
      "a\n<!-- begin: npm run generate -->\n\n```mermaid\nflowchart\n```\n\n<!-- end: npm run generate -->\nb\n",
    );
    for (const unmarked of ["a\n", text.replace("end", "stop"), text + text])
      assert.throws(() => embedDiagram(unmarked, "flowchart"), /must have one line/);
  });
});

describe("an arrow of the diagram", () => {
  const rule = {
    inputs: { eventPattern: '{"detail":{"pipeline":["mlops-churn--dev--modelbuild"]}}' },
    dependencies: new Map<string, string[]>(),
    title: "cloudwatch/EventRule build-failed",
  };

  it("leads from the event source to the rule, and from the rule to its target", () => {
    const target = {
      inputs: { arn: "arn" },
      dependencies: new Map([["arn", ["sns/Topic notifications"]]]),
      title: "cloudwatch/EventTarget build-failed",
    };
    assert.deepEqual(arrows(references([rule, target])), [
      { from: "pipeline", isDotted: true, label: "failed", to: "notificationRules" },
      { from: "notificationRules", isDotted: true, label: "notify", to: "topic" },
    ]);
  });

  it("combines the labels of several inputs, each once", () => {
    const training = {
      inputs: {
        eventPattern:
          '{"detail":{"pipelineArn":["arn:aws:sagemaker:us-east-1:123456789012:pipeline/mlops-churn--dev--training"]}}',
      },
      dependencies: rule.dependencies,
    };
    const titles = ["training-stopped", "training-failed", "build-failed"].map(
      (it) => `cloudwatch/EventRule ${it}`,
    );
    assert.deepEqual(arrows(references(titles.map((title) => ({ ...training, title })))), [
      { from: "training", isDotted: true, label: "failed, stopped", to: "notificationRules" },
    ]);
  });

  it("stands for an action that a role allows, if the action has a label", () => {
    const allowing = (Action: string[]) => ({
      inputs: {
        policy: JSON.stringify({
          Statement: [
            {
              Action,
              Effect: "Allow",
              Resource:
                "arn:aws:sagemaker:us-east-1:123456789012:pipeline/mlops-churn--dev--training",
            },
          ],
        }),
      },
      dependencies: rule.dependencies,
      title: "iam/RolePolicy build-role",
    });
    assert.deepEqual(arrows(references([allowing(["sagemaker:AddTags"])])), []);
    assert.deepEqual(arrows(references([allowing(["sagemaker:StartPipelineExecution"])])), [
      { from: "build", isDotted: false, label: "starts", to: "training" },
    ]);
  });

  it("is dotted for notifications, and solid for the start of a pipeline", () => {
    const approved = {
      inputs: { eventPattern: '{"detail":{"ModelPackageGroupName":["mlops-churn--dev--models"]}}' },
      dependencies: rule.dependencies,
    };
    const drawn = ["model-pending", "deploy-approval-rule"].map((it) =>
      arrows(references([{ ...approved, title: `cloudwatch/EventRule ${it}` }])),
    );
    assert.deepEqual(drawn, [
      [{ from: "registry", isDotted: true, label: "pending approval", to: "notificationRules" }],
      [{ from: "registry", isDotted: false, label: "approved, rejected", to: "approvalRule" }],
    ]);
  });

  it("rejects a reference between two boxes without a label", () => {
    const logs = {
      inputs: { logsConfig: "group" },
      dependencies: new Map([["logsConfig", ["sns/Topic notifications"]]]),
      title: "codebuild/Project build",
    };
    assert.throws(() => arrows(references([logs])), {
      message:
        "codebuild/Project.logsConfig from build to topic must have a label in labels or omitted of scripts/diagram/arrows.ts",
    });
  });
});
