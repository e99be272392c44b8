import { strict as assert } from "node:assert";

import program = require("../../index");
import { record } from "../support/mocks";
import { textOf } from "../support/repositoryFiles";

/** Boxes of the diagram in README.md, as written there, each with its resources. */
const boxes: Readonly<Record<string, readonly string[]>> = {
  'repository["CodeCommit"]': ["codecommit/Repository model-build-source"],
  'pushRule["EventBridge rule"]': ["cloudwatch/EventRule model-build-push-rule"],
  'undeliveredEvents["dead-letter queue"]': ["sqs/Queue model-build-undelivered-events"],
  'pipeline["CodePipeline"]': ["codepipeline/Pipeline model-build-pipeline"],
  'build["CodeBuild"]': ["codebuild/Project model-build-build"],
  'registry["model package group"]': ["sagemaker/ModelPackageGroup model-build-models"],
  'notificationRules["EventBridge rules"]': [
    "cloudwatch/EventRule model-build-build-failed",
    "cloudwatch/EventRule model-build-model-pending",
    "cloudwatch/EventRule model-build-training-failed",
    "cloudwatch/EventRule model-build-training-stopped",
    "cloudwatch/EventRule model-deploy-deployment-failed",
    "cloudwatch/EventRule model-deploy-deployment-pending",
    "cloudwatch/EventRule model-deploy-deployment-rejected",
    "cloudwatch/EventRule model-deploy-deployment-rolled-back",
    "cloudwatch/EventRule model-deploy-deployment-succeeded",
  ],
  'topic["SNS topic"]': ["sns/Topic model-build-notifications"],
  'approvalRule["EventBridge rules"]': [
    "cloudwatch/EventRule model-deploy-approval-rule",
    "cloudwatch/EventRule model-deploy-staging-failed-rule",
  ],
  'deployPipeline["CodePipeline"]': ["codepipeline/Pipeline model-deploy-pipeline"],
  'deployRepository["CodeCommit"]': ["codecommit/Repository model-deploy-source"],
  'deployBuilds["CodeBuild"]': [
    "codebuild/Project model-deploy-deploy-prod",
    "codebuild/Project model-deploy-deploy-queue",
    "codebuild/Project model-deploy-deploy-staging",
    "codebuild/Project model-deploy-test-staging",
  ],
  'bucket["S3 artifact bucket"]': [
    "s3/Bucket model-build-access-logs",
    "s3/Bucket model-build-artifacts",
  ],
  'key["KMS key"]': ["kms/Key model-build-key"],
};

const people = ['scientist(["data scientist"])', 'subscribers(["subscribers"])'];

/** Dashed boxes: the code of a repository creates them, not the program. */
const dashed = [
  'training["SageMaker pipeline"]',
  'deployedModels["deployed models in S3"]',
  'endpoints["SageMaker endpoints"]',
];

/** Resource types without a box: each resource serves one that has a box. */
const leftOut = [
  "cloudwatch/Dashboard",
  "cloudwatch/EventTarget",
  "cloudwatch/LogGroup",
  "cloudwatch/MetricAlarm",
  "iam/Role",
  "iam/RolePolicy",
  "kms/Alias",
  "s3/BucketLifecycleConfiguration",
  "s3/BucketLogging",
  "s3/BucketNotification",
  "s3/BucketOwnershipControls",
  "s3/BucketPolicy",
  "s3/BucketPublicAccessBlock",
  "s3/BucketServerSideEncryptionConfiguration",
  "s3/BucketVersioning",
  "scheduler/ScheduleGroup",
  "sns/TopicPolicy",
  "sqs/QueuePolicy",
];

const next = "change the diagram in README.md and the tables of tests/scripts/diagram.test.ts";

describe("the diagram in README", () => {
  const [, diagram = ""] = /^```mermaid\n(.*?)^```/ms.exec(textOf("README.md")) ?? [];
  const drawn = matches(/^ {4}(\w+[[(].*)$/gm);
  const arrows = [...diagram.matchAll(/^ {2}(\w+) -[-.] .+ (?:-->|\.->) (\w+)$/gm)];

  function matches(pattern: RegExp): string[] {
    return [...diagram.matchAll(pattern)].map(([, it = ""]) => it).sort();
  }

  it("has the boxes of the program, and of the people and resources outside it", () => {
    assert.deepEqual(drawn, [...Object.keys(boxes), ...people, ...dashed].sort(), next);
    assert.deepEqual(matches(/^ {2}class (\w+) code$/gm), dashed.map(idOf).sort(), next);
  });

  it("has a box for each resource of the program, but for types that serve another", async () => {
    const recording = await record(program, {
      config: {
        "model-build-pipeline:deploy": '{"enabled":true}',
        "model-build-pipeline:projectName": "churn",
      },
    });
    const typeOf = (resource: string) => resource.split(" ")[0] ?? "";
    // Components have no box.
    const created = recording.inventory().filter((one) => typeOf(one).includes("/"));
    assert.deepEqual(
      created.filter((one) => !leftOut.includes(typeOf(one))),
      Object.values(boxes).flat().sort(),
      next,
    );
    const types = created.map(typeOf);
    assert.deepEqual(
      leftOut.filter((type) => !types.includes(type)),
      [],
      next,
    );
  });

  it("has arrows between its boxes only, and one to or from each", () => {
    const ends = arrows.flatMap(([, from = "", to = ""]) => [from, to]);
    assert.deepEqual([...new Set(ends)].sort(), drawn.map(idOf).sort());
    assert.equal(arrows.length, diagram.split("> ").length - 1, "an arrow has no label");
  });

  it("stays readable: at most 20 boxes and 26 arrows", () => {
    assert.ok(drawn.length > 5 && drawn.length <= 20, drawn.join("\n"));
    assert.ok(arrows.length > 5 && arrows.length <= 26, arrows.join("\n"));
  });
});

function idOf(box: string): string {
  return /^\w+/.exec(box)?.[0] ?? "";
}
