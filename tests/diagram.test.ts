import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { arrows } from "../scripts/diagram/arrows";
import { boxOf } from "../scripts/diagram/boxes";
import { picture } from "../scripts/diagram/picture";
import { references } from "../scripts/diagram/references";
import { withPicture } from "../scripts/diagram/withPicture";

const readme = readFileSync(join(__dirname, "..", "README.md"), "utf8");

describe("the picture in README", () => {
  it("is what the program registers", async () => {
    const drawn = withPicture(readme, await picture());
    assert.ok(drawn === readme, "the picture in README.md is stale: npm run diagram");
  });

  it("has at most 20 boxes and 24 arrows, which is what can still be read", async () => {
    const lines = (await picture()).split("\n");
    const boxes = lines.filter((line) => /^ {4}\w+[[(]/.test(line));
    const between = lines.filter((line) => line.includes("> "));
    assert.ok(boxes.length > 5 && boxes.length <= 20, boxes.join("\n"));
    assert.ok(between.length > 5 && between.length <= 24, between.join("\n"));
  });

  it("leaves out no resource: one that is in no box is an error", () => {
    const message =
      '"s3/Bucket reports" must be in exactly one box of scripts/diagram/boxes.ts, for example ' +
      '{ id: "bucket", holds: /^s3\\/\\w+ artifacts$/ }; it is in none';
    assert.throws(() => boxOf("s3/Bucket reports"), { message });
  });

  it("puts what helps another resource into that one's box", () => {
    assert.deepEqual(
      ["iam/RolePolicy execution-role", "s3/BucketPolicy access-logs", "kms/Alias key"].map(boxOf),
      ["training", "bucket", "key"],
    );
    const ofDeployment = [
      "iam/Role deploy-approval-role",
      "iam/Role deploy-pipeline-role",
      "iam/RolePolicy deploy-deploy-prod-role",
      "iam/RolePolicy deploy-serve-prod-role",
      "cloudwatch/LogGroup deploy-test-staging-logs",
      "s3/BucketObjectv2 deploy-state-staging",
      "cloudwatch/EventTarget deploy-on-waiting",
    ];
    assert.deepEqual(ofDeployment.map(boxOf), [
      ...["decided", "deployPipeline", "deployBuilds", "endpoints"],
      ...["deployBuilds", "state", "told"],
    ]);
  });

  it("stands between two markers, without which it is not written", () => {
    const text = "a\n<!-- begin: npm run diagram -->\nold\n<!-- end: npm run diagram -->\nb\n";
    assert.equal(
      withPicture(text, "flowchart"),
      "a\n<!-- begin: npm run diagram -->\n\n```mermaid\nflowchart\n```\n\n<!-- end: npm run diagram -->\nb\n",
    );
    for (const unmarked of ["a\n", text.replace("end", "stop"), text + text])
      assert.throws(() => withPicture(unmarked, "flowchart"), /must be marked once/);
  });
});

describe("an arrow of the picture", () => {
  const rule = {
    inputs: { eventPattern: '{"detail":{"pipeline":["sagemaker-churn-dev-modelbuild"]}}' },
    takes: new Map<string, string[]>(),
    title: "cloudwatch/EventRule on-failed",
  };

  it("comes from where a rule listens, and goes where a target sends", () => {
    const target = {
      inputs: { arn: "arn" },
      takes: new Map([["arn", ["sns/Topic messages"]]]),
      title: "cloudwatch/EventTarget on-failed",
    };
    assert.deepEqual(arrows(references([rule, target])), [
      { aside: true, from: "pipeline", to: "told", word: "failed" },
      { aside: true, from: "told", to: "topic", word: "tell" },
    ]);
  });

  it("says once what several inputs say, and everything that they say", () => {
    const training = {
      inputs: {
        eventPattern:
          '{"detail":{"pipelineArn":["arn:aws:sagemaker:us-east-1:123456789012:pipeline/churn-dev"]}}',
      },
      takes: rule.takes,
    };
    const titles = ["on-stopped", "on-step", "on-failed"].map((it) => `cloudwatch/EventRule ${it}`);
    assert.deepEqual(arrows(references(titles.map((title) => ({ ...training, title })))), [
      { aside: true, from: "training", to: "told", word: "failed, stopped" },
    ]);
  });

  it("is an action that a role's policy allows, if it is a step of the story", () => {
    const allowing = (Action: string[]) => ({
      inputs: {
        policy: JSON.stringify({
          Statement: [
            {
              Action,
              Effect: "Allow",
              Resource: "arn:aws:sagemaker:us-east-1:123456789012:pipeline/churn-dev",
            },
          ],
        }),
      },
      takes: rule.takes,
      title: "iam/RolePolicy build-role",
    });
    assert.deepEqual(arrows(references([allowing(["sagemaker:AddTags"])])), []);
    assert.deepEqual(arrows(references([allowing(["sagemaker:StartPipelineExecution"])])), [
      { aside: false, from: "build", to: "training", word: "starts" },
    ]);
  });

  it("is dotted if it tells people, and not if it starts a pipeline", () => {
    const decided = {
      inputs: { eventPattern: '{"detail":{"ModelPackageGroupName":["churn-dev"]}}' },
      takes: rule.takes,
    };
    const drawn = ["on-pending", "deploy-on-approval"].map((it) =>
      arrows(references([{ ...decided, title: `cloudwatch/EventRule ${it}` }])),
    );
    assert.deepEqual(drawn, [
      [{ aside: true, from: "registry", to: "told", word: "waits for approval" }],
      [{ aside: false, from: "registry", to: "decided", word: "approved, rejected" }],
    ]);
  });

  it("needs a word: an input between two boxes that has none is an error", () => {
    const logs = {
      inputs: { logsConfig: "group" },
      takes: new Map([["logsConfig", ["sns/Topic messages"]]]),
      title: "codebuild/Project build",
    };
    assert.throws(() => arrows(references([logs])), {
      message:
        "codebuild/Project.logsConfig from build to topic must have a word in meanings or unsaid of scripts/diagram/arrows.ts",
    });
  });
});
