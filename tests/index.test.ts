import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import program = require("../index");
import { asDocument, reviewed } from "./support/documents";
import { keyArn, record, type Recording } from "./support/mocks";
import { valueOf } from "./support/valueOf";

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
    const { outputs } = await run({});
    const { approverPolicy, ...others } = outputs;
    assert.deepEqual(asDocument(approverPolicy), reviewed("approver-policy"));
    assert.deepEqual(others, { ...ofBuild, ...ofNoDeployment });
  });

  it("gives those of a deployment too where models are deployed", async () => {
    const { approverPolicy: _, ...others } = (await run({ deploy: '{"enabled":true}' })).outputs;
    assert.deepEqual(others, { ...ofBuild, ...ofDeployment });
  });

  it("gives no clone URL of a repository of the deployment that is outside AWS", async () => {
    const connectionArn =
      "arn:aws:codeconnections:us-east-1:123456789012:connection/11111111-2222-3333-4444-555555555555";
    const source = { connection: { connectionArn, fullRepositoryId: "acme/churn-deploy" } };
    const { outputs } = await run({ deploy: JSON.stringify({ enabled: true, source }) });
    const { approverPolicy: _, ...others } = outputs;
    assert.deepEqual(others, {
      ...ofBuild,
      ...ofDeployment,
      deployRepositoryCloneUrl: undefined,
      deployRepositoryName: "acme/churn-deploy",
    });
  });

  it("makes nothing of a deployment unless it is told to, and then changes nothing but what guards what it uses", async () => {
    const { recording: without } = await run({ deploy: '{"enabled":false}' });
    const { recording } = await run({ deploy: '{"enabled":true}' });
    assert.deepEqual(
      without.inventory().filter((it) => it.includes("model-deploy")),
      [],
    );
    const added = recording.inventory().filter((it) => !without.inventory().includes(it));
    assert.ok(added.length > 30 && added.every((it) => it.includes(" model-deploy")));
    assert.equal(recording.resources.length, without.resources.length + added.length);

    const changed = without.resources.filter(
      ({ inputs, name, type }) =>
        type.startsWith("aws:") &&
        JSON.stringify(inputs) !==
          JSON.stringify(
            recording.resources.find((it) => it.name === name && it.type === type)?.inputs,
          ),
    );
    assert.deepEqual(changed.map(({ name, type }) => `${type} ${name}`).sort(), [
      "aws:iam/role:Role model-build-messages-role",
      "aws:kms/key:Key model-build-key",
      "aws:s3/bucketPolicy:BucketPolicy model-build-artifacts",
      "aws:sqs/queuePolicy:QueuePolicy model-build-undelivered",
    ]);
  });

  it("stops with the plain message when something of the deployment belongs elsewhere", async () => {
    const connectionArn =
      "arn:aws:codeconnections:us-east-1:210987654321:connection/11111111-2222-3333-4444-555555555555";
    const source = { connection: { connectionArn, fullRepositoryId: "acme/churn-deploy" } };
    const refused = await record(
      () =>
        assert.rejects(
          program,
          new pulumi.RunError(
            "1 problem in the stack config:\n  - deploy.source.connection.connectionArn must be of the stack's own account, " +
              `for example "123456789012"; got "${connectionArn}"`,
          ),
        ),
      { config: configOf({ deploy: JSON.stringify({ enabled: true, source }) }) },
    );
    assert.deepEqual(refused.resources, []);
  });
});

const ofBuild = {
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
};

const ofDeployment = {
  deployConsoleUrl:
    "https://us-east-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/sagemaker-churn-dev-modeldeploy/view?region=us-east-1",
  deployRepositoryCloneUrl:
    "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/sagemaker-churn-dev-modeldeploy",
  deployRepositoryName: "sagemaker-churn-dev-modeldeploy",
  deployStateBucketName: "sagemaker-churn-dev-eb805c6c-state",
  modelDeployPipelineArn:
    "arn:aws:codepipeline:us-east-1:123456789012:sagemaker-churn-dev-modeldeploy",
  modelDeployPipelineName: "sagemaker-churn-dev-modeldeploy",
  prodEndpointName: "churn-dev-prod",
  stagingEndpointName: "churn-dev-staging",
};

const ofNoDeployment = Object.fromEntries(
  Object.keys(ofDeployment).map((name) => [name, undefined]),
);

/** The program's outputs and resources, by a config of these keys and a project's name. */
async function run(
  given: Record<string, string>,
): Promise<{ outputs: Record<string, unknown>; recording: Recording }> {
  let outputs: Record<string, unknown> = {};
  const recording = await record(
    async () => {
      outputs = { ...(await valueOf(await program())) };
    },
    { config: configOf(given) },
  );
  return { outputs, recording };
}

function configOf(given: Record<string, string>): Record<string, string> {
  const ours = Object.entries({ projectName: "churn", ...given });
  return Object.fromEntries(ours.map(([key, value]) => [`model-build-pipeline:${key}`, value]));
}
