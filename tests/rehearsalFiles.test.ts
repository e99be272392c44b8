import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { readBuildspec } from "../local/rehearsal/build/buildspec";
import type { Files } from "../local/rehearsal/delivery/sourceFiles";
import { readFolder } from "../local/rehearsal/readFolder";
import { breakBuild, breakTraining, brokenWords } from "../local/rehearsal/sabotage";

const STARTER = join(__dirname, "..", "starter", "model-build");
const BUILDSPEC = "codebuild-buildspec.yml";

describe("a folder of somebody's code", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "code-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("is read whole, by path, less what tools leave behind and links", () => {
    const files = ["README.md", "pipelines/model/train.py", ".gitignore", "pipelines/distance.py"];
    const leftovers = [".git/HEAD", ".venv/bin/python", "pipelines/__pycache__/train.pyc"];
    for (const file of [...files, ...leftovers, "model.egg-info/PKG-INFO", "dist/model.whl"]) {
      mkdirSync(join(folder, file, ".."), { recursive: true });
      writeFileSync(join(folder, file), file);
    }
    symlinkSync("/etc/hostname", join(folder, "link"));
    const read = Object.entries(readFolder(folder));
    assert.deepEqual(
      read.map(([path, content]) => [path, Buffer.from(content).toString()]).sort(),
      files.map((file) => [file, file]).sort(),
    );
  });
});

describe("a commit that is broken on purpose", () => {
  const starter = readFolder(STARTER);

  it("fails its build by its only command, in words that people will know", () => {
    const { phases } = buildspecOf(breakBuild(BUILDSPEC));
    assert.deepEqual(
      phases.map(({ commands, name }) => ({ commands, name })),
      [{ commands: [`echo "${brokenWords}"; exit 3`], name: "build" }],
    );
  });

  it("fails the starter's training and nothing before it: its tests are gone, its build is whole", () => {
    const broken = breakTraining(starter, BUILDSPEC);
    assert.deepEqual(Object.keys(broken).sort(), [
      BUILDSPEC,
      Object.keys(starter).find((path) => path.endsWith("/train.py")),
    ]);
    const phasesOf = (files: Files): string[] => buildspecOf(files).phases.map(({ name }) => name);
    const before = phasesOf(starter);
    assert.ok(before.includes("pre_build"));
    assert.deepEqual(
      phasesOf(broken),
      before.filter((name) => name !== "pre_build"),
    );
    const [script = ""] = Object.keys(broken).filter((path) => path !== BUILDSPEC);
    assert.equal(textOf(broken, script), `raise SystemExit("${brokenWords}")\n`);
  });

  it("needs a training script and a buildspec to break", () => {
    assert.throws(
      () => breakTraining({ [BUILDSPEC]: Buffer.from("") }, BUILDSPEC),
      /no train\.py or no codebuild-buildspec\.yml to break/,
    );
    assert.throws(() => breakTraining(starter, "other.yml"), /no train\.py or no other\.yml/);
  });
});

function textOf(files: Files, path: string): string {
  return Buffer.from(files[path] ?? []).toString();
}

function buildspecOf(files: Files) {
  return readBuildspec(textOf(files, BUILDSPEC), BUILDSPEC);
}
