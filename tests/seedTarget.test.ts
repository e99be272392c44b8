import { strict as assert } from "node:assert";

import { seedTarget } from "../scripts/seedTarget";

const outputs = {
  modelBuildPipelineArn:
    "arn:aws:codepipeline:eu-west-1:123456789012:sagemaker-churn-dev-modelbuild",
  sourceRepositoryName: "churn-model",
};

describe("seeding by hand", () => {
  it("finds repository, account and region in the stack's outputs", () => {
    assert.deepEqual(seedTarget(outputs, {}), {
      accountId: "123456789012",
      branch: "main",
      region: "eu-west-1",
      repositoryName: "churn-model",
    });
  });

  it("finds branch and profile in the stack's config", () => {
    const config = {
      "aws:profile": { value: "team", secret: false },
      "model-build-pipeline:source": source({ codecommit: { branch: "release", seed: false } }),
    };
    const { branch, profile } = seedTarget(outputs, config);
    assert.deepEqual({ branch, profile }, { branch: "release", profile: "team" });
  });

  it("leaves a repository of others alone", () => {
    const config = {
      "model-build-pipeline:source": source({ existing: { repositoryName: "churn-model" } }),
    };
    assert.throws(() => seedTarget(outputs, config), {
      message:
        'only a repository that the stack made is seeded: source must be codecommit, for example {"codecommit":{}}; got existing',
    });
  });

  describe("the repository of a deployment", () => {
    const deployed = { ...outputs, deployRepositoryName: "churn-deploy" };
    const deploy = (objectValue: unknown) => ({
      "model-build-pipeline:deploy": source(objectValue),
      "model-build-pipeline:source": source({ codecommit: { branch: "release" } }),
    });

    it("is found in the stack's outputs, and its branch in what the config says of deployment", () => {
      const config = deploy({ enabled: true, source: { codecommit: { branch: "live" } } });
      assert.deepEqual(seedTarget(deployed, config, "model-deploy"), {
        accountId: "123456789012",
        branch: "live",
        region: "eu-west-1",
        repositoryName: "churn-deploy",
      });
      const { branch } = seedTarget(deployed, deploy({ enabled: true }), "model-deploy");
      assert.equal(branch, "main");
      assert.equal(seedTarget(deployed, {}, "model-deploy").branch, "main");
    });

    it("is left alone if others made it", () => {
      const existing = { existing: { repositoryName: "churn-deploy" } };
      const config = deploy({ enabled: true, source: existing });
      assert.throws(() => seedTarget(deployed, config, "model-deploy"), {
        message:
          'only a repository that the stack made is seeded: deploy.source must be codecommit, for example {"codecommit":{}}; got existing',
      });
      assert.equal(seedTarget(deployed, config).repositoryName, "churn-model");
    });

    it("needs a stack that deploys models", () => {
      assert.throws(() => seedTarget(outputs, {}, "model-deploy"), {
        message:
          "the stack deploys no models: set deploy.enabled to true and bring it up, by pulumi up",
      });
    });
  });

  it("needs a stack that is up", () => {
    assert.throws(() => seedTarget({}, {}), {
      message: "the stack has no outputs of this program: bring it up first, by pulumi up",
    });
  });
});

function source(objectValue: unknown): unknown {
  return { value: JSON.stringify(objectValue), objectValue, secret: false };
}
