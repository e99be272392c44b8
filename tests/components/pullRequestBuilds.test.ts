import { strict as assert } from "node:assert";

import { z } from "zod";

import type { ModelBuildPipelineArgs } from "../../components/modelBuild/modelBuildPipelineArgs";
import { ModelBuildPipeline } from "../../components/modelBuild/modelBuildPipeline";
import { matches } from "../../local/services/eventbridge/matches";
import { pullRequestEvent } from "../../local/services/eventbridge/pullRequestEvent";
import type { ServiceEvent } from "../../local/services/eventbridge/serviceEvent";
import { transformed } from "../../local/services/eventbridge/transformed";
import { asDocument, reviewed } from "../support/documents";
import { sampleEvent } from "../support/events";
import { awsContext, record, type Recording } from "../support/mocks";

const targetShape = z.object({
  arn: z.string(),
  inputTransformer: z.object({
    inputPaths: z.record(z.string(), z.string()),
    inputTemplate: z.string(),
  }),
  roleArn: z.string(),
});
const created = sampleEvent("codecommit-pull-request-created");
const compared = sampleEvent("codebuild-compare-succeeded");
const changed = (event: ServiceEvent, detail: Record<string, unknown>) => ({
  ...event,
  detail: { ...event.detail, ...detail },
});

function project(args: Partial<ModelBuildPipelineArgs> = {}): Promise<Recording> {
  const build = {
    comparePullRequests: true,
    environment: { PIP_INDEX_URL: "https://example.com" },
  };
  return record(
    () =>
      new ModelBuildPipeline("build", { projectName: "churn", projectId: "dev", build, ...args }),
  );
}

