import { strict as assert } from "node:assert";

import { seedTarget } from "../../scripts/seedTarget";

const outputs = {
  modelBuildPipelineArn: "arn:aws:codepipeline:eu-west-1:123456789012:mlops-churn--dev--modelbuild",
  sourceRepositoryName: "churn-model",
};

describe("seedTarget", () => {
  it("takes repository, account and region from the outputs", () => {
    assert.deepEqual(seedTarget(outputs, {}), {
      accountId: "123456789012",
      branch: "main",
      region: "eu-west-1",
      repositoryName: "churn-model",
    });
  });

  it("takes the branch from the config", () => {
    const config = {
      "model-build-pipeline:source": source({ codecommit: { branch: "release", seed: false } }),
    };
    assert.equal(seedTarget(outputs, config).branch, "release");
  });

  it("rejects an existing repository", () => {
    const config = {
      "model-build-pipeline:source": source({ existing: { repositoryName: "churn-model" } }),
    };
    assert.throws(() => seedTarget(outputs, config), {
      message:
        "only a repository that the stack created can be seeded: source must be codecommit, " +
        'for example {"codecommit":{}}; got existing',
    });
  });

  describe("of the deployment repository", () => {
    const deployed = { ...outputs, deployRepositoryName: "churn-deploy" };
    const deploy = (objectValue: unknown) => ({
      "model-build-pipeline:deploy": source(objectValue),
      "model-build-pipeline:source": source({ codecommit: { branch: "release" } }),
    });

    it("takes the repository from the outputs, and the branch from deploy.source", () => {
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

    it("rejects an existing repository", () => {
      const existing = { existing: { repositoryName: "churn-deploy" } };
      const config = deploy({ enabled: true, source: existing });
      assert.throws(() => seedTarget(deployed, config, "model-deploy"), {
        message:
          "only a repository that the stack created can be seeded: deploy.source must be " +
          'codecommit, for example {"codecommit":{}}; got existing',
      });
      assert.equal(seedTarget(deployed, config).repositoryName, "churn-model");
    });

    it("requires a stack that deploys models", () => {
      assert.throws(() => seedTarget(outputs, {}, "model-deploy"), {
        message: "the stack does not deploy models: set deploy.enabled to true and run pulumi up",
      });
    });
  });

  it("requires a deployed stack", () => {
    assert.throws(() => seedTarget({}, {}), {
      message: "the stack has no outputs of this program: run pulumi up first",
    });
  });
});

function source(objectValue: unknown): unknown {
  return { value: JSON.stringify(objectValue), objectValue, secret: false };
}
