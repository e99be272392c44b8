import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import { assertOwnership } from "../../components/validation/ownership";
import {
  resolveDeploySettings,
  resolveSettings,
  resolveStackSettings,
} from "../../components/validation/resolveSettings";

const churn = { projectName: "churn", projectId: "dev" };
const context = {
  accountId: "123456789012",
  dnsSuffix: "amazonaws.com",
  partition: "aws",
  region: "us-east-1",
};

describe("the name prefix", () => {
  before(async () => {
    await pulumi.runtime.setMocks({
      newResource: () => ({ id: "", state: {} }),
      call: () => ({}),
    });
  });

  describe("of a stack and of its permissions boundary", () => {
    const check = (boundary: string, namePrefix = "mlops") => {
      const permissionsBoundaryArn = `arn:aws:iam::123456789012:policy/${boundary}`;
      const { source } = resolveSettings(churn, "the test");
      const settings = { ...churn, namePrefix, permissionsBoundaryArn, source };
      assertOwnership(settings, context, "the test");
    };

    it("must be the same: the boundary covers no name of another prefix", () => {
      assert.throws(() => {
        check("sagemaker-churn--dev--boundary-use1");
      }, /1 problem in the test:\n {2}- namePrefix must be that of the permissions boundary and of the bootstrap, for example "sagemaker"; got "mlops" \(arn:aws:iam::123456789012:policy\/sagemaker-churn--dev--boundary-use1\)$/);
    });

    it("agree with the boundary of the bootstrap, and with any other policy", () => {
      check("mlops-churn--dev--boundary-use1");
      check("sagemaker-churn--dev--boundary-use1", "sagemaker");
      for (const other of ["boundary", "mlops-payroll--dev--boundary-use1", "company/ml-boundary"])
        check(other);
    });
  });

  it("of a deployment must be that of the model build", () => {
    const modelBuild = {
      artifactBucketName: "team-churn--dev--eb805c6c",
      artifactKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      modelPackageGroupName: "team-churn--dev--models",
      notificationTopicArn: "arn:aws:sns:us-east-1:123456789012:team-churn--dev--notifications",
    };
    resolveDeploySettings({ ...churn, modelBuild, namePrefix: "team" }, "the test");
    assert.throws(
      () => resolveDeploySettings({ ...churn, modelBuild }, "the test"),
      /1 problem in the test:\n {2}- modelBuild\.modelPackageGroupName must be that of the same namePrefix, projectName and projectId, for example "mlops-churn--dev--models"; got "team-churn--dev--models"$/,
    );
  });

  it("alone may be sagemaker, a word to which AWS-managed policies grant access", () => {
    const word = "sagemaker-churn";
    resolveSettings({ ...churn, namePrefix: "sagemaker" }, "the test");
    resolveSettings({ ...churn, namePrefix: "sagemaker", projectName: word }, "the test");
    for (const [key, value] of [
      ["projectName", word],
      ["projectId", word],
      ["namePrefix", "sagemaker1"],
    ] as const) {
      const input = { ...churn, [key]: value };
      for (const resolve of [resolveSettings, resolveStackSettings])
        assert.throws(
          () => resolve(input, "the test"),
          new RegExp(
            `1 problem in the test:\\n {2}- ${key} must not contain "sagemaker".*; got "${value}"$`,
          ),
        );
    }
  });
});
