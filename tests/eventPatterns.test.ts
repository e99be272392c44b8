import { strict as assert } from "node:assert";

import { z } from "zod";

import { ModelBuildPipeline } from "../components/modelBuildPipeline";
import { matches } from "../local/rehearsal/events/matches";
import { pushEvent } from "../local/rehearsal/events/pushEvent";
import type { ServiceEvent } from "../local/rehearsal/events/serviceEvent";
import { transformed } from "../local/rehearsal/events/transformed";
import { sampleEvent } from "./support/events";
import { place, record, type Recording } from "./support/mocks";

const repositoryName = "sagemaker-churn-dev-modelbuild";
const push = sampleEvent("codecommit-push");

const starts: Record<string, ServiceEvent> = {
  "a push to main": push,
  "the first push to main": sampleEvent("codecommit-branch-created"),
  "a second event of the same push, which AWS may send": { ...push, id: "another" },
  "a push to main as the rehearsal makes it": pushEvent({
    ...place,
    branch: "main",
    commitId: "1",
    oldCommitId: "0",
    repositoryId: "2",
    repositoryName,
  }),
  "the first push as the rehearsal makes it": pushEvent({
    ...place,
    branch: "main",
    commitId: "1",
    repositoryId: "2",
    repositoryName,
  }),
};

const startsNothing: Record<string, ServiceEvent> = {
  "a push to another branch": toBranch("feature/tenure"),
  "a push to a branch that begins like main": toBranch("main2"),
  "a push to a branch that ends like main": toBranch("feature/main"),
  "a push to a branch that is main in other letters": toBranch("Main"),
  "main deleted": sampleEvent("codecommit-branch-deleted"),
  "a tag created": sampleEvent("codecommit-tag-created"),
  "a tag created that is called main": changed(sampleEvent("codecommit-tag-created"), {
    referenceFullName: "refs/tags/main",
    referenceName: "main",
  }),
  "a push to another repository": inRepository("sagemaker-other-dev-modelbuild"),
  "a push to a repository whose name begins alike": inRepository(`${repositoryName}2`),
  "a push to a repository of that name in another account": {
    ...push,
    account: "210987654321",
    resources: [`arn:aws:codecommit:us-east-1:210987654321:${repositoryName}`],
  },
  "a push to a repository of that name in another region": {
    ...push,
    region: "eu-west-1",
    resources: [`arn:aws:codecommit:eu-west-1:123456789012:${repositoryName}`],
  },
  "a pull request merged, which the push to main tells as well": sampleEvent(
    "codecommit-pull-request-merged",
  ),
  "a comment on a commit": sampleEvent("codecommit-comment-on-commit"),
  "a merge commit that no branch refers to": changed(push, {
    event: "unreferencedMergeCommitCreated",
  }),
  "a push told by another source": { ...push, source: "custom.codecommit" },
};

describe("the rule for pushes", () => {
  let recording: Recording;
  let pattern: unknown;

  before(async () => {
    recording = await record(
      () => new ModelBuildPipeline("build", { projectName: "churn", projectId: "dev" }),
    );
    pattern = z
      .string()
      .transform((text): unknown => JSON.parse(text))
      .parse(recording.inputsOf("cloudwatch/EventRule", "build-on-push").eventPattern);
  });

  for (const [what, event] of Object.entries(starts))
    it(`starts the build for ${what}`, () => {
      assert.equal(matches(pattern, event), true);
    });

  for (const [what, event] of Object.entries(startsNothing))
    it(`starts nothing for ${what}`, () => {
      assert.equal(matches(pattern, event), false);
    });

  it("tells CodePipeline the pushed commit and nothing else", () => {
    const transformer = z
      .object({ inputPaths: z.record(z.string(), z.string()), inputTemplate: z.string() })
      .parse(recording.inputsOf("cloudwatch/EventTarget", "build-on-push").inputTransformer);

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

describe("an event of a push", () => {
  it("has the shape of CodeCommit's own", () => {
    const made = pushEvent({
      ...place,
      branch: "main",
      commitId: String(push.detail.commitId),
      oldCommitId: String(push.detail.oldCommitId),
      repositoryId: String(push.detail.repositoryId),
      repositoryName,
    });
    assert.deepEqual({ ...made, id: push.id, time: push.time }, push);
    assert.match(made.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it("has no earlier commit if the push created the branch", () => {
    const created = sampleEvent("codecommit-branch-created");
    const made = pushEvent({
      ...place,
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
