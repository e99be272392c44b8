import * as assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { emulatorPython, venvPython } from "../../../local/toolchain/venv";
import { run, type RunResult } from "../../../local/toolchain/processes";

// Not a test of npm test: it installs the newest boto3 of the package index.
describe("deployment driver's boto3", function () {
  this.timeout(10 * 60_000);
  const { signal } = new AbortController();
  const scratch = mkdtempSync(join(tmpdir(), "deployment-boto3-"));
  const minimum = minimumBoto3();

  after(() => {
    rmSync(scratch, { recursive: true });
  });

  const preflight = async (release: string): Promise<RunResult> => {
    const requirements = join(scratch, `boto3-${release}.txt`);
    // botocore has the API members, and boto3 takes any later one of the same minor release.
    writeFileSync(requirements, `boto3==${release}\nbotocore==${release}\n`);
    const owner = `boto3 ${release}`;
    const python = await venvPython({ name: "boto3", owner, requirements }, signal);
    return run(python, [join(__dirname, "preflight.py")], { signal });
  };

  it("may be the oldest that the driver claims, and no older one", async () => {
    assert.deepEqual(await preflight(minimum), { code: 0, lines: [`boto3 ${minimum}`] });
    const before = minimum.replace(/\d+$/, (patch) => String(Number(patch) - 1));
    const { code, lines } = await preflight(before);
    assert.equal(code, 1);
    assert.equal(lines.length, 1);
    assert.match(
      lines[0] ?? "",
      new RegExp(`boto3 ${before} .*UpdateModelPackage\\.ModelLifeCycle.* Next: `),
    );
    assert.ok(lines[0]?.includes(minimum));
  });

  it("may be the newest of the package index", async () => {
    const newest = await newestBoto3(signal);
    assert.deepEqual(await preflight(newest), { code: 0, lines: [`boto3 ${newest}`] });
  });
});

function minimumBoto3(): string {
  const file = join(__dirname, "../../../starter/model-deploy/deployment/__init__.py");
  const found = /^MINIMUM_BOTO3 = "(?<release>[\d.]+)"$/m.exec(readFileSync(file, "utf8"));
  return found?.groups?.release ?? "";
}

/** Newest release in the package index. */
async function newestBoto3(signal: AbortSignal): Promise<string> {
  const python = await emulatorPython(signal);
  const arguments_ = ["-m", "pip", "index", "versions", "boto3", "--disable-pip-version-check"];
  const { lines } = await run(python, [...arguments_, "--retries", "1"], { signal });
  const found = /^boto3 \((?<release>[\d.]+)\)$/m.exec(lines.join("\n"));
  if (found?.groups?.release !== undefined) return found.groups.release;
  throw new Error(
    `the package index must list the releases of boto3; pip says:\n${lines.join("\n")}`,
  );
}
