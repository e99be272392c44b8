import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { withLock } from "../../local/toolchain/lock";

describe("withLock", () => {
  const { signal } = new AbortController();
  const mustNotWait = (detail: string) => {
    assert.fail(detail);
  };
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lock-"));
    file = join(folder, "file.lock");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("holds the lock during the work, and releases it after an error", async () => {
    await assert.rejects(
      withLock(file, mustNotWait, signal, () => {
        assert.ok(existsSync(file));
        return Promise.reject(new Error("work failed"));
      }),
      /^Error: work failed$/,
    );
    assert.ok(!existsSync(file));
  });

  it("takes over the lock of a dead process at once", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    writeFileSync(file, String(pid));
    assert.equal(await withLock(file, mustNotWait, signal, () => Promise.resolve("done")), "done");
  });

  it("reports the live process that holds the lock, and waits until it is released", async () => {
    writeFileSync(file, String(process.ppid));
    const reports: string[] = [];
    const report = (detail: string) => {
      reports.push(detail);
      rmSync(file);
    };
    await withLock(file, report, signal, () => Promise.resolve());
    assert.deepEqual(reports, [`waiting for another run (process ${String(process.ppid)})`]);
  });

  it("stops waiting when the run is stopped", async () => {
    writeFileSync(file, String(process.ppid));
    const stop = new AbortController();
    const report = () => {
      stop.abort();
    };
    await assert.rejects(
      withLock(file, report, stop.signal, () => Promise.resolve()),
      {
        name: "AbortError",
      },
    );
  });
});
