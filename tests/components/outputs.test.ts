import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import program = require("../../index");
import {
  type OutputsContract,
  breakingChanges,
  contractInCode,
  reviewedContract,
} from "../../scripts/outputsContract";
import { valueOf } from "../support/valueOf";
import { record } from "../support/mocks";

const reviewed = reviewedContract();

describe("the stack outputs", () => {
  it("match the reviewed contract", () => {
    const code = contractInCode();
    const next = "run `npm run generate` and review the diff";
    assert.deepEqual(breakingChanges(reviewed, code), []);
    assert.deepEqual(code, reviewed, `docs/outputs.json differs from the code: ${next}`);
  });

  it("are described in docs/outputs.md", () => {
    const rows = Object.entries(reviewed.outputs).map(
      ([name, { description, optional, since, type }]) => [
        `\`${name}\``,
        optional ? `${type}, optional` : type,
        since,
        description,
      ],
    );
    assert.deepEqual(tableIn("docs/outputs.md", "output"), rows);
  });

  it("are what the program returns, less optional ones for a source outside AWS", async () => {
    const expected = Object.entries(reviewed.outputs).map(([name, { optional, type }]) => [
      name,
      optional ? "undefined" : type,
    ]);
    const outputs = await outputsOfConnection();
    const types = Object.entries(outputs).map(([name, value]) => [name, typeof value]);
    assert.deepEqual(Object.fromEntries(types), Object.fromEntries(expected));
  });
});

describe("a change of the stack outputs", () => {
  const output = { type: "string", optional: false, since: "0.1.0", description: "The ARN." };
  const before: OutputsContract = { contractVersion: 1, outputs: { arn: output } };
  const after = (outputs: OutputsContract["outputs"], contractVersion = 1) =>
    breakingChanges(before, { contractVersion, outputs });

  it("may add an output and change a description", () => {
    const described = { ...output, description: "The ARN of the bucket." };
    assert.deepEqual(after({ arn: described, name: output }), []);
  });

  it("may not remove an output, change its type or first version, or make it optional", () => {
    assert.deepEqual(after({ name: output }), ["output arn was removed"]);
    assert.deepEqual(after({ arn: { ...output, type: "number" } }), [
      "output arn changed its type from string to number",
    ]);
    assert.deepEqual(after({ arn: { ...output, optional: true } }), ["output arn became optional"]);
    assert.deepEqual(after({ arn: { ...output, since: "0.2.0" } }), [
      'output arn changed "since" from 0.1.0 to 0.2.0',
    ]);
  });

  it("may break readers with the next contract version only", () => {
    assert.deepEqual(after({}, 2), []);
    assert.deepEqual(after({}, 3), ["contractVersion must be 1 or one more; got 3"]);
    assert.deepEqual(after({}, 0), ["contractVersion must be 1 or one more; got 0"]);
  });
});

async function outputsOfConnection(): Promise<object> {
  const connectionArn =
    "arn:aws:codeconnections:us-east-1:123456789012:connection/11111111-2222-3333-4444-555555555555";
  const connection = { connectionArn, fullRepositoryId: "acme/churn" };
  const config = {
    "model-build-pipeline:projectName": "churn",
    "model-build-pipeline:source": JSON.stringify({ connection }),
  };
  let outputs = {};
  const run = async () => {
    outputs = await valueOf(await program());
  };
  await record(run, { config });
  return outputs;
}

/** Cells of the table whose first column has this title. */
function tableIn(file: string, title: string): string[][] {
  const lines = readFileSync(join(__dirname, "..", "..", file), "utf8").split("\n");
  const start = lines.findIndex((line) => new RegExp(`^\\| ${title} +\\|`).test(line)) + 2;
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  return lines.slice(start, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