describe("builds of pull requests", () => {
  let recording: Recording;

  before(async () => {
    recording = await project();
  });

  it("are added by build.comparePullRequests, which is off by default", async () => {
    const others = (await project({ build: {} })).inventory();
    assert.deepEqual(
      recording.inventory().filter((one) => !others.includes(one)),
      [
        "cloudwatch/EventRule build-compared-rule",
        "cloudwatch/EventRule build-pull-request-rule",
        "cloudwatch/EventTarget build-compared-rule",
        "cloudwatch/EventTarget build-pull-request-rule",
        "cloudwatch/LogGroup build-comment-logs",
        "cloudwatch/LogGroup build-compare-logs",
        "codebuild/Project build-comment",
        "codebuild/Project build-compare",
        "iam/Role build-comment-role",
        "iam/Role build-compare-role",
        "iam/Role build-pull-request-role",
        "iam/RolePolicy build-comment-role",
        "iam/RolePolicy build-compare-role",
        "iam/RolePolicy build-pull-request-role",
      ],
    );
  });

  it("clone the repository; only the comparison writes an artifact", () => {
    const { artifacts, environment, source, sourceVersion } = recording.inputsOf(
      "codebuild/Project",
      "build-compare",
    );
    assert.deepEqual(artifacts, {
      type: "S3",
      location: "mlops-churn--dev--eb805c6c",
      path: "mlops-churn--dev--pull-requests",
      namespaceType: "BUILD_ID",
      name: "findings",
      packaging: "NONE",
    });
    const clone = { type: "CODECOMMIT", gitCloneDepth: 0, location: cloneUrlOf(recording) };
    assert.deepEqual(source, { ...clone, buildspec: "compare-buildspec.yml" });
    assert.equal(sourceVersion, "refs/heads/main");
    assert.deepEqual(variablesOf(environment), { PIP_INDEX_URL: "https://example.com" });

    const comment = recording.inputsOf("codebuild/Project", "build-comment");
    assert.deepEqual(comment.artifacts, { type: "NO_ARTIFACTS" });
    assert.deepEqual(comment.source, { ...clone, buildspec: "comment-buildspec.yml" });
    assert.equal(comment.sourceVersion, "refs/heads/main");
    assert.deepEqual(variablesOf(comment.environment), {
      REPOSITORY_NAME: "mlops-churn--dev--modelbuild",
    });
  });

  for (const role of ["comment", "compare", "pull-request"]) {
    it(`match the review: role ${role}`, () => {
      const name = `build-${role}-role`;
      assert.deepEqual(
        asDocument(recording.inputsOf("iam/RolePolicy", name).policy),
        reviewed(`${role}-role-policy`),
      );
      assert.deepEqual(
        asDocument(recording.inputsOf("iam/Role", name).assumeRolePolicy),
        reviewed(`${role}-role-trust`),
      );
    });
  }

  for (const [type, name, file] of [
    ["kms/Key", "build-key", "key-policy-pull-requests"],
    ["sqs/QueuePolicy", "build-undelivered-events", "undelivered-events-policy-pull-requests"],
  ] as const)
    it(`match the review: ${file}`, () => {
      assert.deepEqual(asDocument(recording.inputsOf(type, name).policy), reviewed(file));
    });

  const rules: [what: string, rule: string, event: ServiceEvent, takes: boolean][] = [
    ["a new pull request", "pull-request", created, true],
    [
      "a push to the source branch",
      "pull-request",
      changed(created, { event: "pullRequestSourceBranchUpdated" }),
      true,
    ],
    ["a merge", "pull-request", sampleEvent("codecommit-pull-request-merged"), false],
    [
      "a pull request to another branch",
      "pull-request",
      changed(created, { destinationReference: "refs/heads/release" }),
      false,
    ],
    [
      "a closed pull request",
      "pull-request",
      changed(created, { pullRequestStatus: "Closed" }),
      false,
    ],
    [
      "a pull request in another repository",
      "pull-request",
      { ...created, resources: ["arn:aws:codecommit:us-east-1:123456789012:payroll"] },
      false,
    ],
    ["a comparison", "compared", compared, true],
    ["a failed comparison", "compared", changed(compared, { "build-status": "FAILED" }), true],
    ["a stopped comparison", "compared", changed(compared, { "build-status": "STOPPED" }), false],
    [
      "a comparison in progress",
      "compared",
      changed(compared, { "build-status": "IN_PROGRESS" }),
      false,
    ],
    [
      "another build",
      "compared",
      changed(compared, { "project-name": "mlops-churn--dev--comment" }),
      false,
    ],
  ];
  for (const [what, rule, event, takes] of rules)
    it(`${takes ? "start" : "do not start"} after ${what}`, () => {
      const { eventPattern } = recording.inputsOf("cloudwatch/EventRule", `build-${rule}-rule`);
      assert.equal(matches(JSON.parse(String(eventPattern)), event), takes);
    });

  it("get commits and pull request from the event, and nothing that a user writes", () => {
    assert.deepEqual(inputOf("pull-request", created), {
      project: "mlops-churn--dev--compare",
      sourceVersion: created.detail.sourceCommit,
      variables: {
        BASE_COMMIT: created.detail.destinationCommit,
        PULL_REQUEST_ID: created.detail.pullRequestId,
      },
    });
  });

  it("comment with the code of the branch on what the first build was started for", () => {
    assert.deepEqual(inputOf("compared", compared), {
      project: "mlops-churn--dev--comment",
      sourceVersion: undefined,
      variables: {
        COMPARE_BUILD: compared.detail["build-id"],
        COMPARE_STATUS: "SUCCEEDED",
      },
    });
  });

  function inputOf(rule: string, event: ServiceEvent) {
    const { arn, inputTransformer } = targetShape.parse(
      recording.inputsOf("cloudwatch/EventTarget", `build-${rule}-rule`),
    );
    const { environmentVariablesOverride, ...input } = z
      .strictObject({
        environmentVariablesOverride: z.array(
          z.strictObject({ name: z.string(), type: z.literal("PLAINTEXT"), value: z.string() }),
        ),
        sourceVersion: z.string().optional(),
      })
      .parse(JSON.parse(transformed(inputTransformer, event)));
    return {
      project: arn.split("/").at(-1),
      sourceVersion: input.sourceVersion,
      variables: Object.fromEntries(
        environmentVariablesOverride.map(({ name, value }) => [name, value]),
      ),
    };
  }
});

describe("event of a pull request in the local cloud", () => {
  it("has the format of CodeCommit, without dates and texts", () => {
    const { detail } = created;
    const made = pullRequestEvent({
      ...awsContext,
      destination: [String(detail.destinationReference), String(detail.destinationCommit)],
      event: "pullRequestCreated",
      pullRequestId: String(detail.pullRequestId),
      repositoryName: "mlops-churn--dev--modelbuild",
      source: [String(detail.sourceReference), String(detail.sourceCommit)],
      title: String(detail.title),
    });
    const left = [
      "creationDate",
      "description",
      "lastModifiedDate",
      "notificationBody",
      "revisionId",
    ];
    const expected = Object.entries(detail).filter(([key]) => !left.includes(key));
    assert.deepEqual(
      { ...made, id: created.id, time: created.time },
      { ...created, detail: Object.fromEntries(expected) },
    );
  });
});

function cloneUrlOf(recording: Recording): unknown {
  const { source } = recording.inputsOf("codebuild/Project", "build-compare");
  return z.object({ location: z.string().min(10) }).parse(source).location;
}

function variablesOf(environment: unknown): Record<string, string> {
  const { environmentVariables } = z
    .object({ environmentVariables: z.array(z.object({ name: z.string(), value: z.string() })) })
    .parse(environment);
  return Object.fromEntries(environmentVariables.map(({ name, value }) => [name, value]));
}
