import { strict as assert } from "node:assert";

import { type FakeGitHub, startFakeGitHub } from "../local/examples/fakeGitHub";
import { gitHubFrom } from "../scripts/github/github";
import { keepComment, keepIssue } from "../scripts/github/keep";
import { loginArguments } from "../scripts/stack/login";

const repository = "acme/model-build-pipeline";

describe("what the workflows write at GitHub", () => {
  let fake: FakeGitHub;

  beforeEach(async () => {
    fake = await startFakeGitHub(repository, "token");
  });
  afterEach(() => fake.stop());

  function github(instead: NodeJS.ProcessEnv = {}) {
    const given = {
      GITHUB_API_URL: fake.url,
      GITHUB_REPOSITORY: repository,
      GITHUB_TOKEN: "token",
    };
    return gitHubFrom({ ...given, ...instead });
  }
  const previewed = (body: string, key = "preview-dev") =>
    keepComment(github(), { body, key, pullRequest: 12 });

  it("is one comment per stack, which is edited and not repeated", async () => {
    assert.equal(await previewed("first"), "made");
    assert.equal(await previewed("of prod", "preview-prod"), "made");
    assert.equal(await previewed("second"), "edited");
    assert.deepEqual(
      fake.written.map(({ body, on }) => [on, body.split("\n")[1]]),
      [
        [12, "second"],
        [12, "of prod"],
      ],
    );
  });

  it("finds its comment behind a hundred others, and leaves alone what somebody else marked so", async () => {
    for (let number = 1; number <= 150; number += 1) {
      const body = number === 7 ? "<!-- model-build-pipeline: preview-dev -->\nmine" : "words";
      fake.written.push({ author: "mallory", body, number, on: 12, state: "open" });
    }
    assert.equal(await previewed("first"), "made");
    assert.equal(await previewed("second"), "edited");
    assert.deepEqual(fake.changes, ["POST /issues/12/comments", "PATCH /issues/comments/151"]);
  });

  it("is one issue about drift, which is edited while it lasts and closed when it is over", async () => {
    const night = (body?: string) => keepIssue(github(), { body, key: "drift", title: "Drift" });
    assert.equal(await night(), "none");
    assert.equal(await night("a rule"), "made");
    assert.equal(await night("a rule and a role"), "edited");
    assert.equal(await night(), "closed");
    assert.equal(await night("a bucket"), "made");
    assert.deepEqual(
      fake.written
        .filter(({ on }) => on === undefined)
        .map(({ body, state, title }) => [title, body.split("\n")[1], state]),
      [
        ["Drift", "a rule and a role", "closed"],
        ["Drift", "a bucket", "open"],
      ],
    );
  });

  it("fails with GitHub's own words, and names a variable that is missing", async () => {
    const call = keepIssue(github({ GITHUB_TOKEN: "old" }), {
      body: "x",
      key: "drift",
      title: "x",
    });
    await assert.rejects(call, /GitHub answered 401 to GET \/issues.*Bad credentials/);
    assert.throws(() => github({ GITHUB_REPOSITORY: "acme" }), /GITHUB_REPOSITORY/);
  });
});

describe("the login to the state", () => {
  const ask = (audience: string) => Promise.resolve(`token for ${audience}`);

  it("needs nothing but AWS credentials for a bucket", async () => {
    const BACKEND = "s3://acme-state?region=us-east-1";
    assert.deepEqual(await loginArguments({ BACKEND }, ask), ["login", BACKEND]);
  });

  it("takes the workflow's own token to Pulumi Cloud", async () => {
    const given = { BACKEND: "https://api.pulumi.com", ORGANIZATION: "acme" };
    assert.deepEqual(await loginArguments(given, ask), [
      ...["login", "--cloud-url", "https://api.pulumi.com", "--oidc-org", "acme"],
      ...["--oidc-token", "token for urn:pulumi:org:acme", "--default-org", "acme"],
    ]);
  });

  it("names the variable that is missing or wrong", async () => {
    await assert.rejects(
      loginArguments({}, ask),
      /PULUMI_BACKEND_URL must be a bucket, .*; got ""/,
    );
    await assert.rejects(
      loginArguments({ BACKEND: "https://api.pulumi.com" }, ask),
      /PULUMI_ORGANIZATION/,
    );
  });
});
