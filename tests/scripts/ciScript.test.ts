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
    const coverage = join(folder, "coverage");
    const bin = join(folder, "bin");
    mkdirSync(bin, { recursive: true });
    for (const [name, body] of [
      ["git", `for last; do :; done; mkdir -p "$last"`],
      [
        "npm",
        `echo "$*:\${NODE_V8_COVERAGE:-}:\${MODEL_BUILD_PIPELINE_COVERAGE:-}" >>"${coverage}"
echo "$*" | tee -a "${calls}"; ! [[ "$*" =~ ${failing} ]]`,
      ],
    ] as const) {
      writeFileSync(join(bin, name), `#!/usr/bin/env bash\n${body}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    // Without the coverage folder of this process, which Node adds to an environment that has none.
    const env = { NODE_V8_COVERAGE: "", PATH: `${bin}:${process.env.PATH ?? ""}`, TMPDIR: folder };
    const { status, stdout } = spawnSync(script, { encoding: "utf8", env });
    const linesOf = (file: string) => readFileSync(file, "utf8").trim().split("\n");
    const npm = linesOf(calls);
    return {
      coverage: linesOf(coverage),
      npm,
      status,
      last: stdout.trimEnd().split("\n").at(-1),
      stdout,
    };
  }

  it("runs the tests, every check and the local cloud with each kind of stack", () => {
    const { last, npm, status } = ci();
    assert.equal(status, 0);
    assert.match(last ?? "", /^[1-9]\d* passed, 0 failed$/);
    const wanted = [
      ...[/^ci$/, /^test$/, /^run local$/, / --stack prod$/, / --source existing$/],
      ...[
        / --source connection$/,
        / --network existing$/,
        / --code tests\/fixtures\//,
        / --resources tests\/fixtures\//,
      ],
      ...[
        "format",
        "lint",
        "types",
        "examples",
        "unused",
        "coverage",
        "workflows",
        "boto3",
        "patterns",
        "starter",
      ].map((check) => new RegExp(`^run check(:| -- )${check}$`)),
      ...[
        "moving-over",
        "other",
        "package",
        "policy",
        "pullRequest",
        "template",
        "consumer",
        "examples",
        "prove",
        "trial",
      ].map((scenario) => new RegExp(`^run local(:| -- --scenario )${scenario}\\b`)),
    ];
    assert.deepEqual(
      wanted.filter((one) => !npm.some((call) => one.test(call))),
      [],
    );
  });

  it("collects the coverage of the README's npm test, and checks it without a second run", () => {
    const { coverage } = ci();
    // npm ci and npm test are one step.
    const folder = coverage.find((it) => /^ci:.+:$/.test(it))?.split(":")[1] ?? "";
    assert.match(folder, /^\//);
    assert.deepEqual(
      coverage.filter((it) => /^(test|run check -- coverage):/.test(it) || it.includes(folder)),
      [`ci:${folder}:`, `test:${folder}:`, `run check -- coverage::${folder}`],
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
