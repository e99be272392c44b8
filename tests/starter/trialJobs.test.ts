import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";
import { z } from "zod";

const workflows = join(__dirname, "../../starter/model-build/.github/workflows");
const textOf = (name: string) => readFileSync(join(workflows, name), "utf8");

const workflowShape = z.object({
  jobs: z.record(
    z.string(),
    z.object({
      environment: z.string().optional(),
      if: z.string(),
      permissions: z.record(z.string(), z.string()),
      steps: z.array(z.object({ uses: z.string().optional(), with: z.unknown().optional() })),
    }),
  ),
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: z.strictObject({}),
});
const workflow = (name: string) => workflowShape.parse(parse(textOf(name)));

describe("trial jobs of the starter", () => {
  const definition = workflow("trial-definition.yml");
  const trial = workflow("trial.yml");

  it("run the code of a labelled pull request of the repository without credentials", () => {
    assert.deepEqual(definition.on, { pull_request: { types: ["labeled"] } });
    for (const job of Object.values(definition.jobs)) {
      assert.deepEqual(job.permissions, { contents: "read" });
      assert.match(job.if, /label\.name == 'trial' && .*head\.repo\.id == .*repository\.id/);
    }
    assert.doesNotMatch(textOf("trial-definition.yml"), /secrets\.|github\.token|aws-actions/);
  });

  it("check out the commit that had the label", () => {
    assert.deepEqual(checkouts(definition), [
      { "persist-credentials": false, ref: "${{ github.event.pull_request.head.sha }}" },
    ]);
  });

  it("assume the AWS role only in an approved job with the code of the main branch", () => {
    assert.deepEqual(trial.on, {
      workflow_run: { types: ["completed"], workflows: [definition.name] },
    });
    // Without `ref`, the checkout of a workflow_run is the main branch.
    assert.deepEqual(checkouts(trial), [
      { "persist-credentials": false },
      { "persist-credentials": false },
    ]);
    const withToken = Object.entries(trial.jobs).filter(([, job]) => job.permissions["id-token"]);
    assert.deepEqual(
      withToken.map(([name, { environment }]) => [name, environment]),
      [["trial", "trial"]],
    );
    assert.match(withToken[0]?.[1].if ?? "", /head_repository\.id == .*repository\.id/);
    assert.equal(trial.jobs.trial?.permissions["pull-requests"], undefined);
  });

  it("do not put text of the event into a shell script", () => {
    for (const name of ["trial-definition.yml", "trial.yml"])
      for (const script of textOf(name).matchAll(/run: *[|>]?-?\n?(( {10,}.*\n)+|.*)/g))
        assert.doesNotMatch(script[0], /\$\{\{/, name);
  });
});

function checkouts({ jobs }: z.output<typeof workflowShape>): unknown[] {
  return Object.values(jobs)
    .flatMap(({ steps }) => steps)
    .filter(({ uses }) => uses?.startsWith("actions/checkout@"))
    .map((step) => step.with);
}
