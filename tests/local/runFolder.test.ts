import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type SeenProcess, descendants } from "../../local/toolchain/processTable";
import { keptClouds, openRunFolder } from "../../local/cloud/runFolder";

describe("folder of a run on the local cloud", () => {
  const gone: SeenProcess = { pid: 2 ** 30, parent: 1, started: "long ago" };
  let root: string;
  let child: ChildProcess;
  let seen: SeenProcess;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "run-folder-"));
    child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const found = descendants().find(({ pid }) => pid === child.pid);
    assert.ok(found);
    seen = found;
  });

  afterEach(() => {
    child.kill("SIGKILL");
    rmSync(root, { recursive: true });
  });

  it("stops the processes of a killed run and deletes its folder", async () => {
    const left = leftBehind({ owner: gone, started: [seen] });
    const ended = once(child, "exit");
    openRunFolder(root).close();
    assert.deepEqual(await ended, [null, "SIGKILL"]);
    assert.equal(existsSync(left), false);
  });

  it("does not stop another process with the same ID", () => {
    leftBehind({ owner: gone, started: [{ ...seen, started: "earlier" }] });
    openRunFolder(root).close();
    assert.ok(descendants().some(({ pid }) => pid === child.pid));
  });

  it("keeps a run with a running process", () => {
    const left = leftBehind({ owner: seen, started: [] });
    openRunFolder(root).close();
    assert.equal(existsSync(left), true);
  });

  it("is a kept cloud after handover, until its process exits", async () => {
    const folder = openRunFolder(root);
    folder.handOver(seen.pid, { endpoint: "http://127.0.0.1:1", stack: "dev" });
    folder.close();
    const [kept] = keptClouds(root);
    assert.deepEqual([kept?.pid, kept?.stack], [seen.pid, "dev"]);

    child.kill("SIGKILL");
    await once(child, "exit");
    assert.deepEqual(keptClouds(root), []);
    assert.equal(existsSync(folder.path), false);
  });

  function leftBehind(record: object): string {
    const path = join(root, ".local", "run-1-left");
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "run.json"), JSON.stringify(record));
    return path;
  }
});
