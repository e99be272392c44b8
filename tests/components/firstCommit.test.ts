import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import type { SourceArgs } from "../../components/modelBuild/modelBuildPipelineArgs";
import { ModelBuildPipeline } from "../../components/modelBuild/modelBuildPipeline";
import { ModelDeployPipeline } from "../../components/modelDeploy/modelDeployPipeline";
import { connect } from "../../components/seeding/connect";
import { withFakeAws } from "../support/fakeAws";
import { keyArn, awsContext, record, type Recording } from "../support/mocks";

const accountId = awsContext.accountId;
const repositoryName = "mlops-churn--dev--modelbuild";

describe("the first commit", () => {
  it("precedes the creation of the pipeline, which starts it", async () => {
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
    it(`is skipped ${when}`, async () => {
      const { hooks, recording } = await withSource(source);
      assert.deepEqual(recording.beforeCreate, []);
      assert.deepEqual(hooks, []);
    });
  }

  it("calls GetCallerIdentity, then ListBranches, with the stack's region and credentials", async () => {
    const { hooks } = await withSource({ codecommit: {} });
    let lines: string[] = [];
    const calls = await withFakeAws(
      { accountId, ListBranches: { branches: ["main"] } },
      async () => {
        lines = await linesOf(() => run(hooks));
      },
    );

    const ours = { accessKeyId: "ours", region: "us-east-1" };
    assert.deepEqual(calls, [
      { ...ours, action: "GetCallerIdentity", input: {} },
      { ...ours, action: "ListBranches", input: { repositoryName } },
    ]);
    assert.deepEqual(lines, [
      `info: [runtime] ${repositoryName} is not seeded: it has the branch main already`,
    ]);
  });

  it("prefers aws:profile to credentials of the environment", async () => {
    const { hooks } = await withSource({ codecommit: {} }, { "aws:profile": "team" });
    const folder = mkdtempSync(join(tmpdir(), "profiles-"));
    const file = join(folder, "credentials");
    writeFileSync(file, "[team]\naws_access_key_id = theirs\naws_secret_access_key = secret\n");
    try {
      const calls = await withFakeAws(
        { accountId, ListBranches: { branches: ["main"] } },
        () => linesOf(() => run(hooks)).then(() => undefined),
        {
          AWS_SHARED_CREDENTIALS_FILE: file,
          AWS_ACCESS_KEY_ID: "ours",
          AWS_SECRET_ACCESS_KEY: "x",
        },
      );
      assert.deepEqual(
        calls.map((it) => it.accessKeyId),
        ["theirs", "theirs"],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const alternative =
    "\nOr set source.codecommit.seed to false, and make the first commit yourself, for example by " +
    '"npm run seed -- --stack dev"';
  const remedy =
    "the starter must be committed with credentials of account 123456789012: set AWS_PROFILE or aws:profile to a " +
    'profile of 123456789012, for example "pulumi config set aws:profile churn-dev"; got ';

  it("fails with credentials of another account, and names two fixes", async () => {
    const { hooks } = await withSource({ codecommit: {} });
    const calls = await withFakeAws({ accountId: "210987654321" }, () =>
      assert.rejects(run(hooks), { message: `${remedy}those of 210987654321${alternative}` }),
    );
    assert.deepEqual(
      calls.map(({ action }) => action),
      ["GetCallerIdentity"],
    );
  });

  it("of a deployment seeds the deploy repository, and names deploy.source in the fix", async () => {
    const modelBuild = {
      artifactBucketName: "mlops-churn--dev--eb805c6c",
      artifactKeyArn: keyArn,
      modelPackageGroupName: "mlops-churn--dev--models",
      notificationTopicArn: "arn:aws:sns:us-east-1:123456789012:mlops-churn--dev--notifications",
    };
    const args = { projectName: "churn", projectId: "dev", modelBuild };
    const { hooks } = await hooksOf((opts) => new ModelDeployPipeline("deploy", args, opts));
    const answers = { accountId, ListBranches: { branches: ["main"] } };
    const calls = await withFakeAws(answers, () => linesOf(() => run(hooks)).then(() => undefined));
    assert.deepEqual(calls.at(-1)?.input, { repositoryName: "mlops-churn--dev--modeldeploy" });
    await withFakeAws({ accountId: "210987654321" }, () =>
      assert.rejects(run(hooks), {
        message:
          `${remedy}those of 210987654321\nOr set deploy.source.codecommit.seed to false, and make the first commit ` +
          'yourself, for example by "npm run seed -- --stack dev --deploy"',
      }),
    );
  });

  it("fails without credentials, and names two fixes", async () => {
    const { hooks } = await withSource({ codecommit: {} });
    const calls = await withFakeAws(
      { accountId },
      () =>
        assert.rejects(run(hooks), {
          message: `${remedy}none that work (Could not load credentials from any providers)${alternative}`,
        }),
      {},
    );
    assert.deepEqual(calls, []);
  });

  it("calls CreateCommit once", async () => {
    const files = [
      { content: Buffer.from("echo"), isExecutable: true, path: "run.sh" },
      { content: Buffer.from("x"), isExecutable: false, path: "a/b.py" },
    ];
    const answers = { accountId, CreateCommit: { commitId: "0123456789abcdef" } };
    const calls = await withFakeAws(answers, async () => {
      const { commit } = await connect({ region: "eu-west-1" });
      const id = await commit("team-model", { branch: "release", files, message: "Start" });
      assert.equal(id, "0123456789abcdef");
    });
    assert.deepEqual(calls, [
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

/** Resources of a model build with this source, and the `beforeCreate` hooks of its pipeline. */
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

/** Runs the hook as the engine does. */
async function run(hooks: unknown[]): Promise<void> {
  assert.equal(hooks.length, 1);
  for (const hook of hooks) {
    assert.ok(pulumi.ResourceHook.isInstance(hook));
    await hook.callback({ urn: "urn", id: "", name: "build-pipeline", type: "codepipeline" });
  }
}

/** The lines that `work` prints. Hides the SDK's warning about a profile with keys. */
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
