import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Project } from "@aws-sdk/client-codebuild";
import { unzipSync } from "fflate";

import { buildCache } from "../local/rehearsal/build/buildCache";
import { unpack } from "../local/rehearsal/build/buildInput";
import { putOutputs } from "../local/rehearsal/build/outputArtifacts";
import { runBuild } from "../local/rehearsal/build/runBuild";
import { readBuildspec } from "../local/rehearsal/build/buildspec";

describe("what a rehearsed build leaves", () => {
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

  it("is the files that the buildspec names, below its base directory", async () => {
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

  it("is several artifacts by their names", async () => {
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

  it("is nothing, and that fails the build, if no file is there", async () => {
    const none = "Phase: UPLOAD_ARTIFACTS, Code: CLIENT_ERROR, Message: no matching";
    assert.equal(await put({ files: ["a.json"] }, "One"), `${none} artifact paths found`);
    assert.equal(await put(undefined, "One"), `${none} artifact paths found`);
    const elsewhere = { files: ["a.json"], "base-directory": "dist" };
    assert.equal(await put(elsewhere, "One"), `${none} base directory path found for dist`);
    await assert.rejects(put({ files: [], "exclude-paths": ["a"] }, "One"), /exclude-paths/);
    assert.deepEqual(await put({ "exclude-paths": ["a"] }), {});
  });

  it("is uploaded of a build that failed too, unless it had not come so far", async () => {
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

  it("is in the project's own cache for its next build, whose source wins", () => {
    const project: Project = {
      name: "deploy",
      cache: { type: "LOCAL", modes: ["LOCAL_CUSTOM_CACHE"] },
    };
    const open = (one: Project, paths = ["node_modules/**/*"]) =>
      buildCache(one, { cache: { paths } }, join(folder, "caches"));
    write("first/node_modules/a.js", "cached");
    write("first/node_modules/b.js", "cached");
    open(project).keep(join(folder, "first"));
    assert.ok(!existsSync(join(folder, "first/node_modules")));

    open({ ...project, name: "other" }).restore(join(folder, "second"));
    open({ name: "deploy" }).restore(join(folder, "second"));
    assert.ok(!existsSync(join(folder, "second")));
    open(project).restore(join(folder, "second"));
    unpack({ "node_modules/b.js": Buffer.from("source") }, join(folder, "second"));
    const read = (file: string) => readFileSync(join(folder, "second/node_modules", file), "utf8");
    assert.deepEqual([read("a.js"), read("b.js")], ["cached", "source"]);
  });

  it("is refused where the cache is of another kind, or not a folder of the source", () => {
    const open = (
      type: "LOCAL" | "S3",
      path: string,
      mode: "LOCAL_CUSTOM_CACHE" | "LOCAL_DOCKER_LAYER_CACHE" = "LOCAL_CUSTOM_CACHE",
    ) =>
      buildCache(
        { name: "deploy", cache: { type, modes: [mode] } },
        { cache: { paths: [path] } },
        folder,
      );
    assert.throws(() => open("S3", "node_modules"), /deploy: a cache in S3/);
    assert.throws(() => open("LOCAL", "a", "LOCAL_DOCKER_LAYER_CACHE"), /LOCAL_DOCKER_LAYER_CACHE/);
    for (const path of ["/root/.npm", "../other", "a*/b", ""]) {
      assert.throws(() => open("LOCAL", path), /must be a folder of the source/, path);
    }
  });
});
