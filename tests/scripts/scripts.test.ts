import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";

import { z } from "zod";

import { type FakeGitHub, startFakeGitHub } from "../../local/scenarios/workflows/fakeGitHub";
import { endpointsInput } from "../../scripts/endpoints/commandLine";
import { programIn } from "../../lib/programIn";
import { isAnsweredYes } from "../../lib/question";
import { withFakeAws } from "../support/fakeAws";
import { TestPath, runFile } from "../support/process";

const root = join(__dirname, "..", "..");
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));

/** File of an npm script. */
function fileOf(name: string): string {
  return /^node --import tsx (\S+)$/.exec(scripts[name] ?? "")?.[1] ?? "";
}
const run = (name: string, args: readonly string[], env?: NodeJS.ProcessEnv) =>
  runFile(fileOf(name), args, env);

/** npm scripts of this repository, with an invalid command line and its message. */
const invalid: Readonly<Record<string, readonly [args: readonly string[], message: RegExp]>> = {
  bench: [["--runs", "0"], /^--runs must be a number from 1 to 99; got "0"\n/],
  check: [["spelling"], /^a check must be one of format, lint, .*; got spelling\n/],
  clear: [[], /^--stack must name a stack, for example "dev"\n/],
  comment: [["--file", "a", "--key", "b"], /^--pull-request must be a number, for example 12/],
  doctor: [["--stack", "dev", "extra"], /^Unexpected argument 'extra'/],
  endpoints: [["status"], /^--stack must name a stack, for example "dev"\n/],
  generate: [["outputs"], /^the command takes no arguments, got "outputs"\n/],
  issue: [["--stack", "dev"], /^--file must name a file, for example drift.txt\n/],
  local: [["--scenario", "bogus"], /^--scenario must be one of consumer, e2e, .*, got "bogus"\n/],
  package: [["--bogus"], /^Unknown option '--bogus'/],
  policy: [[], /^one state file must be named, e.g. state.json, got none\n/],
  preview: [["--comment", "a"], /^--stack must name a stack, for example "dev"\n/],
  prove: [["--yes"], /^--stack must name a stack, for example "dev"\n/],
  revoke: [["--stack", "dev"], /^--role must be one of execution, build, .*, got none\n/],
  seed: [["--deploy"], /^--stack must name a stack, for example "dev"\n/],
};

describe("the npm scripts", () => {
  it("are at most 17", () => {
    assert.ok(Object.keys(scripts).length <= 17);
    const own = Object.keys(scripts).filter((name) => fileOf(name) !== "");
    assert.deepEqual(own.sort(), Object.keys(invalid).sort());
  });

  it("that talk to AWS start without the local cloud", () => {
    const inLocal = Object.keys(scripts).filter((name) => scripts[name]?.includes("local/"));
    assert.deepEqual(inLocal.sort(), ["bench", "local"]);
  });

  for (const [name, [args, message]] of Object.entries(invalid)) {
    it(`npm run ${name}: help exits 0, an invalid command line exits 2`, async function () {
      this.timeout(60_000);
      const [help, error] = await Promise.all([run(name, ["--help"]), run(name, args)]);
      assert.equal(help.code, 0, help.stderr);
      assert.match(help.stdout, new RegExp(`^npm run ${name}\\b`));
      assert.match(help.stdout, /\nExit codes/);
      assert.equal(error.code, 2, error.stderr);
      assert.match(error.stderr, message);
      assert.match(error.stderr, new RegExp(`\nTry: npm run ${name} -- --help\n$`));
    });
  }

  it("npm run endpoints: rejects an unknown action and options of another one", () => {
    for (const [args, message] of [
      [["--stack", "dev"], "one of status, delete, rollback, retry is required, got none"],
      [
        ["stop", "--stack", "dev"],
        'one of status, delete, rollback, retry is required, got "stop"',
      ],
      [["status", "--stack", "dev", "--yes"], "--yes needs delete"],
      [["retry", "--stack", "dev", "--endpoint", "prod"], "--endpoint needs delete"],
      [["retry", "--stack", "dev", "--version", "2"], "--version needs rollback"],
      [
        ["delete", "--stack", "dev", "--endpoint", "test"],
        '--endpoint must be one of staging, prod, all, got "test"',
      ],
      [
        ["rollback", "--stack", "dev", "--version", "0"],
        '--version must be the number of a model version, for example 2, got "0"',
      ],
    ] as const)
      assert.throws(() => endpointsInput([...args]), { message });
  });

  it("npm run endpoints: delete takes the staging endpoint by default", () => {
    assert.deepEqual(endpointsInput(["delete", "--stack", "dev"]), {
      action: "delete",
      endpoint: "staging",
      isConfirmed: false,
      stack: "dev",
      version: undefined,
    });
  });

  it("npm run local: a scenario rejects options of the other runs", async () => {
    for (const [args, message] of [
      [["--scenario", "policy", "--stack", "prod"], "--scenario policy does not accept --stack"],
      [["--full"], "--full needs --scenario e2e"],
    ] as const) {
      const { code, stderr } = await run("local", args);
      assert.deepEqual([code, stderr.split("\n")[0]], [2, message]);
    }
  }).timeout(60_000);
});

