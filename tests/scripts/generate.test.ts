import { strict as assert } from "node:assert";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { runFile } from "../support/process";
import { textOf } from "../support/repositoryFiles";

const root = join(__dirname, "..", "..");
const generated = ["components/schema.json", "docs/configuration.md", "docs/outputs.json"];

describe("npm run generate", () => {
  const before = generated.map(textOf);
  after(() => {
    generated.forEach((file, index) => {
      if (textOf(file) !== before[index]) writeFileSync(join(root, file), before[index] ?? "");
    });
  });

  it("writes every generated file, as it is in the repository", async () => {
    const times = () => generated.map((file) => statSync(join(root, file)).mtimeMs);
    const earlier = times();
    const { code, stderr } = await runFile("scripts/generate.ts", []);
    assert.equal(code, 0, stderr);
    const next = "run `npm run generate` and review the diff";
    assert.deepEqual(generated.map(textOf), before, next);
    const unwritten = generated.filter((_, index) => times()[index] === earlier[index]);
    assert.deepEqual(unwritten, []);
  }).timeout(600_000);
});
