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

  it("needs a stack that is up", () => {
    assert.throws(() => seedTarget({}, {}), {
      message: "the stack has no outputs of this program: bring it up first, by pulumi up",
    });
  });
});

function source(objectValue: unknown): unknown {
  return { value: JSON.stringify(objectValue), objectValue, secret: false };
}
