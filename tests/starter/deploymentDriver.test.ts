import * as assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { emulatorPython } from "../../local/toolchain/venv";
import { run } from "../../local/toolchain/processes";

const folder = join(__dirname, "deployment");
const faults = ["throttling", ...afterToo("time-out"), ...afterToo("500"), "503 before the effect"];
const kinds = [
  "kill",
  "kill, changes end before the next run",
  ...faults.flatMap((fault) => [`${fault}, once`, `${fault}, whole run`]),
];

/** What tests/starter/deployment/main.py writes. */
interface Results {
  /** Number of API calls of each undisturbed deployment. */
  readonly scenarios: Readonly<Record<string, number | string>>;
  readonly kinds: Readonly<Record<string, { converged: number; deployments: number }>>;
  /** Builds killed during a canary that SageMaker rolled back, and that a later run deployed. */
  readonly killedCanaries: number;
  readonly problems: readonly string[];
  /** Problem of each rejected setting; empty if there is none. */
  readonly refusals: Readonly<Record<string, string>>;
}

describe("deployment driver", function () {
  // A first run also creates the Python environments.
  this.timeout(40 * 60_000);
  const { signal } = new AbortController();
  const scratch = mkdtempSync(join(tmpdir(), "deployment-driver-"));
  let output: string;
  let results: Results;

  before("disturbs deployments on the emulated AWS", async () => {
    const python = await emulatorPython(signal);
    const file = join(scratch, "results.json");
    const { lines } = await run(python, [join(folder, "main.py"), file], { signal });
    output = lines.join("\n");
    console.log(output);
    results = JSON.parse(readFileSync(file, "utf8")) as Results;
  });

  after(() => {
    rmSync(scratch, { recursive: true });
  });

  it("deploys each scenario with API calls to disturb", () => {
    const calls = Object.entries(results.scenarios);
    assert.ok(calls.length > 0);
    for (const [scenario, count] of calls)
      assert.ok(Number(count) > 0, `${scenario}: ${String(count)}`);
  });

  it("converges after each kill and each fault of an API call", () => {
    assert.deepEqual(results.problems, [], output);
    assert.deepEqual(Object.keys(results.kinds).sort(), [...kinds].sort());
    for (const [kind, { converged, deployments }] of Object.entries(results.kinds)) {
      assert.ok(deployments > 0, kind);
      assert.equal(converged, deployments, kind);
    }
  });

  it("rolls back when a build is killed during a canary, and deploys with the next run", () => {
    assert.ok(results.killedCanaries > 10, output);
  });

  it("deletes, keeps and renews staging, and reports the queue, in each of its scenarios", () => {
    for (const scenario of [
      "staging expired, next version",
      "staging expired, repeated event",
      "staging kept, schedule deleted",
      "queue: a version waits for an approval",
      "queue: no version waits",
      "queue: staging is to be deleted",
      "queue: another execution needs staging",
    ])
      assert.ok(Number(results.scenarios[scenario]) > 0, scenario);
  });

  for (const [subject, names] of Object.entries(refused()))
    it(`refuses ${subject} with one line that says what to do`, () => {
      for (const name of names) assert.equal(results.refusals[name], "", name);
    });

  it("refuses nothing else, and deploys what may be deployed", () => {
    const wrong = Object.entries(results.refusals).filter(([, problem]) => problem !== "");
    assert.deepEqual(wrong, []);
  });
});

function afterToo(fault: string): string[] {
  return [`${fault} before the effect`, `${fault} after the effect`];
}

/** Attacks and mistakes that must be among the refused deployments. */
function refused(): Record<string, string[]> {
  return {
    "archives other than the approved one": [
      "archive in parts, completed after approval",
      "archive in parts, of no training job",
      "archive overwritten after approval",
      "archive deleted after approval",
      "second version of the archive",
      "archive written after registration",
    ],
    "containers that it cannot copy whole": [
      "prefix",
      "manifest",
      "additional model data sources",
      "additional data source",
      "two containers",
      "no archive",
      "container member that no boto3 knows",
      "source member that no boto3 knows",
      "source that no boto3 knows",
      "image with a tag that does not exist",
    ],
    "production of another copy than the tested one": [
      "other version id of the copy",
      "other SHA-256 of the copy",
      "other image digest",
      "other container environment",
      "copy of another version",
      "copy overwritten between the stages",
    ],
    "updates without a sample set, and limits of the stack in a config file": [
      "update without a sample set",
      "update with half a sample set",
      "limits of the stack in a config file",
    ],
    "endpoints of others": [
      "endpoint of staging without tags",
      "endpoint of production without tags",
      "endpoint of another project",
    ],
    "variables that are no version of the project": [
      "version of another group",
      "variable that injects JSON",
    ],
  };
}
