import { strict as assert } from "node:assert";

import { workflowStep } from "../../local/scenarios/workflows/workflowStep";

describe("steps of the workflows", () => {
  for (const stack of ["dev", "prod"]) {
    it(`deploy ${stack} with a preview and the policy pack before the update`, () => {
      const step = workflowStep({ file: "workflows/deploy.yml", job: stack, name: "Deploy" }, {});
      const [program = "", command = "", ...options] = step.script.trim().split(" ");
      assert.equal(`${program} ${command}`, "pulumi up");
      for (const option of [`--stack ${stack}`, "--yes", "--refresh", "--policy-pack policy"])
        assert.ok(options.join(" ").includes(option), option);
      // Rules of the whole stack can stop a deployment only in its preview.
      assert.ok(!options.includes("--skip-preview"));
    });
  }

  it("give the token only to the steps that comment or edit an issue", () => {
    const values = { "matrix.stack": "dev", "github.event.pull_request.head.sha": "1f3d5b7" };
    for (const [file, job, name] of [
      ["pull-request.yml", "preview", "Preview"],
      ["drift.yml", "drift", "Compare AWS with the main branch"],
    ] as const) {
      const { env } = workflowStep({ file: `workflows/${file}`, job, name }, values);
      assert.ok(!Object.keys(env).some((key) => key.includes("TOKEN")), name);
    }
  });

  it("fail to load if a step or the value of an expression is missing", () => {
    const comment = { file: "workflows/pull-request.yml", job: "preview", name: "Comment" };
    assert.throws(() => workflowStep({ ...comment, name: "Post" }, {}), /no run step "Post"/);
    assert.throws(() => workflowStep(comment, {}), /no value for github\.token/);
  });
});
