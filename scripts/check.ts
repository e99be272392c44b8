import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { command } from "./command";

const root = join(__dirname, "..");

/** Folder with the V8 coverage of an earlier `npm test`. */
const collected = process.env.MODEL_BUILD_PIPELINE_COVERAGE;

/** Mocha for a file that is no test of `npm test`. */
const mocha = [
  "npx",
  "mocha",
  "--no-config",
  "--require",
  "ts-node/register/transpile-only",
] as const;

/** Program and arguments of each check, in the order of a run. */
const checks: Readonly<Record<string, readonly [program: string, ...args: string[]]>> = {
  format: ["npx", "prettier", "--check", "."],
  lint: ["npx", "eslint", "."],
  types: ["npx", "tsc", "--noEmit"],
  examples: ["npx", "tsc", "--noEmit", "-p", "tsconfig.examples.json"],
  unused: ["npx", "-c", "knip && knip --cycles"],
  coverage: collected
    ? ["npx", "c8", "report", "--temp-directory", collected]
    : ["npx", "c8", "mocha"],
  workflows: [process.execPath, "--import", "tsx", "local/toolchain/workflows/main.ts"],
  boto3: [...mocha, "tests/starter/deployment/boto3.check.ts"],
  patterns: [...mocha, "tests/local/eventPatterns.check.ts"],
  starter: ["sh", "tests/starter/slowTests.sh"],
};
const names = Object.keys(checks);

void command({
  name: "npm run check",
  help: `npm run check [-- NAME ...]

Runs the named checks, or all of them:
  format     Prettier
  lint       ESLint
  types      TypeScript
  examples   TypeScript of the examples and the template, which import the component package
  unused     knip: unused files, exports and packages; modules that import each other
  coverage   tests, with the coverage thresholds of .c8rc.json. After
             NODE_V8_COVERAGE=<folder> npm test, with MODEL_BUILD_PIPELINE_COVERAGE=<folder>, only
             the thresholds: without a second run of the tests.
  workflows  actionlint and zizmor on the GitHub workflows. The first run builds actionlint with Go
             1.25 or newer, and installs zizmor from the Python package index.
  boto3      the deployment driver with the oldest and the newest boto3, from the package index
  patterns   the EventBridge rules match the same sample events with AWS's matcher (Event Ruler) and
             with the local cloud's. Requires Maven and a JDK 17 or newer.
  starter    the tests of starter/model-build that its builds leave out: they take minutes

Exit codes: 0 no problems; 1 problems, or a tool could not be installed; 2 invalid command line`,
  read: (args) => {
    const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
    const unknown = positionals.filter((name) => !names.includes(name));
    if (unknown.length > 0)
      throw new Error(`a check must be one of ${names.join(", ")}; got ${unknown.join(", ")}`);
    return positionals.length === 0 ? names : positionals;
  },
  work: (chosen) => {
    const failed = chosen.filter((name) => !passes(name));
    const passed = String(chosen.length - failed.length);
    const list = failed.length === 0 ? "" : `: ${failed.join(", ")}`;
    console.log(`\nchecks: ${passed} succeeded, ${String(failed.length)} with problems${list}`);
    return Promise.resolve(failed.length === 0 ? 0 : 1);
  },
});

function passes(name: string): boolean {
  console.log(`\n== ${name}`);
  const [program = "", ...args] = checks[name] ?? [];
  return spawnSync(program, args, { cwd: root, stdio: "inherit" }).status === 0;
}
