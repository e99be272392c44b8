import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { resolveSettings } from "../../components/validation/resolveSettings";
import { stackOf } from "../permissions/lint/policiesOf";
import { contentOf, textOf } from "../support/repositoryFiles";

/** Runtime versions are strings: YAML reads 3.10 as the number 3.1. */
const runtimes = z.record(z.string(), z.string());
const phase = z.strictObject({
  commands: z.array(z.string()).default([]),
  finally: z.array(z.string()).default([]),
});
const buildspecShape = z.strictObject({
  version: z.literal(0.2),
  artifacts: z.object({ files: z.array(z.string()) }).optional(),
  env: z.object({ "exported-variables": z.array(z.string()) }).optional(),
  // No phase has `on-failure`: after a failed command, CodeBuild runs no later phase.
  phases: z.strictObject({
    install: phase.extend({ "runtime-versions": runtimes }),
    pre_build: phase.default({ commands: [], finally: [] }),
    build: phase,
  }),
});

const images = z
  .object({
    checked: z.iso.date(),
    python: z.record(z.string(), z.array(z.string())),
  })
  .parse(JSON.parse(readFileSync(join(__dirname, "../documents/codebuild-images.json"), "utf8")));

const buildspecs = {
  comment: "starter/model-build/comment-buildspec.yml",
  compare: "starter/model-build/compare-buildspec.yml",
  train: "starter/model-build/codebuild-buildspec.yml",
  deploy: "starter/model-deploy/deploy-buildspec.yml",
  queue: "starter/model-deploy/queue-buildspec.yml",
  test: "starter/model-deploy/test-buildspec.yml",
};
const defaults = resolveSettings({ projectName: "churn", projectId: "dev" }, "the test").build;

