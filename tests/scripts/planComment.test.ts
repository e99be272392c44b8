import { strict as assert } from "node:assert";

import * as fc from "fast-check";

import { driftIssue } from "../../scripts/github/driftIssue";
import type { Plan, Step } from "../../scripts/stack/plan";
import { planComment } from "../../scripts/stack/planComment";

const unchangedPlan: Plan = {
  stackName: "dev",
  steps: [],
  unchanged: 53,
  diff: "Resources: 53",
  violations: [],
};

function step(operation: string, name: string, replaceKeys: string[] = []): Step {
  return { operation, type: "aws:sqs/queue:Queue", name, replaceKeys };
}

describe("planComment", () => {
  it("lists deletions and replacements first, then other changes and a collapsed diff", () => {
    const steps = [
      step("create", "a"),
      step("update", "b"),
      step("replace", "c", ["name", "region"]),
      step("delete", "d"),
    ];
    assert.equal(
      planComment({ ...unchangedPlan, steps }, "Commit abc"),
      [
        "### Stack `dev`: 1 to delete, 1 to replace, 1 to update, 1 to create, 53 unchanged",
        "**Deleted**",
        "- `d` (`aws:sqs/queue:Queue`)",
        "**Replaced**",
        "- `c` (`aws:sqs/queue:Queue`), because of `name, region`",
        "**Updated**",
        "- `b` (`aws:sqs/queue:Queue`)",
        "**Created**",
        "- `a` (`aws:sqs/queue:Queue`)",
        "<details><summary>Diff</summary>",
        "```text\nResources: 53\n```",
        "</details>",
        "<sub>Commit abc</sub>",
      ].join("\n\n"),
    );
  });

  it("says that there are no changes", () => {
    assert.match(planComment(unchangedPlan, ""), /^### Stack `dev`: no changes, 53 unchanged\n/);
  });

  it("shows the error of a failed preview, and policy violations", () => {
    const failed = planComment({ ...unchangedPlan, error: "no credentials" }, "");
    assert.match(failed, /dev`: preview failed\n\nThe preview failed:\n\n```text\nno credentials/);
    const rule = "kms-key-rotation";
    const violations = [`${rule}: key: Turn\n it on.`];
    const violated = planComment({ ...unchangedPlan, violations }, "");
    assert.match(
      violated,
      /1 policy violation, .*\n\n\*\*Policy violations\*\*\n\n- `kms-key-rotation: key: Turn it on\.`/,
    );
  });

  it("escapes Markdown, HTML and mentions in a diff and in names", () => {
    const diff = "````\n</details> @everyone";
    assert.ok(
      planComment({ ...unchangedPlan, diff }, "").includes(`\`\`\`\`\`text\n${diff}\n\`\`\`\`\``),
    );
    assert.match(
      planComment({ ...unchangedPlan, steps: [step("delete", "a`@b`")] }, ""),
      /- `a'@b'` /,
    );
    for (const type of ["<img src=x>", "@acme/owners", "[click](http://evil.example)"]) {
      const steps = [{ ...step("delete", "a"), type }];
      assert.ok(planComment({ ...unchangedPlan, steps }, "").includes(`(\`${type}\`)`), type);
    }
    assert.match(
      planComment({ ...unchangedPlan, steps: [step("@acme/owners", "a")] }, ""),
      /- `@acme\/owners` /,
    );
  });

  it("cuts a long diff at a line and a long list, and says so", () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `+ line ${String(index)}`);
    const steps = Array.from({ length: 30 }, (_, index) => step("delete", String(index)));
    const comment = planComment({ ...unchangedPlan, diff: lines.join("\n"), steps }, "the run");
    assert.match(comment, /- `24` .*\n- and 5 more\n/);
    const kept = /Diff, first (\d+) of 20000 lines/.exec(comment)?.[1];
    assert.ok(comment.includes(`\n+ line ${String(Number(kept) - 1)}\n\`\`\`\n\n</details>`));
    assert.ok(comment.length > 60_000 && comment.length <= 65_536);
    assert.ok(comment.endsWith("<sub>the run</sub>"));
  });

  it("is never longer than GitHub allows", () => {
    const text = fc.string({ maxLength: 3000 });
    const one = fc.record({
      operation: fc.constantFrom("create", "update", "replace", "delete", "import", "discard"),
      type: fc.constant("aws:sqs/queue:Queue"),
      name: text,
      replaceKeys: fc.array(text, { maxLength: 3 }),
    });
    const steps = fc.array(one, { maxLength: 200, size: "max" });
    const property = fc.property(steps, fc.array(text), text, (planned, violations, error) => {
      const diff = "x\n".repeat(50_000);
      const comment = planComment(
        { ...unchangedPlan, diff, error, steps: planned, violations },
        "run",
      );
      assert.ok(comment.length <= 65_536, String(comment.length));
    });
    fc.assert(property, { numRuns: 30 });
  });
});

describe("driftIssue", () => {
  it("has the next step, and the diff as a code block within GitHub's limit", () => {
    const diff = `\`\`\`\n@everyone\n${"x\n".repeat(60_000)}`;
    const text = driftIssue(diff, "the run");
    assert.match(text, /^Resources in AWS differ from the main branch\. .* Next: re-run /);
    assert.ok(text.includes("````text\n```\n@everyone\nx\n"));
    assert.match(text, /x\n````\n\n<\/details>\n\n<sub>the run<\/sub>$/);
    assert.ok(text.length > 60_000 && text.length < 65_536);
  });
});
