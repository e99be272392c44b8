import { strict as assert } from "node:assert";

import { type FakeGitHub, startFakeGitHub } from "../../local/scenarios/workflows/fakeGitHub";
import { gitHubFrom } from "../../scripts/github/github";
import { syncComment, syncIssue } from "../../scripts/github/sync";

const repository = "acme/model-build-pipeline";

describe("comments and issues of the workflows", () => {
  let fake: FakeGitHub;

  beforeEach(async () => {
    fake = await startFakeGitHub(repository, "token");
  });
  afterEach(() => fake.stop());

  function github(overrides: NodeJS.ProcessEnv = {}) {
    const defaults = {
      GITHUB_API_URL: fake.url,
      GITHUB_REPOSITORY: repository,
      GITHUB_TOKEN: "token",
    };
    return gitHubFrom({ ...defaults, ...overrides });
  }
  const comment = (body: string, key = "preview-dev") =>
    syncComment(github(), { body, key, pullRequest: 12 });

  it("creates one comment per stack and updates it", async () => {
    assert.equal(await comment("first"), "created");
    assert.equal(await comment("of prod", "preview-prod"), "created");
    assert.equal(await comment("second"), "updated");
    assert.deepEqual(
      fake.written.map(({ body, on }) => [on, body.split("\n")[1]]),
      [
        [12, "second"],
        [12, "of prod"],
      ],
    );
  });

  it("finds its comment on any page, and ignores marks of other users", async () => {
    for (let number = 1; number <= 150; number += 1) {
      const body = number === 7 ? "<!-- model-build-pipeline: preview-dev -->\nforged" : "text";
      fake.written.push({ author: "mallory", body, number, on: 12, state: "open" });
    }
    assert.equal(await comment("first"), "created");
    assert.equal(await comment("second"), "updated");
    assert.deepEqual(fake.changes, ["POST /issues/12/comments", "PATCH /issues/comments/151"]);
  });

  it("opens one issue per drift, updates it, and closes it with a comment", async () => {
    const nightly = (body?: string) =>
      syncIssue(github(), { body, key: "drift-dev", title: "Drift detected: dev" });
    assert.equal(await nightly(), "none");
    assert.equal(await nightly("a rule"), "created");
    assert.equal(await nightly("a rule and a role"), "updated");
    assert.equal(await nightly(), "closed");
    assert.equal(await nightly("a bucket"), "created");
    assert.deepEqual(
      fake.written
        .filter(({ on }) => on === undefined)
        .map(({ body, state, title }) => [title, body.split("\n")[1], state]),
      [
        ["Drift detected: dev", "a rule and a role", "closed"],
        ["Drift detected: dev", "a bucket", "open"],
      ],
    );
    const comments = fake.written.filter(({ on }) => on !== undefined);
    assert.deepEqual(
      comments.map(({ body }) => body),
      ["Resolved."],
    );
  });

  it("fails with GitHub's response, or with the name of an invalid variable", async () => {
    const call = syncIssue(github({ GITHUB_TOKEN: "old" }), {
      body: "x",
      key: "drift",
      title: "x",
    });
    await assert.rejects(call, /GitHub answered 401 to GET \/issues.*Bad credentials/);
    assert.throws(() => github({ GITHUB_REPOSITORY: "acme" }), {
      message: "GITHUB_REPOSITORY must be OWNER/NAME, for example acme/churn",
    });
  });
});
