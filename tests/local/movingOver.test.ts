import { strict as assert } from "node:assert";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { difference, rowsOf } from "../../local/scenarios/movingOverTable";

const page = join(__dirname, "../../docs/how-to/moving-over.md");
const fixtures = join(__dirname, "../fixtures");

describe("table of repositories that move over", () => {
  const rows = rowsOf(readFileSync(page, "utf8"));

  it("has every repository of the fixtures, and no other", () => {
    const folders = readdirSync(join(fixtures, "repositories")).map((it) => `repositories/${it}`);
    assert.deepEqual(
      rows.map(({ folder }) => relative(fixtures, join(dirname(page), folder))).sort(),
      ["built-in-template", ...folders].sort(),
    );
    for (const { folder } of rows)
      assert.ok(existsSync(join(dirname(page), folder, "codebuild-buildspec.yml")), folder);
  });

  it("differs from a run that ends otherwise", () => {
    const says = (result: string) => ({ folder: "f", name: "n", result });
    const passes = says("passes");
    assert.equal(difference(passes, { skipped: [] }), undefined);
    assert.match(difference(passes, { skipped: ["Notify"] }) ?? "", /without the step Notify"$/);
    assert.match(difference(passes, { failure: "denied", skipped: [] }) ?? "", /failed:\ndenied$/);

    const without = says("passes without the steps Notify, Wait");
    assert.equal(difference(without, { skipped: ["Notify", "Wait"] }), undefined);
    assert.notEqual(difference(without, { skipped: ["Notify"] }), undefined);

    const fails = says("fails: `must be the group`");
    assert.equal(difference(fails, { failure: "it must be the group", skipped: [] }), undefined);
    assert.notEqual(difference(fails, { failure: "other", skipped: [] }), undefined);
    assert.notEqual(difference(fails, { skipped: [] }), undefined);
  });
});
