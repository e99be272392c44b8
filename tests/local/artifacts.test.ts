import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { unzipSync } from "fflate";

import { putOutputs } from "../../local/services/codebuild/outputArtifacts";
import { runBuild } from "../../local/services/codebuild/runBuild";
import { readBuildspec } from "../../local/services/codebuild/buildspec";

describe("artifacts of a CodeBuild build", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "build-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function write(file: string, text = file): void {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), text);
  }

  /** The files of each artifact that was put, or why none was. */
  async function put(artifacts: object | undefined, ...names: string[]) {
    const found: Record<string, string[]> = {};
    const places = new Map(names.map((name) => [name, { bucket: "artifacts", key: name }]));
    const failure = await putOutputs({ artifacts }, folder, places, ({ key }, archive) => {
      found[key] = Object.keys(unzipSync(archive));
      return Promise.resolve();
    });
    return failure ?? found;
  }

  it("uploads the files that the buildspec names, relative to base-directory", async () => {
    ["deployment.json", "out/a.json", "out/deep/b.json", "out/deep/c.txt"].forEach((file) => {
      write(file);
    });
    const Deployment = (artifacts: object) => put(artifacts, "Deployment");
    assert.deepEqual(await Deployment({ files: ["./deployment.json"] }), {
      Deployment: ["deployment.json"],
    });
    assert.deepEqual(await Deployment({ files: ["out/*"] }), { Deployment: ["out/a.json"] });
    const inOut = { files: ["**/*.json"], "base-directory": "out" };
    assert.deepEqual(await Deployment(inOut), { Deployment: ["a.json", "deep/b.json"] });
    assert.deepEqual(await Deployment({ ...inOut, "discard-paths": "yes" }), {
      Deployment: ["a.json", "b.json"],
    });
  });

  it("uploads secondary artifacts by name", async () => {
    write("a.json");
    write("b.json");
    const artifacts = {
      files: ["a.json"],
      "secondary-artifacts": { One: { files: ["a.json"] }, Two: { files: ["b.json"] } },
    };
    assert.deepEqual(await put(artifacts, "One", "Two"), { One: ["a.json"], Two: ["b.json"] });
    assert.equal(
      await put(artifacts, "One", "Three"),
      "Phase: UPLOAD_ARTIFACTS, Code: CLIENT_ERROR, Message: no definition for secondary artifact Three found",
    );
  });

  it("fails the build without matching files", async () => {
    const none = "Phase: UPLOAD_ARTIFACTS, Code: CLIENT_ERROR, Message: no matching";
    assert.equal(await put({ files: ["a.json"] }, "One"), `${none} artifact paths found`);
    assert.equal(await put(undefined, "One"), `${none} artifact paths found`);
    const elsewhere = { files: ["a.json"], "base-directory": "dist" };
    assert.equal(await put(elsewhere, "One"), `${none} base directory path found for dist`);
    await assert.rejects(put({ files: [], "exclude-paths": ["a"] }, "One"), /exclude-paths/);
    assert.deepEqual(await put({ "exclude-paths": ["a"] }), {});
  });

  it("uploads artifacts of a failed build only if its build phase was reached", async () => {
    const uploads = async (phases: string) => {
      const place = { cwd: folder, env: {}, folder, timeoutMinutes: 1 };
      const buildspec = readBuildspec(`version: 0.2\nphases: {${phases}}`, "buildspec.yml");
      const ran = await runBuild(buildspec, place, new AbortController().signal);
      return ran.uploads;
    };
    assert.equal(await uploads(`build: {commands: ["false"]}`), true);
    assert.equal(await uploads(`build: {commands: [exit 3]}`), true);
    assert.equal(await uploads(`build: {commands: []}, post_build: {commands: ["false"]}`), true);
    assert.equal(await uploads(`build: {on-failure: ABORT, commands: ["false"]}`), false);
    assert.equal(await uploads(`install: {commands: ["false"]}, build: {commands: []}`), false);
  });
});
