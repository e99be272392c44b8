import { strict as assert } from "node:assert";

import { clearTarget } from "../../scripts/clearTarget";

const outputs = {
  modelBuildPipelineArn: "arn:aws:codepipeline:eu-west-1:123456789012:mlops-churn--dev--modelbuild",
  modelPackageGroupName: "mlops-churn--dev--models",
  sagemakerPipelineName: "mlops-churn--dev--training",
};
const dev = { "model-build-pipeline:posture": { value: "dev" } };

describe("clearTarget", () => {
  it("takes names, account and region from the outputs", () => {
    const built = {
      modelPackageGroupName: "mlops-churn--dev--models",
      sagemakerPipelineName: "mlops-churn--dev--training",
    };
    const accountId = "123456789012";
    const where = { accountId, partition: "aws", region: "eu-west-1" };
    assert.deepEqual(clearTarget(outputs, dev), { ...where, built });
  });

  for (const [posture, config] of Object.entries({
    prod: { "model-build-pipeline:posture": { value: "prod" } },
    no: {},
  })) {
    it(`rejects a stack with ${posture} posture`, () => {
      const message =
        'posture must be "dev" to delete models and endpoints, got "prod": ' +
        "a prod stack retains its model versions and endpoints";
      assert.throws(() => clearTarget(outputs, config), { message });
    });
  }

  it("rejects a stack that is not deployed", () => {
    const message =
      "the stack has no outputs of this program: it is not deployed, nothing to delete";
    assert.throws(() => clearTarget({}, dev), { message });
  });
});
