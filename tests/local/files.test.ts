import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { z } from "zod";

import { starterFiles } from "../../components/seeding/starter";
import { readBuildspec } from "../../local/services/codebuild/buildspec";
import type { Files } from "../../local/services/codepipeline/sourceFiles";
import { lostInArtifact, readFolder } from "../../local/scenarios/readFolder";
import { breakBuild, breakTraining, brokenWords } from "../../local/scenarios/faults";

const BUILDSPEC = "codebuild-buildspec.yml";

describe("readFolder (--code)", () => {
  const { signal } = new AbortController();
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "code-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const files = ["README.md", "pipelines/model/train.py", "pipelines/distance.py"];
  const ignored = [".venv/bin/python", "pipelines/__pycache__/train.pyc", "dist/model.whl"];
  const rules = ".venv\n__pycache__/\n/dist\n";

  function write(file: string, text: string): void {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), text);
  }

  async function read(): Promise<Record<string, string>> {
    const { files: found } = await readFolder(folder, signal);
    const texts = Object.entries(found).map(([path, content]) => [
      path,
      Buffer.from(content).toString(),
    ]);
    return z.record(z.string(), z.string()).parse(Object.fromEntries(texts));
  }

  for (const kind of ["git", "no git"]) {
    describe(`of a folder with ${kind}`, () => {
      beforeEach(() => {
        if (kind === "git") execFileSync("git", ["init", "--quiet", folder]);
      });

      it("reads what .gitignore does not leave out", async () => {
        for (const file of [...files, ...ignored]) write(file, file);
        write(".gitignore", rules);
        const expected = Object.fromEntries(files.map((file) => [file, file]));
        assert.deepEqual(await read(), { ...expected, ".gitignore": rules });
      });

      it("reads each .gitignore for its own folder, and the inner one decides", async () => {
        write(".gitignore", "*.env\n!shared.env\nbuild/\n");
        write("model/.gitignore", "!local.env\n/data.csv\nshared.env\n");
        write("model/logs/.gitignore", "*\n!.gitignore\n");
        const kept = ["data.csv", "model/deep/data.csv", "model/local.env", "shared.env"];
        const left = ["a.env", "model/data.csv", "model/shared.env", "model/logs/1.log"];
        const inIgnoredFolder = ["build/.gitignore", "build/kept.txt"];
        for (const file of [...kept, ...left, ...inIgnoredFolder]) write(file, "!*");
        const expected = [...kept, ".gitignore", "model/.gitignore", "model/logs/.gitignore"];
        assert.deepEqual(Object.keys(await read()).sort(), expected.sort());
      });

      it("reads empty files, symbolic links with their target, and modes", async () => {
        write("churn/__init__.py", "");
        write("run.sh", "echo run");
        chmodSync(join(folder, "run.sh"), 0o755);
        symlinkSync("../data", join(folder, "churn/data"));
        symlinkSync("churn", join(folder, "package"));
        const { files: found, modes } = await readFolder(folder, signal);
        assert.deepEqual(Object.keys(found).sort(), [
          "churn/__init__.py",
          "churn/data",
          "package",
          "run.sh",
        ]);
        assert.equal(found["churn/__init__.py"]?.length, 0);
        assert.equal(Buffer.from(found["churn/data"] ?? []).toString(), "../data");
        assert.deepEqual(modes, {
          "churn/data": "SYMLINK",
          package: "SYMLINK",
          "run.sh": "EXECUTABLE",
        });
      });

      it("reads names with spaces, quotes and other alphabets", async () => {
        for (const file of ["a b.txt", 'quote".txt', "größe/模型.py"]) write(file, "x");
        assert.deepEqual(Object.keys(await read()).sort(), [
          "a b.txt",
          "größe/模型.py",
          'quote".txt',
        ]);
      });
    });
  }

  it("leaves out files that git tracks and the user deleted", async () => {
    execFileSync("git", ["init", "--quiet", folder]);
    for (const file of files) write(file, file);
    execFileSync("git", ["-C", folder, "add", "."]);
    rmSync(join(folder, "README.md"));
    assert.deepEqual(Object.keys(await read()).sort(), files.slice(1).sort());
  });

  it("says what the source artifact does not keep", async () => {
    execFileSync("git", ["init", "--quiet", folder]);
    execFileSync("git", ["init", "--quiet", join(folder, "lib")]);
    write("lib/a.py", "");
    write("run.sh", "");
    chmodSync(join(folder, "run.sh"), 0o755);
    symlinkSync("run.sh", join(folder, "link"));
    const pushed = await readFolder(folder, signal);
    assert.deepEqual(Object.keys(pushed.files).sort(), ["link", "run.sh"]);
    assert.deepEqual(lostInArtifact(pushed), [
      "symbolic links are text files with their target in the build: link",
      "files are not executable in the build (use sh, python or chmod +x): run.sh",
      "submodules are missing in the build: lib",
    ]);
    assert.deepEqual(lostInArtifact({ modes: {}, submodules: [] }), []);
    assert.deepEqual(lostInArtifact(undefined), []);
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