describe("the npm scripts without a Pulumi CLI", () => {
  const path = new TestPath();
  after(() => {
    path.delete();
  });
  const env = { PATH: path.folder };

  for (const [name, ...args] of [
    ["clear"],
    ["endpoints", "status"],
    ["preview"],
    ["revoke", "--role", "build"],
    ["seed"],
  ] as const) {
    it(`npm run ${name}: one line names the CLI, exit code 1`, async () => {
      const { code, stderr, stdout } = await run(name, [...args, "--stack", "dev"], env);
      assert.deepEqual([code, stdout], [1, ""]);
      const line =
        "the Pulumi CLI must be on PATH; install it: https://www.pulumi.com/docs/install/";
      assert.equal(stderr, `${line}\n`);
    }).timeout(60_000);
  }

  it("npm run doctor: problems exit 1", async () => {
    const { code, stdout } = await run("doctor", ["--stack", "dev"], env);
    assert.match(stdout, /^fix {3}the Pulumi CLI is not on PATH: install a version >=3/m);
    assert.match(stdout, /\ndoctor: 2 problems found\n$/);
    assert.equal(code, 1);
  }).timeout(60_000);
});

describe("npm run preview", () => {
  const path = new TestPath();
  const folder = mkdtempSync(join(tmpdir(), "preview-"));
  const comment = join(folder, "comment.md");
  const events = join(folder, "events.json");
  after(() => {
    path.delete();
    rmSync(folder, { recursive: true });
  });
  // Pulumi CLI that reports the events of a file; 3.200 still writes events to a file.
  path.add(
    "pulumi",
    `const { appendFileSync, readFileSync } = require("node:fs");
if (args[0] === "version") console.log("v3.200.0");
if (args[0] === "preview") {
  const found = JSON.parse(readFileSync(${JSON.stringify(events)}, "utf8"));
  const log = args[args.indexOf("--event-log") + 1];
  for (const event of found) appendFileSync(log, JSON.stringify(event) + "\\n");
  console.log("Previewing update");
  process.exitCode = found.some(({ policyEvent }) => policyEvent?.enforcementLevel === "mandatory") ? 1 : 0;
}
if (args[0] === "stack" && args[1] === "select" && args.includes("missing")) {
  console.error("error: no stack named 'missing' found");
  process.exitCode = 1;
}
`,
  );
  const preview = (stack: string, found: readonly object[] = []) => {
    writeFileSync(events, JSON.stringify(found));
    rmSync(comment, { force: true });
    const args = ["--stack", stack, "--comment", comment];
    return run("preview", args, { PATH: path.folder, PULUMI_BACKEND_URL: "file:///state" });
  };
  const urn = "urn:pulumi:dev::model-build-pipeline::aws:s3/bucket:Bucket::reports";
  const created = { resourcePreEvent: { metadata: { op: "create", type: "aws:s3:Bucket", urn } } };
  const violation = (enforcementLevel: string) => ({
    policyEvent: {
      enforcementLevel,
      message: "Block public access.",
      policyName: "s3-bucket-public-access-block",
      resourceUrn: urn,
    },
  });

  it("exits 0 and writes the comment if the policy pack has no violation", async () => {
    // The SDK reads the growing file of the events, and may report one twice.
    const found = [created, created, violation("advisory")];
    const { code, stderr, stdout } = await preview("dev", found);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Previewing update\n[^]*dev: 1 to create, 0 unchanged\n$/);
    assert.match(readFileSync(comment, "utf8"), /^### Stack `dev`: 1 to create/);
  }).timeout(60_000);

  it("exits 1 and writes the comment if the policy pack rejects a resource", async () => {
    const failed = { diagnosticEvent: { message: "preview failed<{%reset%}>", severity: "error" } };
    const found = [created, violation("mandatory"), failed];
    const { code, stderr, stdout } = await preview("dev", found);
    assert.equal(code, 1);
    assert.match(stderr, /^policy violation: s3-bucket-public-access-block: reports: Block/);
    assert.match(stdout, /dev: 1 policy violation, 1 to create, 0 unchanged\n$/);
    assert.match(readFileSync(comment, "utf8"), /\*\*Policy violations\*\*/);
  }).timeout(60_000);

  it("exits 1 with the command to create a missing stack", async () => {
    const { code, stderr } = await preview("missing");
    assert.deepEqual(
      [code, stderr],
      [
        1,
        'stack "missing" does not exist in file:///state; create it: pulumi stack init missing\n',
      ],
    );
    assert.ok(!existsSync(comment));
  }).timeout(60_000);
});

