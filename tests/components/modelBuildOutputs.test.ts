import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import { type ModelBuildOutputs, modelBuildOutputs } from "../../components/outputs";
import { reviewedContract } from "../../scripts/outputsContract";
import { record } from "../support/mocks";

const producer = "organization/model-build-pipeline/dev";

const stackOutputs = {
  artifactBucketName: "mlops-churn--dev--eb805c6c",
  contractVersion: 1,
  sourceRepositoryName: "acme/churn",
};

describe("the reader of another stack's outputs", () => {
  it("returns each output, and ignores unknown and missing ones", async () => {
    const result = await reading({ ...stackOutputs, later: "one" }, (model) => ({
      bucket: model.artifactBucketName,
      repository: model.sourceRepositoryName,
      version: model.contractVersion,
    }));
    assert.deepEqual(result, {
      bucket: "mlops-churn--dev--eb805c6c",
      repository: "acme/churn",
      version: 1,
    });
  });

  it("returns undefined for a missing optional output", async () => {
    const result = await reading(
      stackOutputs,
      ({ sourceRepositoryCloneUrl }) => sourceRepositoryCloneUrl,
    );
    assert.equal(result, undefined);
  });

  it("returns every output under its name", async () => {
    const { outputs } = reviewedContract();
    const echo = Object.fromEntries(
      Object.entries(outputs).map(([name, { type }]) => [
        name,
        type === "list of strings" ? [`the ${name}`] : `the ${name}`,
      ]),
    );
    const all = { ...echo, contractVersion: 1 };

    assert.deepEqual(await reading(all, (model) => ({ ...model })), all);
  });

  it("reports a stack without outputs", async () => {
    await assertRejected(
      {},
      'stack "organization/model-build-pipeline/dev" has no outputs yet: deploy it first, with ' +
        "`pulumi up --stack organization/model-build-pipeline/dev` in its own project, then deploy this one",
    );
  });

  it("rejects a stack of another project, and lists its outputs", async () => {
    await assertRejected(
      { vpcId: "vpc-1", subnets: ["subnet-1"] },
      'stack "organization/model-build-pipeline/dev" must be one of model-build-pipeline, which has the output contractVersion; ' +
        'got the outputs subnets, vpcId: name another stack, for example "organization/model-build-pipeline/dev"',
    );
  });

  it("rejects a newer contract", async () => {
    await assertRejected(
      { ...stackOutputs, contractVersion: 2 },
      'output contractVersion of stack "organization/model-build-pipeline/dev" must be 1, the contract that this reader knows; got 2: ' +
        "install the version of model-build-pipeline that deployed the stack, and read the changes in its docs/outputs.md",
    );
  });

  it("rejects an older or invalid contract", async () => {
    for (const contractVersion of [0, "1"])
      await assertRejected(
        { ...stackOutputs, contractVersion },
        `output contractVersion of stack "organization/model-build-pipeline/dev" must be 1, the contract that this reader knows; got ${JSON.stringify(contractVersion)}: ` +
          "deploy that stack with the installed version of model-build-pipeline",
      );
  });

  it("reports the version that added a missing output", async () => {
    const { artifactBucketName: _, ...others } = stackOutputs;
    await assertRejected(
      others,
      'stack "organization/model-build-pipeline/dev" has no output artifactBucketName, which every stack of model-build-pipeline 0.1.0 or newer has; ' +
        "deploy that stack with such a version, then deploy this one",
    );
  });

  it("rejects an output of another type", async () => {
    await assertRejected(
      { ...stackOutputs, artifactBucketName: 3 },
      'output artifactBucketName of stack "organization/model-build-pipeline/dev" must be a plain string, as contract 1 says; ' +
        "got 3: let its program return what stackOutputs returns",
    );
  });

  it("does not print secrets of the other stack", async () => {
    await assertRejected(
      stackOutputs,
      'output artifactBucketName of stack "organization/model-build-pipeline/dev" must be a plain string, as contract 1 says; ' +
        "got a secret: let its program return what stackOutputs returns",
      ["artifactBucketName"],
    );
  });

  it("ignores secrets that the program does not read", async () => {
    const result = await reading(
      { ...stackOutputs, password: "p" },
      (model) => model.contractVersion,
      ["password"],
    );
    assert.equal(result, 1);
  });
});

type Read = (model: ModelBuildOutputs) => unknown;

async function assertRejected(
  outputs: Record<string, unknown>,
  message: string,
  secrets: string[] = [],
): Promise<void> {
  const read: Read = ({ artifactBucketName }) => artifactBucketName;
  await assert.rejects(reading(outputs, read, secrets), new pulumi.RunError(message));
}

/** Result of `read` on the producer's stack with these outputs. */
async function reading(
  outputs: Record<string, unknown>,
  read: Read,
  secrets: string[] = [],
): Promise<unknown> {
  let result: unknown;
  const run = async () => {
    result = read(await modelBuildOutputs(new pulumi.StackReference(producer)));
  };
  await record(run, { stacks: { [producer]: { outputs, secretOutputNames: secrets } } });
  return result;
}
