import { strict as assert } from "node:assert";

import { z } from "zod";

import { ModelBuildPipeline } from "../../components/modelBuild/modelBuildPipeline";
import { matches } from "../../local/services/eventbridge/matches";
import { pushEvent } from "../../local/services/eventbridge/pushEvent";
import type { ServiceEvent } from "../../local/services/eventbridge/serviceEvent";
import { transformed } from "../../local/services/eventbridge/transformed";
import { sampleEvent } from "../support/events";
import { awsContext, record, type Recording } from "../support/mocks";

const repositoryName = "mlops-churn--dev--modelbuild";
const push = sampleEvent("codecommit-push");

const starts: Record<string, ServiceEvent> = {
  "a push to main": push,
  "the first push to main": sampleEvent("codecommit-branch-created"),
  "a second event of the same push": { ...push, id: "another" },
  "a push to main by the end-to-end run": pushEvent({
    ...awsContext,
    branch: "main",
    commitId: "1",
    oldCommitId: "0",
    repositoryId: "2",
    repositoryName,
  }),
  "the first push by the end-to-end run": pushEvent({
    ...awsContext,
    branch: "main",
    commitId: "1",
    repositoryId: "2",
    repositoryName,
  }),
};

const startsNothing: Record<string, ServiceEvent> = {
  "a push to another branch": toBranch("feature/tenure"),
  "a push to a branch with the prefix main": toBranch("main2"),
  "a push to a branch with the suffix main": toBranch("feature/main"),
  "a push to a branch Main": toBranch("Main"),
  "the deletion of main": sampleEvent("codecommit-branch-deleted"),
  "a new tag": sampleEvent("codecommit-tag-created"),
  "a new tag named main": changed(sampleEvent("codecommit-tag-created"), {
    referenceFullName: "refs/tags/main",
    referenceName: "main",
  }),
  "a push to another repository": inRepository("mlops-other--dev--modelbuild"),
  "a push to a repository with the same prefix": inRepository(`${repositoryName}2`),
  "a push to a repository with the same name in another account": {
    ...push,
    account: "210987654321",
    resources: [`arn:aws:codecommit:us-east-1:210987654321:${repositoryName}`],
  },
  "a push to a repository with the same name in another region": {
    ...push,
    region: "eu-west-1",
    resources: [`arn:aws:codecommit:eu-west-1:123456789012:${repositoryName}`],
  },
  "a merged pull request, which sends a push event too": sampleEvent(
    "codecommit-pull-request-merged",
  ),
  "a comment on a commit": sampleEvent("codecommit-comment-on-commit"),
  "an unreferenced merge commit": changed(push, {
    event: "unreferencedMergeCommitCreated",
  }),
  "a push event with another source": { ...push, source: "custom.codecommit" },
};

describe("push rule", () => {
  let recording: Recording;
  let pattern: unknown;

  before(async () => {
    recording = await record(
      () => new ModelBuildPipeline("build", { projectName: "churn", projectId: "dev" }),
    );
    pattern = z
      .string()
      .transform((text): unknown => JSON.parse(text))
      .parse(recording.inputsOf("cloudwatch/EventRule", "build-push-rule").eventPattern);
  });

  for (const [what, event] of Object.entries(starts))
    it(`starts the model build for ${what}`, () => {
      assert.equal(matches(pattern, event), true);
    });

  for (const [what, event] of Object.entries(startsNothing))
    it(`starts nothing for ${what}`, () => {
      assert.equal(matches(pattern, event), false);
    });

  it("passes only the pushed commit to CodePipeline", () => {
    const transformer = z
      .object({ inputPaths: z.record(z.string(), z.string()), inputTemplate: z.string() })
      .parse(recording.inputsOf("cloudwatch/EventTarget", "build-push-rule").inputTransformer);

    assert.deepEqual(JSON.parse(transformed(transformer, push)), {
      sourceRevisions: [
        {
          actionName: "ModelBuildWorkflowCode",
          revisionType: "COMMIT_ID",
          revisionValue: push.detail.commitId,
        },
      ],
    });
  });
});

describe("event of a push", () => {
  it("has the format of CodeCommit", () => {
    const made = pushEvent({
      ...awsContext,
      branch: "main",
      commitId: String(push.detail.commitId),
      oldCommitId: String(push.detail.oldCommitId),
      repositoryId: String(push.detail.repositoryId),
      repositoryName,
    });
    assert.deepEqual({ ...made, id: push.id, time: push.time }, push);
    assert.match(made.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it("has no oldCommitId if the push created the branch", () => {
    const created = sampleEvent("codecommit-branch-created");
    const made = pushEvent({
      ...awsContext,
      branch: "main",
      commitId: String(created.detail.commitId),
      repositoryId: String(created.detail.repositoryId),
      repositoryName,
    });
    assert.deepEqual({ ...made, id: created.id, time: created.time }, created);
  });
});

function changed(event: ServiceEvent, detail: Record<string, unknown>): ServiceEvent {
  return { ...event, detail: { ...event.detail, ...detail } };
}

function toBranch(branch: string): ServiceEvent {
  return changed(push, { referenceFullName: `refs/heads/${branch}`, referenceName: branch });
}

function inRepository(name: string): ServiceEvent {
  const event = changed(push, { repositoryName: name });
  return { ...event, resources: [`arn:aws:codecommit:us-east-1:123456789012:${name}`] };
}