describe("npm run check", () => {
  const path = new TestPath();
  after(() => {
    path.delete();
  });
  path.add("npx", `console.log(args.join(" ")); process.exitCode = args[0] === "eslint" ? 1 : 0;`);

  it("runs every named check, and exits 1 if one of them has problems", async () => {
    const { code, stdout } = await run("check", ["lint", "types"], { PATH: path.folder });
    assert.match(stdout, /^\n== lint\neslint \.\n\n== types\ntsc --noEmit\n/);
    assert.match(stdout, /\nchecks: 1 succeeded, 1 with problems: lint\n$/);
    assert.equal(code, 1);
    assert.equal((await run("check", ["types"], { PATH: path.folder })).code, 0);
  }).timeout(60_000);

  it("runs the tests for their coverage, or reads the coverage of an earlier run", async () => {
    for (const [folder, command] of [
      ["", "c8 mocha"],
      ["/coverage", "c8 report --temp-directory /coverage"],
    ] as const) {
      const env = { MODEL_BUILD_PIPELINE_COVERAGE: folder, PATH: path.folder };
      const { code, stdout } = await run("check", ["coverage"], env);
      assert.deepEqual([code, stdout.split("\n")[2]], [0, command]);
    }
  }).timeout(60_000);
});

describe("npm scripts for a stack", () => {
  const path = new TestPath();
  after(() => {
    path.delete();
  });
  // Pulumi CLI that prints these outputs and this config.
  path.add("pulumi", `console.log(JSON.parse(process.env.ANSWERS)[args[0]] ?? "v3.259.0");`);
  const modelBuildPipelineArn = "arn:aws:codepipeline:us-east-1:123456789012:mlops-churn--dev";
  const outputs = {
    modelBuildPipelineArn,
    modelPackageGroupName: "mlops-churn--dev--models",
    sagemakerPipelineName: "mlops-churn--dev--training",
    sourceRepositoryName: "mlops-churn--dev",
  };
  const onStack = (name: string, stack: object, config: object = {}, args: string[] = []) =>
    run(name, [...args, "--stack", "dev"], {
      ANSWERS: JSON.stringify({ config: JSON.stringify(config), stack: JSON.stringify(stack) }),
      PATH: path.folder,
    });

  it("npm run endpoints: exits 0 if the stack deploys no models", async () => {
    const { code, stdout } = await onStack("endpoints", outputs, {}, ["status"]);
    assert.deepEqual([code, stdout.split(".")[0]], [0, "this stack does not deploy models"]);
  }).timeout(60_000);

  it("npm run endpoints: delete lists the resources, and needs --yes without a terminal", async () => {
    const Models = [{ ModelName: "mlops-churn--dev--staging-2-0123abcd" }];
    const answers = {
      accountId: "123456789012",
      DescribeEndpoint: { EndpointStatus: "InService" },
      ListModels: { Models },
    };
    const asked = await withFakeAws(answers, async () => {
      const { code, stderr, stdout } = await onStack("endpoints", deployed, {}, ["delete"]);
      assert.deepEqual(stdout.split("\n"), [
        "to delete:",
        "  endpoint mlops-churn--dev--staging",
        "  model mlops-churn--dev--staging-2-0123abcd",
        "",
      ]);
      assert.match(stderr, /^nothing was deleted\. Next: repeat the command with --yes/);
      assert.equal(code, 1);
    });
    assert.ok(!asked.some(({ action }) => action.startsWith("Delete")));
  }).timeout(60_000);

  const deployed = { ...outputs, modelDeployPipelineName: "mlops-churn--dev--modeldeploy" };
  const models = "arn:aws:sagemaker:us-east-1:123456789012:model-package/mlops-churn--dev--models";

  it("npm run endpoints: status prints the versions, rollback starts the earlier one", async () => {
    const tags = { EarlierVersions: "2,1", ModelPackageArn: `${models}/3`, ModelVersion: "3" };
    const answers = {
      accountId: "123456789012",
      DescribeEndpoint: { EndpointConfigName: "config", EndpointStatus: "InService" },
      DescribeModelPackage: { ModelApprovalStatus: "Approved" },
      ListTags: { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
      StartPipelineExecution: { pipelineExecutionId: "e-1" },
    };
    const asked = await withFakeAws(answers, async () => {
      const status = await onStack("endpoints", deployed, {}, ["status"]);
      assert.match(
        status.stdout,
        /\nmlops-churn--dev--prod +InService {2}3 .* 2,1 /,
        status.stderr,
      );
      assert.equal(status.code, 0);
      const { code, stderr, stdout } = await onStack("endpoints", deployed, {}, ["rollback"]);
      assert.match(
        stdout,
        /^Rollback of churn \(dev\) from version 3 to version 2 started\./,
        stderr,
      );
      assert.equal(code, 0);
    });
    const started = asked.filter(({ action }) => action === "StartPipelineExecution");
    assert.deepEqual(
      started.map(({ input }) => (input as { variables: unknown }).variables),
      [[{ name: "MODEL_PACKAGE_ARN", value: `${models}/2` }]],
    );
  }).timeout(60_000);

  it("npm run endpoints: retry retries the failed stage", async () => {
    const latestExecution = { pipelineExecutionId: "e-1", status: "Failed" };
    const answers = {
      accountId: "123456789012",
      GetPipelineExecution: { pipelineExecution: {} },
      GetPipelineState: { stageStates: [{ latestExecution, stageName: "DeployProduction" }] },
      ListPipelineExecutions: { pipelineExecutionSummaries: [latestExecution] },
      RetryStageExecution: {},
    };
    await withFakeAws(answers, async () => {
      const { code, stderr, stdout } = await onStack("endpoints", deployed, {}, ["retry"]);
      assert.match(
        stdout,
        /^Retry of stage DeployProduction of churn \(dev\), .*, started\.\n/,
        stderr,
      );
      assert.equal(code, 0);
    });
  }).timeout(60_000);

  it("npm run endpoints: delete with --yes names each deleted resource", async () => {
    const ModelName = "mlops-churn--dev--prod-2-0123abcd";
    const answers = {
      accountId: "123456789012",
      DescribeEndpoint: Object.assign(new Error("Could not find endpoint"), {
        name: "ValidationException",
      }),
      ListModels: { Models: [{ ModelName }] },
    };
    const asked = await withFakeAws(answers, async () => {
      const args = ["delete", "--endpoint", "all", "--yes"];
      const { code, stderr, stdout } = await onStack("endpoints", deployed, {}, args);
      assert.deepEqual(
        stdout.split("\n").slice(-3),
        [`deleting model ${ModelName}`, `deleted model ${ModelName}`, ""],
        stderr,
      );
      assert.equal(code, 0);
      const none = await onStack("endpoints", deployed, {}, ["delete", "--yes"]);
      assert.deepEqual([none.code, none.stdout], [0, "nothing to delete\n"]);
    });
    assert.deepEqual(
      asked.filter(({ action }) => action.startsWith("Delete")).map(({ input }) => input),
      [{ ModelName }],
    );
  }).timeout(60_000);

  it("npm run revoke: lists sessions and jobs, and needs --yes without a terminal", async () => {
    const executionRoleArn = "arn:aws:iam::123456789012:role/mlops-churn--dev--execution-use1";
    const PipelineExecutionSummaries = [
      { PipelineExecutionArn: "arn:1", PipelineExecutionStatus: "Executing" },
    ];
    const answers = {
      accountId: "123456789012",
      ListPipelineExecutions: { PipelineExecutionSummaries },
    };
    const asked = await withFakeAws(answers, async () => {
      const stack = { ...outputs, executionRoleArn };
      const { code, stderr, stdout } = await onStack("revoke", stack, {}, ["--role", "execution"]);
      assert.deepEqual(
        stdout.split("\n"),
        [
          "to revoke:",
          `  all sessions of ${executionRoleArn}`,
          "to stop:",
          "  pipeline execution arn:1",
          "",
        ],
        stderr,
      );
      assert.match(stderr, /^nothing was revoked\. Next: repeat the command with --yes/);
      assert.equal(code, 1);
    });
    assert.ok(!asked.some(({ action }) => /^(Put|Stop)/.test(action)));
  }).timeout(60_000);

  it("npm run revoke: rejects credentials of another account", async () => {
    await withFakeAws({ accountId: "210987654321" }, async () => {
      const args = ["--role", "build", "--yes"];
      const { code, stderr } = await onStack("revoke", outputs, {}, args);
      assert.match(stderr, /^sessions must be revoked with credentials of account 123456789012: /);
      assert.equal(code, 1);
    });
  }).timeout(60_000);

  it("npm run clear: exits 1 for a stack with posture prod", async () => {
    const { code, stderr } = await onStack("clear", outputs);
    assert.deepEqual([code, stderr.split(" to ")[0]], [1, 'posture must be "dev"']);
  }).timeout(60_000);

  it("npm run clear: exits 0 if nothing is left", async () => {
    const config = { "model-build-pipeline:posture": { value: "dev" } };
    await withFakeAws({ accountId: "123456789012" }, async () => {
      const { code, stderr, stdout } = await onStack("clear", outputs, config);
      assert.deepEqual([code, stdout], [0, "nothing to delete\n"], stderr);
    });
  }).timeout(60_000);

  it("npm run clear: names each deleted resource", async () => {
    const config = { "model-build-pipeline:posture": { value: "dev" } };
    const PipelineSummaries = [{ PipelineName: outputs.sagemakerPipelineName }];
    const answers = { accountId: "123456789012", ListPipelines: { PipelineSummaries } };
    await withFakeAws(answers, async () => {
      const { stderr, stdout } = await onStack("clear", outputs, config);
      assert.equal(stdout, "deleted SageMaker pipeline mlops-churn--dev--training\n", stderr);
    });
  }).timeout(60_000);

  it("npm run prove: prints the bill and asks; after a failed step, deletes its guard", async () => {
    const values = { projectName: "churn", posture: "dev", deploy: '{"enabled":true}' };
    const config = {
      "aws:region": { value: "us-east-1" },
      ...Object.fromEntries(
        Object.entries(values).map(([key, value]) => [`model-build-pipeline:${key}`, { value }]),
      ),
    };
    const stack = { deployment: {} };
    const folder = mkdtempSync(join(tmpdir(), "prove-"));
    try {
      await withFakeAws({ accountId: "123456789012" }, async () => {
        const asked = await onStack("prove", stack, config);
        assert.match(asked.stdout, /USD {2}total, 115 minutes\n$/, asked.stderr);
        assert.match(asked.stderr, /^nothing was created\./);
        const args = ["--yes", "--output", folder];
        const { code, stdout } = await onStack("prove", stack, config, args);
        assert.equal(code, 1);
        // PATH has no shell.
        assert.match(stdout, /^definition: failed [^]*^unguard: passed /m);
        assert.match(stdout, /\nwritten: .*prove-dev\.json\n$/);
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }).timeout(60_000);

  it("npm run doctor: exits 1 for a stack that cannot be read", async () => {
    const { code, stdout } = await onStack("doctor", {}, []);
    assert.match(stdout, /^fix {3}stack dev cannot be read: /m);
    assert.equal(code, 1);
  }).timeout(60_000);

  it("npm run seed: exits 1 without outputs, 0 if the repository has a branch", async () => {
    const { code, stderr } = await onStack("seed", {});
    const message = "the stack has no outputs of this program: run pulumi up first\n";
    assert.deepEqual([code, stderr], [1, message]);
    const answers = { accountId: "123456789012", ListBranches: { branches: ["main"] } };
    await withFakeAws(answers, async () => {
      const seeded = await onStack("seed", outputs);
      assert.equal(seeded.code, 0, seeded.stderr);
    });
  }).timeout(60_000);
});

describe("isAnsweredYes", () => {
  const answer = (line: string, isTTY: boolean) => {
    const stdin = Object.assign(new PassThrough(), { isTTY });
    stdin.write(`${line}\n`);
    return isAnsweredYes("Delete? ", { stdin, stdout: new PassThrough() });
  };

  it("is true for yes on a terminal only", async () => {
    assert.equal(await answer(" yes ", true), true);
    assert.equal(await answer("y", true), false);
    assert.equal(await answer("yes", false), false);
  });
});

describe("scripts/imports.ts", () => {
  const folder = mkdtempSync(join(tmpdir(), "imports-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("prints the import file of a state, and exits 2 without a file", async () => {
    const file = join(folder, "state.json");
    writeFileSync(file, JSON.stringify({ deployment: {} }));
    const { code, stdout } = await runFile("scripts/imports.ts", [file]);
    assert.deepEqual([code, JSON.parse(stdout)], [0, { resources: [] }]);
    const none = await runFile("scripts/imports.ts", []);
    assert.deepEqual([none.code, none.stderr.split(" ")[0]], [2, "usage:"]);
  }).timeout(60_000);
});

describe("programIn", () => {
  const folder = mkdtempSync(join(tmpdir(), "program-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("runs what index exports, with or without a default export", async () => {
    for (const [name, code] of [
      ["plain", "module.exports = async () => ({ a: 1 });"],
      ["default", "exports.__esModule = true; exports.default = async () => ({ a: 1 });"],
    ] as const) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "index.js"), code);
      assert.deepEqual(await programIn(join(folder, name))(), { a: 1 });
    }
  });
});

describe("npm run comment and npm run issue", () => {
  const folder = mkdtempSync(join(tmpdir(), "github-"));
  const file = join(folder, "text.md");
  let gitHub: FakeGitHub;
  before(async () => {
    gitHub = await startFakeGitHub("acme/churn", "token");
    writeFileSync(file, "text");
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await gitHub.stop();
  });
  const env = () => ({
    GITHUB_API_URL: gitHub.url,
    GITHUB_REPOSITORY: "acme/churn",
    GITHUB_TOKEN: "token",
  });
  const commentArgs = ["--pull-request", "12", "--key", "preview-dev", "--file", file];

  it("create a comment, and open and close an issue", async () => {
    const comment = await run("comment", commentArgs, env());
    assert.deepEqual([comment.code, comment.stdout], [0, "comment: created\n"], comment.stderr);
    const issue = (name: string) => run("issue", ["--stack", "dev", "--file", name], env());
    assert.equal((await issue(file)).stdout, "issue: created\n");
    assert.equal(gitHub.written[1]?.title, "Drift detected: dev");
    assert.equal((await issue(join(folder, "missing.md"))).stdout, "issue: closed\n");
  }).timeout(60_000);

  it("name each variable that is missing, exit code 1", async () => {
    const none = {
      GITHUB_API_URL: undefined,
      GITHUB_REPOSITORY: undefined,
      GITHUB_TOKEN: undefined,
    };
    for (const [name, args] of [
      ["comment", commentArgs],
      ["issue", ["--stack", "dev", "--file", file]],
    ] as const) {
      const { code, stderr } = await run(name, args, none);
      assert.equal(code, 1);
      assert.equal(
        stderr,
        "GITHUB_REPOSITORY must be OWNER/NAME, for example acme/churn\n" +
          "GITHUB_TOKEN must be set, in a workflow to ${{ github.token }}\n",
      );
    }
  }).timeout(60_000);
});
