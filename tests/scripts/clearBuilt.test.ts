import { strict as assert } from "node:assert";

import { SageMaker } from "@aws-sdk/client-sagemaker";

import { clientOptions } from "../../local/cloud/provider/clients";
import { builtBy, clearBuilt } from "../../scripts/clearBuilt";
import { type StubAnswer, stubCloud } from "../support/stubCloud";

const outputs = {
  modelPackageGroupName: "mlops-churn--dev--models",
  sagemakerPipelineName: "mlops-churn--dev--training",
};
const group = `arn:aws:sagemaker:us-east-1:123456789012:model-package/${outputs.modelPackageGroupName}`;

/** Clears an account with these model versions and pipelines; a page has two versions. */
async function cleared(versions: readonly number[], pipelines: readonly string[]) {
  const left = versions.map((version) => `${group}/${String(version)}`);
  const cloud = await stubCloud(({ body, operation }): StubAnswer => {
    if (operation === "SageMaker.ListModelPackages") {
      const page = left.slice(0, 2).map((ModelPackageArn) => ({ ModelPackageArn }));
      return [200, { ModelPackageSummaryList: page }];
    }
    if (operation === "SageMaker.DeleteModelPackage")
      left.splice(left.indexOf(String(body.ModelPackageName)), 1);
    if (operation === "SageMaker.ListPipelines")
      return [200, { PipelineSummaries: pipelines.map((PipelineName) => ({ PipelineName })) }];
    return [200, {}];
  });
  try {
    const sagemaker = new SageMaker(clientOptions(cloud.endpoint, "us-east-1"));
    const built = builtBy({ ...outputs, other: "output" });
    const reported: string[] = [];
    const count = await clearBuilt(built, sagemaker, (what) => reported.push(what));
    assert.equal(count, reported.length);
    const deleted = cloud.calls
      .filter(({ operation }) => operation.startsWith("SageMaker.Delete"))
      .map(({ body }) => body.ModelPackageName ?? body.PipelineName);
    const groups = cloud.calls
      .filter(({ operation }) => operation === "SageMaker.ListModelPackages")
      .map(({ body }) => body.ModelPackageGroupName);
    return { deleted, groups: [...new Set(groups)], reported };
  } finally {
    cloud.close();
  }
}

describe("clearBuilt", () => {
  it("deletes and reports every version of the group, then the SageMaker pipeline", async () => {
    const { modelPackageGroupName, sagemakerPipelineName } = outputs;
    const { deleted, groups, reported } = await cleared([3, 2, 1], [sagemakerPipelineName]);
    assert.deepEqual(groups, [modelPackageGroupName]);
    assert.deepEqual(deleted, [`${group}/3`, `${group}/2`, `${group}/1`, sagemakerPipelineName]);
    assert.deepEqual(reported, [
      ...[3, 2, 1].map((version) => `model version ${group}/${String(version)}`),
      `SageMaker pipeline ${sagemakerPipelineName}`,
    ]);
  });

  it("does not delete a pipeline with a longer name", async () => {
    const { deleted, reported } = await cleared([], [`${outputs.sagemakerPipelineName}-2`]);
    assert.deepEqual([deleted, reported], [[], []]);
  });

  it("requires both outputs of this program", () => {
    assert.deepEqual(builtBy(outputs), outputs);
    assert.throws(() => builtBy({}), /modelPackageGroupName/);
    const { modelPackageGroupName } = outputs;
    assert.throws(() => builtBy({ modelPackageGroupName }), /sagemakerPipelineName/);
  });
});
