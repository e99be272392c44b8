import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import {
  type ModelBuildOutputs,
  modelBuildOutputs,
  modelBuildOutputsIn,
} from "../components/outputs";
import { reviewedContract } from "../scripts/outputsContract";
import { record } from "./support/mocks";

const producer = "organization/model-build-pipeline/dev";

const given = {
  artifactBucketName: "sagemaker-churn-dev-eb805c6c",
  contractVersion: 1,
  sourceRepositoryName: "acme/churn",
};

describe("the reader of another stack's outputs", () => {
  it("gives each output, whatever else the stack has or lacks", async () => {
    const read = await reading({ ...given, later: "one" }, (model) => ({
      bucket: model.artifactBucketName,
      repository: model.sourceRepositoryName,
      version: model.contractVersion,
    }));
    assert.deepEqual(read, {
      bucket: "sagemaker-churn-dev-eb805c6c",
      repository: "acme/churn",
      version: 1,
    });
  });

  it("gives nothing for what no stack has to have", async () => {
    const read = await reading(given, ({ sourceRepositoryCloneUrl }) => sourceRepositoryCloneUrl);
    assert.equal(read, undefined);
  });

  it("gives every output under the name that it was asked for", async () => {
    const { outputs } = reviewedContract();
    const names = Object.keys(outputs);
    const echo = Object.fromEntries(names.map((name) => [name, `the ${name}`]));
    const all = { ...echo, contractVersion: 1 };

    assert.deepEqual(await reading(all, (model) => ({ ...model })), all);
  });

  it("says that a stack has no outputs yet", async () => {
    await refused(
      {},
      'stack "organization/model-build-pipeline/dev" has no outputs yet: bring it up first, with ' +
        "`pulumi up --stack organization/model-build-pipeline/dev` in its own project, then this one",
    );
  });

  it("tells a stack of something else by the outputs that it has", async () => {
    await refused(
      { vpcId: "vpc-1", subnets: ["subnet-1"] },
      'stack "organization/model-build-pipeline/dev" must be one of model-build-pipeline, which has the output contractVersion; ' +
        'got the outputs subnets, vpcId: name another stack, for example "organization/model-build-pipeline/dev"',
    );
  });

  it("refuses a contract that is newer than it knows", async () => {
    await refused(
      { ...given, contractVersion: 2 },
      'output contractVersion of stack "organization/model-build-pipeline/dev" must be 1, the contract that this reader knows; got 2: ' +
        "install the version of model-build-pipeline that the stack was brought up with, and see in its docs/outputs.md what changed",
    );
  });

  it("refuses a contract that is older, and what is none", async () => {
    for (const contractVersion of [0, "1"])
      await refused(
        { ...given, contractVersion },
        `output contractVersion of stack "organization/model-build-pipeline/dev" must be 1, the contract that this reader knows; got ${JSON.stringify(contractVersion)}: ` +
          "bring that stack up with the version of model-build-pipeline that you have here",
      );
  });

  it("says since when stacks have what this one lacks", async () => {
    const { artifactBucketName: _, ...others } = given;
    await refused(
      others,
      'stack "organization/model-build-pipeline/dev" has no output artifactBucketName, which every stack of model-build-pipeline 0.1.0 or newer has; ' +
        "bring that stack up with such a version, then this one",
    );
  });

  it("refuses an output of another type", async () => {
    await refused(
      { ...given, artifactBucketName: 3 },
      'output artifactBucketName of stack "organization/model-build-pipeline/dev" must be a plain string, as contract 1 says; ' +
        "got 3: let its program return what outputsOf gives",
    );
  });

  it("shows no secret of the other stack", async () => {
    await refused(
      given,
      'output artifactBucketName of stack "organization/model-build-pipeline/dev" must be a plain string, as contract 1 says; ' +
        "got a secret: let its program return what outputsOf gives",
      ["artifactBucketName"],
    );
  });

  it("does not mind a secret that nobody asks for", async () => {
    const read = await reading({ ...given, password: "p" }, (model) => model.contractVersion, [
      "password",
    ]);
    assert.equal(read, 1);
  });
});

describe("the reader of a document of outputs", () => {
  const place = "s3://churn-state/outputs.json";

  it("gives each output, and nothing for what no stack has to have", () => {
    const model = modelBuildOutputsIn({ ...given, later: "one" }, place);
    assert.equal(model.artifactBucketName, "sagemaker-churn-dev-eb805c6c");
    assert.equal(model.contractVersion, 1);
    assert.equal(model.networkVpcId, undefined);
  });

  const { artifactBucketName: _, ...others } = given;
  for (const [what, document, message] of [
    [
      "is no object",
      "outputs",
      `the document ${place} must be an object of a stack's outputs; got "outputs"`,
    ],
    [
      "is empty",
      {},
      `the document ${place} has no outputs yet: have it written from the outputs of a stack of model-build-pipeline`,
    ],
    [
      "is of another contract",
      { ...given, contractVersion: 0 },
      `output contractVersion of the document ${place} must be 1, the contract that this reader knows; got 0: ` +
        "bring that stack up with the version of model-build-pipeline that you have here",
    ],
    [
      "lacks what is asked for",
      others,
      `the document ${place} has no output artifactBucketName, which every stack of model-build-pipeline 0.1.0 or newer has; ` +
        "bring that stack up with such a version, then this one",
    ],
  ] as const)
    it(`refuses one that ${what}`, () => {
      assert.throws(
        () => modelBuildOutputsIn(document, place).artifactBucketName,
        new pulumi.RunError(message),
      );
    });
});

type Wanted = (model: ModelBuildOutputs) => unknown;

async function refused(
  outputs: Record<string, unknown>,
  message: string,
  secrets: string[] = [],
): Promise<void> {
  const wanted: Wanted = ({ artifactBucketName }) => artifactBucketName;
  await assert.rejects(reading(outputs, wanted, secrets), new pulumi.RunError(message));
}

/** What a program reads of the producer's stack with these outputs. */
async function reading(
  outputs: Record<string, unknown>,
  wanted: Wanted,
  secrets: string[] = [],
): Promise<unknown> {
  let read: unknown;
  const run = async () => {
    read = wanted(await modelBuildOutputs(new pulumi.StackReference(producer)));
  };
  await record(run, { stacks: { [producer]: { outputs, secretOutputNames: secrets } } });
  return read;
}
