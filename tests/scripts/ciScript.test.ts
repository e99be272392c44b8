import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const script = join(__dirname, "../../.ci/run");

describe("CI script", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ci-script-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs the script with an npm that only records its arguments, and fails if they match. */
  function ci(failing = "nothing") {
    const calls = join(folder, "calls");
    const bin = join(folder, "bin");
    mkdirSync(bin, { recursive: true });
    for (const [name, body] of [
      ["git", `for last; do :; done; mkdir -p "$last"`],
      ["npm", `echo "$*" | tee -a "${calls}"; ! [[ "$*" =~ ${failing} ]]`],
    ] as const) {
      writeFileSync(join(bin, name), `#!/usr/bin/env bash\n${body}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    const env = { PATH: `${bin}:${process.env.PATH ?? ""}`, TMPDIR: folder };
    const { status, stdout } = spawnSync(script, { encoding: "utf8", env });
    const npm = readFileSync(calls, "utf8").trim().split("\n");
    return { npm, status, last: stdout.trimEnd().split("\n").at(-1), stdout };
  }

  it("runs the tests, every check and the local cloud with each kind of stack", () => {
    const { last, npm, status } = ci();
    assert.equal(status, 0);
    assert.match(last ?? "", /^[1-9]\d* passed, 0 failed$/);
    const wanted = [
      ...[/^ci$/, /^test$/, /^run local$/, / --stack prod$/, / --source existing$/],
      ...[/ --source connection$/, / --network existing$/, / --code tests\/fixtures\//],
      ...["format", "lint", "types", "unused", "coverage", "workflows", "boto3"].map(
        (check) => new RegExp(`^run check(:| -- )${check}$`),
      ),
      ...["package", "policy", "template", "consumer", "examples"].map(
        (scenario) => new RegExp(`^run local(:| -- --scenario )${scenario}\\b`),
      ),
    ];
    assert.deepEqual(
      wanted.filter((one) => !npm.some((call) => one.test(call))),
      [],
    );
  });

  for (const [step, failing] of [
    ["npm test", "^test$"],
    ["a check", "check.*workflows"],
  ] as const)
    it(`fails if ${step} fails, runs the other steps, and repeats the failure at the end`, () => {
      const { last, npm, status, stdout } = ci(failing);
      assert.equal(status, 1);
      assert.match(last ?? "", /^[1-9]\d* passed, 1 failed$/);
      assert.ok(npm.length > 15);
      const failure = stdout.split(/(?=^--- .*: FAILED after)/m).at(-1) ?? "";
      assert.match(failure, /^--- .*: FAILED after \d+ s\n/);
      assert.match(failure.split("\n").slice(1).join("\n"), new RegExp(failing, "m"));
    });
});
