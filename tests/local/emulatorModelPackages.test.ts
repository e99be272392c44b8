import { strict as assert } from "node:assert";

import { SageMaker } from "@aws-sdk/client-sagemaker";

import type { Emulator } from "../../local/cloud/emulator";
import { clientOptions } from "../../local/cloud/provider/clients";
import { silently } from "../support/printed";
import { runningEmulator } from "../support/runningEmulator";

const ModelPackageGroupName = "churn-models";

describe("model packages of the emulator", function () {
  this.timeout(10 * 60_000);
  let emulator: Emulator;
  let sagemaker: SageMaker;

  const register = async (): Promise<string> =>
    (await sagemaker.createModelPackage({ ModelPackageGroupName })).ModelPackageArn ?? "";
  const remove = (ModelPackageName: string) => sagemaker.deleteModelPackage({ ModelPackageName });
  const versions = async (): Promise<(number | undefined)[]> => {
    const { ModelPackageSummaryList = [] } = await sagemaker.listModelPackages({
      ModelPackageGroupName,
    });
    return ModelPackageSummaryList.map((one) => one.ModelPackageVersion).sort();
  };

  before("starts the emulator", async () => {
    emulator = await silently(runningEmulator);
    sagemaker = new SageMaker(clientOptions(emulator.endpoint, "us-east-1"));
  });
  after("stops the emulator", () => emulator.stop());
  beforeEach(() => sagemaker.createModelPackageGroup({ ModelPackageGroupName }));
  afterEach(async () => {
    for (const version of await versions()) await remove(arnOf(version));
    await sagemaker.deleteModelPackageGroup({ ModelPackageGroupName });
  });

  it("number the versions of a group from 1", async () => {
    assert.deepEqual([await register(), await register()], [arnOf(1), arnOf(2)]);
  });

  it("do not get the number of a deleted version again", async () => {
    await register();
    await remove(await register());
    assert.equal(await register(), arnOf(3));
    assert.deepEqual(await versions(), [1, 3]);
  });

  it("keep life-cycle stage and model card, and the approval status, in an update", async () => {
    const name = await register();
    const ModelLifeCycle = { Stage: "Production", StageStatus: "Deployed" };
    const ModelCard = { ModelCardContent: "{}", ModelCardStatus: "Draft" as const };
    const ModelApprovalStatus = "Approved";
    await sagemaker.updateModelPackage({ ModelPackageArn: name, ModelApprovalStatus, ModelCard });
    await sagemaker.updateModelPackage({ ModelPackageArn: name, ModelLifeCycle });
    const found = await sagemaker.describeModelPackage({ ModelPackageName: name });
    assert.deepEqual(
      [found.ModelApprovalStatus, found.ModelCard, found.ModelLifeCycle],
      [ModelApprovalStatus, ModelCard, ModelLifeCycle],
    );
  });

  it("do not replace an existing version after the deletion of an earlier one", async () => {
    const first = await register();
    await register();
    await remove(first);
    await register();
    assert.deepEqual(await versions(), [2, 3]);
  });
});

function arnOf(version: number | undefined): string {
  return `arn:aws:sagemaker:us-east-1:123456789012:model-package/${ModelPackageGroupName}/${String(version)}`;
}
