import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { starterFiles } from "../../components/seeding/starter";
import { readBuildspec } from "../../local/services/codebuild/buildspec";
import type { Files } from "../../local/services/codepipeline/sourceFiles";
import { readFolder } from "../../local/scenarios/readFolder";
import { breakBuild, breakTraining, brokenWords } from "../../local/scenarios/faults";

const BUILDSPEC = "codebuild-buildspec.yml";

describe("readFolder (--code)", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "code-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const files = ["README.md", "pipelines/model/train.py", "pipelines/distance.py"];
  const ignored = [".venv/bin/python", "pipelines/__pycache__/train.pyc", "dist/model.whl"];

  function write(file: string, text: string): void {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), text);
  }

  async function read(): Promise<string[][]> {
    const found = Object.entries(await readFolder(folder, new AbortController().signal));
    return found.map(([path, content]) => [path, Buffer.from(content).toString()]).sort();
  }

  it("reads tracked and untracked files, without ignored files, links and empty files", async () => {
    execFileSync("git", ["init", "--quiet", folder]);
    for (const file of [...files, ...ignored]) write(file, file);
    write(".gitignore", ".venv\n__pycache__/\n/dist\n");
    write("empty.py", "");
    symlinkSync("/etc/hostname", join(folder, "link"));
    const expected = [
      ...files.map((file) => [file, file]),
      [".gitignore", ".venv\n__pycache__/\n/dist\n"],
    ];
    assert.deepEqual(await read(), expected.sort());
  });

  it("reads every file of a folder without git", async () => {
    for (const file of files) write(file, file);
    assert.deepEqual(await read(), files.map((file) => [file, file]).sort());
  });
});

describe("a commit that fails on purpose", () => {
  const starter = Object.fromEntries(
    starterFiles("model-build").map(({ content, path }) => [path, content]),
  );

  it("fails the build in its only command with a known message", () => {
    const { phases } = buildspecOf(breakBuild(BUILDSPEC));
    assert.deepEqual(
      phases.map(({ commands, name }) => ({ commands, name })),
      [{ commands: [`echo "${brokenWords}"; exit 3`], name: "build" }],
    );
  });

  it("fails the training of the starter: the buildspec has no tests and the build succeeds", () => {
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

  it("requires a training script and a buildspec", () => {
    assert.throws(
      () => breakTraining({ [BUILDSPEC]: Buffer.from("") }, BUILDSPEC),
      /no train\.py or no codebuild-buildspec\.yml/,
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
