import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { starterFiles } from "../components/seeding/starter";
import { readBuildspec } from "../local/rehearsal/build/buildspec";
import type { Files } from "../local/rehearsal/delivery/sourceFiles";
import { readFolder } from "../local/rehearsal/readFolder";
import { breakBuild, breakTraining, brokenWords } from "../local/rehearsal/sabotage";

const BUILDSPEC = "codebuild-buildspec.yml";

describe("a folder of somebody's code", () => {
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

  it("is read as git sees it, committed or not, less what git ignores, links and empty files", async () => {
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

  it("is read whole where there is no git", async () => {
    for (const file of files) write(file, file);
    assert.deepEqual(await read(), files.map((file) => [file, file]).sort());
  });
});

describe("a commit that is broken on purpose", () => {
  const starter = Object.fromEntries(
    starterFiles("model-build").map(({ content, path }) => [path, content]),
  );

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