describe("buildspecs of the starters", () => {
  for (const buildspec of Object.values(buildspecs))
    it(`${buildspec} asks for runtime versions that the default image has`, () => {
      const { install } = contentOf(buildspec, buildspecShape).phases;
      for (const [runtime, version] of Object.entries(install["runtime-versions"])) {
        const offered = versionsOf(runtime).join(", ");
        const text = `${defaults.image} has ${runtime} ${offered}, not ${version}`;
        assert.ok(versionsOf(runtime).includes(version), text);
      }
    });

  it("are the ones that the default settings run", () => {
    assert.equal(`starter/model-build/${defaults.buildspec}`, buildspecs.train);
  });

  it(`${buildspecs.train} lints and tests its code before it starts the pipeline`, () => {
    const { build, install, pre_build } = contentOf(buildspecs.train, buildspecShape).phases;
    assert.deepEqual(pre_build.commands, [
      ".venv/bin/ruff format --check .",
      ".venv/bin/ruff check .",
      ".venv/bin/pytest --quiet",
    ]);
    const last = ".venv/bin/run-pipeline --module-name pipelines.training.pipeline";
    assert.equal(build.commands[0], last);
    assert.match(install.commands.join("\n"), /uv export .*--frozen[^]*uv pip sync/);
  });

  it(`${buildspecs.train} installs every package by its hash, also uv`, () => {
    const { install } = contentOf(buildspecs.train, buildspecShape).phases;
    assert.deepEqual(
      install.commands.filter((command) => command.includes("-m pip install")),
      [
        ".tools/bin/python -m pip install --quiet --require-hashes --requirement uv-requirements.txt",
      ],
    );
    const [, version = ""] =
      /^uv==([\d.]+) \\(\n +--hash=sha256:[0-9a-f]{64}( \\)?)+\n$/m.exec(
        textOf("starter/model-build/uv-requirements.txt"),
      ) ?? [];
    const pins = (starter: string) =>
      textOf(`starter/${starter}/uv-requirements.txt`).replace(/^#.*\n/gm, "");
    assert.equal(pins("model-deploy"), pins("model-build"));
    // uv builds this project with its own copy of uv_build, if the version fits: no download.
    const requires = `requires = ["uv_build>=${version},<`;
    assert.ok(textOf("starter/model-build/pyproject.toml").includes(requires), requires);
  });

  it("compare a pull request from its lock file, and comment without an installation", () => {
    const { artifacts, phases } = contentOf(buildspecs.compare, buildspecShape);
    assert.match(phases.install.commands.join("\n"), /--require-hashes[^]*uv sync .*--frozen/);
    assert.deepEqual(artifacts?.files, ["comparison.json"]);
    const { build, install } = contentOf(buildspecs.comment, buildspecShape).phases;
    assert.deepEqual(install.commands, []);
    assert.deepEqual(build.commands, ["python -m pipelines.pull_request.codecommit"]);
  });

  it("pass the summary of the endpoint test to the approver, and the results as an artifact", () => {
    const { artifacts, env, phases } = contentOf(buildspecs.test, buildspecShape);
    assert.deepEqual(env?.["exported-variables"], ["SUMMARY"]);
    assert.deepEqual(phases.build.commands, [
      "python -m deployment test --summary summary.txt",
      'export SUMMARY="$(cat summary.txt)"',
    ]);
    assert.deepEqual(artifacts?.files, ["test-results.json"]);
  });

  it("deploy without a download, and with the exit status of the driver: 98 after a rollback", () => {
    const { artifacts, env, phases } = contentOf(buildspecs.deploy, buildspecShape);
    assert.deepEqual(phases, {
      install: { commands: [], finally: [], "runtime-versions": { python: "3.12" } },
      pre_build: { commands: [], finally: [] },
      build: {
        commands: ['python -m deployment deploy --stage "$STAGE_NAME"', ". ./facts.env"],
        finally: ['test -e deployment.json || echo "{}" > deployment.json'],
      },
    });
    assert.deepEqual(env?.["exported-variables"], ["DEPLOYED", "MODEL_VERSION"]);
    assert.deepEqual(artifacts?.files, ["deployment.json"]);
  });

  it("keep nothing between builds: no buildspec and no CodeBuild project has a cache", async () => {
    for (const file of Object.values(buildspecs))
      assert.ok(!("cache" in contentOf(file, z.looseObject({}))), file);
    const settings = { projectName: "churn", projectId: "dev", deploy: { enabled: true } };
    const { resources } = (await stackOf(settings)).recording;
    const projects = resources.filter(({ type }) => type === "aws:codebuild/project:Project");
    assert.equal(projects.length, 5);
    assert.deepEqual(
      projects.filter(({ inputs }) => "cache" in inputs).map(({ name }) => name),
      [],
    );
  });
});

describe("Python of the starters", () => {
  for (const starter of ["starter/model-build", "starter/model-deploy"])
    it(`${starter} supports every version of the default image`, () => {
      const oldest = oldestPython(`${starter}/pyproject.toml`);
      assert.deepEqual(
        versionsOf("python").filter((version) => minor(version) < minor(oldest)),
        [],
        `pyproject.toml needs ${oldest} or newer`,
      );
    });
});

describe("endpoint configs of the starter", () => {
  const anyConfig = z.record(z.string(), z.unknown());
  const config = (stage: string) =>
    contentOf(`starter/model-deploy/${stage}-config.json`, anyConfig);

  it("shift 10 % of production's traffic first; its limits are settings of the stack", () => {
    assert.deepEqual(config("prod").canary, { percent: 10, minutes: 5 });
  });

  it("keep two instances or more in production, so that one may fail", () => {
    const { autoscaling, instanceCount } = config("prod");
    assert.equal(instanceCount, 2);
    assert.deepEqual(autoscaling, { minimum: 2, maximum: 4, invocationsPerInstance: 500 });
  });

  it("capture a sample of production's data", () => {
    assert.deepEqual(config("prod").dataCapture, { samplingPercentage: 20 });
  });

  it("test staging: the answers of the evaluation, accuracy and latency", () => {
    assert.deepEqual(config("staging").test, {
      minimumAgreement: 1,
      tolerance: 0.000001,
      minimumAccuracy: 0.9,
      maximumLatencyMilliseconds: 500,
    });
  });

  it("test on the instance type of production", () => {
    assert.equal(config("staging").instanceType, config("prod").instanceType);
  });
});

/** Versions of a runtime, for example `python`, in the default image of every build. */
function versionsOf(runtime: string): string[] {
  const versions = runtime === "python" ? images.python[defaults.image] : undefined;
  assert.ok(
    versions,
    `tests/documents/codebuild-images.json of ${images.checked} has no ${runtime} of ${defaults.image}`,
  );
  return versions;
}

function oldestPython(pyproject: string): string {
  const [, oldest] = /^requires-python = ">=(3\.\d+)"$/m.exec(textOf(pyproject)) ?? [];
  assert.ok(oldest, `${pyproject} must say requires-python as a lowest version`);
  return oldest;
}

function minor(version: string): number {
  const [major, rest] = version.split(".");
  assert.equal(major, "3");
  return Number(rest);
}
