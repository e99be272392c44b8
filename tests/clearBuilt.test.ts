import { strict as assert } from "node:assert";

import { SageMaker } from "@aws-sdk/client-sagemaker";

import { clientOptions } from "../local/provider/clients";
import { builtBy, clearBuilt } from "../scripts/clearBuilt";
import { type StubAnswer, stubCloud } from "./support/stubCloud";

const group = "arn:aws:sagemaker:us-east-1:123456789012:model-package/churn-dev";

/** Clears an account that holds these versions and pipelines; a page holds two versions. */
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
    const built = builtBy({ modelPackageGroupName: "churn-dev", other: "output" });
    const done: string[] = [];
    const count = await clearBuilt(built, sagemaker, (what) => done.push(what));
    assert.equal(count, done.length);
    const deleted = cloud.calls
      .filter(({ operation }) => operation.startsWith("SageMaker.Delete"))
      .map(({ body }) => body.ModelPackageName ?? body.PipelineName);
    const groups = cloud.calls
      .filter(({ operation }) => operation === "SageMaker.ListModelPackages")
      .map(({ body }) => body.ModelPackageGroupName);
    return { deleted, done, groups: [...new Set(groups)] };
  } finally {
    cloud.close();
  }
}

describe("clearing what builds made", () => {
  it("deletes every version of the group, page by page, then the SageMaker pipeline, and tells of each", async () => {
    const { deleted, done, groups } = await cleared([3, 2, 1], ["churn-dev"]);
    assert.deepEqual(groups, ["churn-dev"]);
    assert.deepEqual(deleted, [`${group}/3`, `${group}/2`, `${group}/1`, "churn-dev"]);
    assert.deepEqual(done, [
      ...[3, 2, 1].map((version) => `model version ${group}/${String(version)}`),
      "SageMaker pipeline churn-dev",
    ]);
  });

  it("leaves a pipeline alone whose name only begins alike", async () => {
    const { deleted, done } = await cleared([], ["churn-dev-2"]);
    assert.deepEqual([deleted, done], [[], []]);
  });

  it("needs the outputs of this program", () => {
    assert.throws(() => builtBy({}), /modelPackageGroupName/);
  });
});
