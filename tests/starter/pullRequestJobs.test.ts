import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";
import { z } from "zod";

const starter = join(__dirname, "../../starter/model-build");
const textOf = (path: string) => readFileSync(join(starter, path), "utf8");

const workflowShape = z.object({
  jobs: z.record(
    z.string(),
    z.object({
      permissions: z.record(z.string(), z.string()),
      steps: z.array(z.object({ uses: z.string().optional(), with: z.unknown().optional() })),
    }),
  ),
  name: z.string(),
  on: z.record(z.string(), z.object({ workflows: z.array(z.string()) }).nullable()),
  permissions: z.strictObject({}),
});
const workflow = (name: string) => workflowShape.parse(parse(textOf(`.github/workflows/${name}`)));

describe("pull request jobs of the starter", () => {
  const compare = workflow("compare.yml");
  const comment = workflow("comment.yml");
  const gitlab = z
    .looseObject({ comment: z.unknown(), compare: z.unknown() })
    .parse(parse(textOf(".gitlab-ci.yml")));

  it("run the code of a pull request only with the right to read the repository", () => {
    assert.deepEqual(Object.keys(compare.on), ["pull_request"]);
    assert.deepEqual(
      Object.values(compare.jobs).map(({ permissions }) => permissions),
      [{ contents: "read" }],
    );
    assert.doesNotMatch(textOf(".github/workflows/compare.yml"), /secrets\.|github\.token/);
    assert.doesNotMatch(JSON.stringify(gitlab.compare), /TOKEN/);
  });

  it("comment with the code of the main branch, after the comparison", () => {
    assert.deepEqual(comment.on, { workflow_run: { workflows: [compare.name] } });
    const checkouts = Object.values(comment.jobs)
      .flatMap(({ steps }) => steps)
      .filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    // Without `ref`, the checkout of a workflow_run is the main branch.
    assert.deepEqual(
      checkouts.map((step) => step.with),
      [{ "persist-credentials": false }],
    );
    assert.deepEqual(z.object({ rules: z.array(z.unknown()) }).parse(gitlab.comment).rules, [
      { if: '$CI_PIPELINE_SOURCE == "schedule" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH' },
    ]);
  });

  it("do not put text of the event into a shell script", () => {
    for (const name of ["compare.yml", "comment.yml"])
      assert.doesNotMatch(textOf(`.github/workflows/${name}`), /run:[^\n]*\$\{\{/);
  });
});
