import { strict as assert } from "node:assert";

import * as fc from "fast-check";

import { driftReport } from "../scripts/stack/driftReport";
import type { Plan, Step } from "../scripts/stack/plan";
import { planComment } from "../scripts/stack/planComment";

const quiet: Plan = {
  stackName: "dev",
  steps: [],
  unchanged: 53,
  diff: "Resources: 53",
  refused: [],
};

function step(operation: string, name: string, because: string[] = []): Step {
  return { operation, type: "aws:sqs/queue:Queue", name, because };
}

describe("the comment about a preview", () => {
  it("says first what is deleted and replaced, and why; then the rest, and the diff folded away", () => {
    const steps = [
      step("create", "a"),
      step("update", "b"),
      step("replace", "c", ["name", "region"]),
      step("delete", "d"),
    ];
    assert.equal(
      planComment({ ...quiet, steps }, "Commit abc"),
      [
        "### Stack `dev`: 1 to delete, 1 to replace, 1 to change, 1 to make, 53 unchanged",
        "**Deleted**",
        "- `d` (aws:sqs/queue:Queue)",
        "**Replaced**",
        "- `c` (aws:sqs/queue:Queue), for `name, region`",
        "**Changed**",
        "- `b` (aws:sqs/queue:Queue)",
        "**Made**",
        "- `a` (aws:sqs/queue:Queue)",
        "<details><summary>The diff</summary>",
        "```text\nResources: 53\n```",
        "</details>",
        "<sub>Commit abc</sub>",
      ].join("\n\n"),
    );
  });

  it("says that nothing changes", () => {
    assert.match(planComment(quiet, ""), /^### Stack `dev`: no changes, 53 unchanged\n/);
  });

  it("says why a preview failed, and what the pack refuses", () => {
    const failed = planComment({ ...quiet, error: "no credentials" }, "");
    assert.match(failed, /dev`: preview failed\n\nThe preview failed:\n\n```text\nno credentials/);
    const refused = planComment({ ...quiet, refused: ["keys-rotate: key: Turn\n it on."] }, "");
    assert.match(
      refused,
      /1 refused, .*\n\n\*\*Refused by the policy pack\*\*\n\n- `keys-rotate: key: Turn it on\.`/,
    );
  });

  it("keeps what a diff holds from becoming Markdown", () => {
    const diff = "````\n</details> @everyone";
    assert.ok(planComment({ ...quiet, diff }, "").includes(`\`\`\`\`\`text\n${diff}\n\`\`\`\`\``));
    assert.match(planComment({ ...quiet, steps: [step("delete", "a`@b`")] }, ""), /- `a'@b'` /);
  });

  it("cuts a long diff at a line, says so, and lists no more than a few of many", () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `+ line ${String(index)}`);
    const steps = Array.from({ length: 30 }, (_, index) => step("delete", String(index)));
    const comment = planComment({ ...quiet, diff: lines.join("\n"), steps }, "the run");
    assert.match(comment, /- `24` .*\n- and 5 more\n/);
    const kept = /its first (\d+) of 20000 lines/.exec(comment)?.[1];
    assert.ok(comment.includes(`\n+ line ${String(Number(kept) - 1)}\n\`\`\`\n\n</details>`));
    assert.ok(comment.length > 60_000 && comment.length <= 65_536);
    assert.ok(comment.endsWith("<sub>the run</sub>"));
  });

  it("is never longer than GitHub takes", () => {
    const text = fc.string({ maxLength: 3000 });
    const one = fc.record({
      operation: fc.constantFrom("create", "update", "replace", "delete", "import", "discard"),
      type: fc.constant("aws:sqs/queue:Queue"),
      name: text,
      because: fc.array(text, { maxLength: 3 }),
    });
    const steps = fc.array(one, { maxLength: 200, size: "max" });
    const property = fc.property(steps, fc.array(text), text, (made, refused, error) => {
      const diff = "x\n".repeat(50_000);
      const comment = planComment({ ...quiet, diff, error, refused, steps: made }, "run");
      assert.ok(comment.length <= 65_536, String(comment.length));
    });
    fc.assert(property, { numRuns: 30 });
  });
});

describe("the report of drift", () => {
  it("is none if nothing drifted", () => {
    assert.equal(driftReport([quiet, { ...quiet, stackName: "prod" }], ""), undefined);
  });

  it("tells of every stack that drifted or could not be previewed, and fits together", () => {
    const diff = "x\n".repeat(60_000);
    const drifted = { ...quiet, diff, steps: [step("update", "rule")] };
    const failed = { ...quiet, diff, stackName: "prod", error: "no credentials" };
    const report = driftReport([drifted, failed, { ...quiet, stackName: "test" }], "the run");
    const heads = report?.split("\n").filter((line) => line.startsWith("### "));
    assert.deepEqual(heads, [
      "### Stack `dev`: 1 to change, 53 unchanged",
      "### Stack `prod`: preview failed",
      "### Stack `test`: no changes, 53 unchanged",
    ]);
    assert.ok((report?.length ?? 0) < 65_536);
  });
});
