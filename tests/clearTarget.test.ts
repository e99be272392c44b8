import { strict as assert } from "node:assert";

import { clearTarget } from "../scripts/clearTarget";

const outputs = {
  modelBuildPipelineArn:
    "arn:aws:codepipeline:eu-west-1:123456789012:sagemaker-churn-dev-modelbuild",
  modelPackageGroupName: "churn-dev",
};
const dev = { "model-build-pipeline:posture": { value: "dev" } };

describe("clearing what builds made", () => {
  it("is told of group, pipeline, account and region by the outputs, and of the profile by the config", () => {
    const built = { modelPackageGroupName: "churn-dev", sagemakerPipelineName: "churn-dev" };
    const accountId = "123456789012";
    assert.deepEqual(clearTarget(outputs, dev), { accountId, built, region: "eu-west-1" });
    assert.deepEqual(clearTarget(outputs, { ...dev, "aws:profile": { value: "team" } }), {
      accountId,
      built,
      profile: "team",
      region: "eu-west-1",
    });
  });

  for (const [posture, config] of Object.entries({
    prod: { "model-build-pipeline:posture": { value: "prod" } },
    "the default posture": {},
  })) {
    it(`is refused for ${posture}`, () => {
      const message =
        'posture must be "dev" for anything to be deleted, got "prod": models of a prod stack are there to stay';
      assert.throws(() => clearTarget(outputs, config), { message });
    });
  }

  it("is refused for a stack that was never brought up", () => {
    const message = "the stack has no outputs of this program: nothing to clear";
    assert.throws(() => clearTarget({}, dev), { message });
  });
});
