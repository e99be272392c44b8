import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import program = require("../index");
import { asDocument, reviewed } from "./support/documents";
import { keyArn, record } from "./support/mocks";

describe("the program", () => {
  it("stops with the plain message when something belongs to another account", async () => {
    const executionRoleArn = "arn:aws:iam::210987654321:role/a";
    const recording = await record(
      () =>
        assert.rejects(
          program,
          new pulumi.RunError(
            "1 problem in the stack config:\n  - training.executionRoleArn must be of the stack's own account, " +
              `for example "123456789012"; got "${executionRoleArn}"`,
          ),
        ),
      {
        config: {
          "model-build-pipeline:projectName": "churn",
          "model-build-pipeline:training": JSON.stringify({ executionRoleArn }),
        },
      },
    );
    assert.deepEqual(recording.resources, []);
  });

  it("gives other projects exactly these outputs", async () => {
    let outputs: Record<string, unknown> = {};
    await record(
      async () => {
        const values = pulumi.output(await program());
        outputs = await new Promise((resolve) => values.apply(resolve));
      },
      { config: { "model-build-pipeline:projectName": "churn" } },
    );

    const { approverPolicy, ...others } = outputs;
    assert.deepEqual(asDocument(approverPolicy), reviewed("approver-policy"));
    assert.deepEqual(others, {
      artifactBucketArn: "arn:aws:s3:::sagemaker-churn-dev-eb805c6c",
      artifactBucketName: "sagemaker-churn-dev-eb805c6c",
      artifactKeyArn: keyArn,
      buildProjectName: "sagemaker-churn-dev-modelbuild",
      contractVersion: 1,
      executionRoleArn: "arn:aws:iam::123456789012:role/sagemaker-churn-dev-execution",
      modelBuildPipelineArn:
        "arn:aws:codepipeline:us-east-1:123456789012:sagemaker-churn-dev-modelbuild",
      modelBuildPipelineName: "sagemaker-churn-dev-modelbuild",
      modelPackageGroupName: "churn-dev",
      networkVpcId: undefined,
      notificationTopicArn: "arn:aws:sns:us-east-1:123456789012:sagemaker-churn-dev-messages",
      pipelineConsoleUrl:
        "https://us-east-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/sagemaker-churn-dev-modelbuild/view?region=us-east-1",
      sourceRepositoryCloneUrl:
        "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/sagemaker-churn-dev-modelbuild",
      sourceRepositoryName: "sagemaker-churn-dev-modelbuild",
    });
  });
});
