import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import type { SourceArgs } from "../components/args";
import { ModelBuildPipeline } from "../components/modelBuildPipeline";
import { ModelDeployPipeline } from "../components/modelDeployPipeline";
import { connect } from "../components/seeding/connect";
import { withFakeAws } from "./support/fakeAws";
import { keyArn, place, record, type Recording } from "./support/mocks";

const accountId = place.accountId;
const repositoryName = "sagemaker-churn-dev-modelbuild";

describe("the first commit", () => {
  it("is made before the pipeline is, as that runs at once", async () => {
    const { recording } = await withSource({ codecommit: {} });
    assert.deepEqual(recording.beforeCreate, [
      "codepipeline/Pipeline build-pipeline: build-source-first-commit",
    ]);
  });

  const connectionArn =
    "arn:aws:codeconnections:us-east-1:123456789012:connection/11111111-2222-3333-4444-555555555555";
  const sources: Record<string, SourceArgs> = {
    "when seed is false": { codecommit: { seed: false } },
    "in an existing repository": { existing: { repositoryName: "team-model" } },
    "in a repository outside AWS": {
      connection: { connectionArn, fullRepositoryId: "acme/churn-model" },
    },
  };
  for (const [when, source] of Object.entries(sources)) {
    it(`is left to others ${when}`, async () => {
      const { hooks, recording } = await withSource(source);
      assert.deepEqual(recording.beforeCreate, []);
      assert.deepEqual(hooks, []);
    });
  }

  it("asks who it is, then for branches, with the region and credentials of the stack", async () => {
    const { hooks } = await withSource({ codecommit: {} });
    let told: string[] = [];
    const asked = await withFakeAws(
      { accountId, ListBranches: { branches: ["main"] } },
      async () => {
        told = await linesOf(() => run(hooks));
      },
    );

    const ours = { accessKeyId: "ours", region: "us-east-1" };
    assert.deepEqual(asked, [
      { ...ours, action: "GetCallerIdentity", input: {} },
      { ...ours, action: "ListBranches", input: { repositoryName } },
    ]);
    assert.deepEqual(told, [
      `info: [runtime] ${repositoryName} is not seeded: it has the branch main already`,
    ]);
  });

  it("uses the profile of the stack's config rather than the environment", async () => {
    const { hooks } = await withSource({ codecommit: {} }, { "aws:profile": "team" });
    const folder = mkdtempSync(join(tmpdir(), "profiles-"));
    const file = join(folder, "credentials");
    writeFileSync(file, "[team]\naws_access_key_id = theirs\naws_secret_access_key = secret\n");
    try {
      const asked = await withFakeAws(
        { accountId, ListBranches: { branches: ["main"] } },
        () => linesOf(() => run(hooks)).then(() => undefined),
        {
          AWS_SHARED_CREDENTIALS_FILE: file,
          AWS_ACCESS_KEY_ID: "ours",
          AWS_SECRET_ACCESS_KEY: "x",
        },
      );
      assert.deepEqual(
        asked.map((it) => it.accessKeyId),
        ["theirs", "theirs"],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const otherwise =
    "\nOr set source.codecommit.seed to false, and make the first commit yourself, for example by " +
    '"npm run seed -- --stack dev"';
  const remedy =
    "the starter must be committed with credentials of account 123456789012: set AWS_PROFILE or aws:profile to a " +
    'profile of 123456789012, for example "pulumi config set aws:profile churn-dev"; got ';

  it("fails the pipeline's creation in another account, and tells two ways out", async () => {
    const { hooks } = await withSource({ codecommit: {} });
    const asked = await withFakeAws({ accountId: "210987654321" }, () =>
      assert.rejects(run(hooks), { message: `${remedy}those of 210987654321${otherwise}` }),
    );
    assert.deepEqual(
      asked.map(({ action }) => action),
      ["GetCallerIdentity"],
    );
  });

  it("of a deployment goes into its repository, and tells its own key as the way out", async () => {
    const modelBuild = {
      artifactBucketName: "sagemaker-churn-dev-eb805c6c",
      artifactKeyArn: keyArn,
      modelPackageGroupName: "churn-dev",
      notificationTopicArn: "arn:aws:sns:us-east-1:123456789012:sagemaker-churn-dev-messages",
    };
    const args = { projectName: "churn", projectId: "dev", modelBuild };
    const { hooks } = await hooksOf((opts) => new ModelDeployPipeline("deploy", args, opts));
    const answers = { accountId, ListBranches: { branches: ["main"] } };
    const asked = await withFakeAws(answers, () => linesOf(() => run(hooks)).then(() => undefined));
    assert.deepEqual(asked.at(-1)?.input, { repositoryName: "sagemaker-churn-dev-modeldeploy" });
    await withFakeAws({ accountId: "210987654321" }, () =>
      assert.rejects(run(hooks), {
        message:
          `${remedy}those of 210987654321\nOr set deploy.source.codecommit.seed to false, and make the first commit ` +
          'yourself, for example by "npm run seed -- --stack dev --deploy"',
      }),
    );
  });

  it("fails without credentials, and tells two ways out", async () => {
    const { hooks } = await withSource({ codecommit: {} });
    const asked = await withFakeAws(
      { accountId },
      () =>
        assert.rejects(run(hooks), {
          message: `${remedy}none that work (Could not load credentials from any providers)${otherwise}`,
        }),
      {},
    );
    assert.deepEqual(asked, []);
  });

  it("reaches AWS as one commit", async () => {
    const files = [
      { content: Buffer.from("echo"), isExecutable: true, path: "run.sh" },
      { content: Buffer.from("x"), isExecutable: false, path: "a/b.py" },
    ];
    const answers = { accountId, CreateCommit: { commitId: "0123456789abcdef" } };
    const asked = await withFakeAws(answers, async () => {
      const { commit } = await connect({ region: "eu-west-1" });
      const id = await commit("team-model", { branch: "release", files, message: "Start" });
      assert.equal(id, "0123456789abcdef");
    });
    assert.deepEqual(asked, [
      {
        accessKeyId: "ours",
        action: "CreateCommit",
        region: "eu-west-1",
        input: {
          authorName: "model-build-pipeline",
          branchName: "release",
          commitMessage: "Start",
          putFiles: [
            { filePath: "run.sh", fileContent: "ZWNobw==", fileMode: "EXECUTABLE" },
            { filePath: "a/b.py", fileContent: "eA==", fileMode: "NORMAL" },
          ],
          repositoryName: "team-model",
        },
      },
    ]);
  });
});

/** What a model build with this source registers, and the hooks that run before its pipeline is created. */
function withSource(
  source: SourceArgs,
  config: Record<string, string> = {},
): Promise<{ hooks: unknown[]; recording: Recording }> {
  const args = { projectName: "churn", projectId: "dev", source };
  return hooksOf((opts) => new ModelBuildPipeline("build", args, opts), config);
}

async function hooksOf(
  program: (opts: pulumi.ComponentResourceOptions) => unknown,
  config: Record<string, string> = {},
): Promise<{ hooks: unknown[]; recording: Recording }> {
  const hooks: unknown[] = [];
  const transformations = [
    ({ opts, type }: pulumi.ResourceTransformationArgs) => {
      if (type.endsWith(":Pipeline")) hooks.push(...(opts.hooks?.beforeCreate ?? []));
      return undefined;
    },
  ];
  const recording = await record(() => program({ transformations }), { config });
  return { hooks, recording };
}

/** Does what the engine does. */
async function run(hooks: unknown[]): Promise<void> {
  assert.equal(hooks.length, 1);
  for (const hook of hooks) {
    assert.ok(pulumi.ResourceHook.isInstance(hook));
    await hook.callback({ urn: "urn", id: "", name: "build-pipeline", type: "codepipeline" });
  }
}

/** What is printed meanwhile; the mock engine has no log of its own. The SDK warns of a profile beside keys. */
async function linesOf(work: () => Promise<void>): Promise<string[]> {
  const lines: string[] = [];
  const { log, warn } = console;
  console.log = (line: string) => lines.push(line);
  console.warn = () => undefined;
  try {
    await work();
  } finally {
    Object.assign(console, { log, warn });
  }
  return lines;
}
