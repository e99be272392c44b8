import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import program = require("../../index");
import { asDocument, reviewed } from "../support/documents";
import { keyArn, record, type Recording } from "../support/mocks";
import { valueOf } from "../support/valueOf";

describe("the Pulumi program", () => {
  it("stops with the validation error for an ARN of another account", async () => {
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

  it("has exactly these stack outputs", async () => {
    const { outputs } = await run({});
    const { approverPolicy, ...others } = outputs;
    assert.deepEqual(asDocument(approverPolicy), reviewed("approver-policy"));
    assert.deepEqual(others, { ...buildOutputs, ...noDeploymentOutputs });
  });

  it("has the outputs of a deployment if deployment is enabled", async () => {
    const { approverPolicy: _, ...others } = (await run({ deploy: '{"enabled":true}' })).outputs;
    assert.deepEqual(others, { ...buildOutputs, ...deploymentOutputs });
  });

  it("has no clone URL of a deploy repository with a connection", async () => {
    const connectionArn =
      "arn:aws:codeconnections:us-east-1:123456789012:connection/11111111-2222-3333-4444-555555555555";
    const source = { connection: { connectionArn, fullRepositoryId: "acme/churn-deploy" } };
    const { outputs } = await run({ deploy: JSON.stringify({ enabled: true, source }) });
    const { approverPolicy: _, ...others } = outputs;
    assert.deepEqual(others, {
      ...buildOutputs,
      ...deploymentOutputs,
      deployRepositoryCloneUrl: undefined,
      deployRepositoryName: "acme/churn-deploy",
    });
  });

  it("creates deployment resources only if enabled, and then changes only the build and six policies of the model build", async () => {
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
      "aws:codebuild/project:Project model-build-build",
      "aws:iam/role:Role model-build-notifications-role",
      "aws:iam/rolePolicy:RolePolicy model-build-build-role",
      "aws:kms/key:Key model-build-key",
      "aws:s3/bucketPolicy:BucketPolicy model-build-artifacts",
      "aws:sns/topicPolicy:TopicPolicy model-build-notifications",
      "aws:sqs/queuePolicy:QueuePolicy model-build-undelivered-events",
    ]);
  });

  it("passes network, images and limits of the stack config to the deployment", async () => {
    const boundary = "arn:aws:iam::123456789012:policy/mlops-churn--dev--boundary-use1";
    const images = "arn:aws:ecr:us-east-1:683313688378:repository/sagemaker-xgboost";
    const network = {
      existing: {
        vpcId: "vpc-0a1b2c3d",
        subnetIds: ["subnet-0a1b2c3d"],
        securityGroupIds: ["sg-0a1b2c3d"],
      },
      packageIndexUrl: "https://packages.example.com/simple",
    };
    const { recording } = await run({
      deploy: '{"enabled":true,"approvalTimeoutMinutes":60,"build":{"timeoutMinutes":30}}',
      logs: '{"retentionDays":30}',
      network: JSON.stringify(network),
      permissionsBoundaryArn: boundary,
      posture: "dev",
      training: JSON.stringify({ imageRepositoryArns: [images] }),
    });
    const textOf = (type: string, name: string) =>
      JSON.stringify(recording.inputsOf(type, `model-deploy-${name}`));
    const build = recording.inputsOf("codebuild/Project", "model-deploy-deploy-prod");
    assert.deepEqual(build.vpcConfig, {
      vpcId: "vpc-0a1b2c3d",
      subnets: ["subnet-0a1b2c3d"],
      securityGroupIds: ["sg-0a1b2c3d"],
    });
    assert.equal(build.buildTimeout, 30);
    assert.match(JSON.stringify(build.environment), /"https:\/\/packages\.example\.com\/simple"/);
    assert.match(textOf("iam/Role", "serve-prod-role"), /policy\/mlops-churn--dev--boundary-use1"/);
    assert.match(textOf("iam/RolePolicy", "serve-prod-role"), /repository\/sagemaker-xgboost"/);
    assert.match(textOf("cloudwatch/LogGroup", "test-staging-logs"), /"retentionInDays":30/);
    assert.match(textOf("codepipeline/Pipeline", "pipeline"), /"timeoutInMinutes":60/);
  });

  it("passes the kind of the staging endpoint to the deployment", async () => {
    const deploy = { enabled: true, staging: { kind: "serverless" } };
    const { recording } = await run({ deploy: JSON.stringify(deploy), posture: "dev" });
    const build = recording.inputsOf("codebuild/Project", "model-deploy-deploy-staging");
    assert.match(
      JSON.stringify(build.environment),
      /{"name":"STAGING_KIND","type":"PLAINTEXT","value":"serverless"}/,
    );
  });

  it("runs the deployment in a network that the model build creates", async () => {
    const { recording } = await run({ deploy: '{"enabled":true}', network: '{"created":{}}' });
    const { vpcConfig } = recording.inputsOf("codebuild/Project", "model-deploy-test-staging");
    assert.deepEqual(vpcConfig, {
      vpcId: "vpc-0a1b2c3d4e5f60718",
      subnets: ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"],
      securityGroupIds: ["model-build-network-members-id"],
    });
  });

  it("stops with the validation error for a deploy ARN of another account", async () => {
    const connectionArn =
      "arn:aws:codeconnections:us-east-1:210987654321:connection/11111111-2222-3333-4444-555555555555";
    const source = { connection: { connectionArn, fullRepositoryId: "acme/churn-deploy" } };
    const rejected = await record(
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
    assert.deepEqual(rejected.resources, []);
  });
});

const buildOutputs = {
  artifactBucketArn: "arn:aws:s3:::mlops-churn--dev--eb805c6c",
  artifactBucketName: "mlops-churn--dev--eb805c6c",
  artifactKeyArn: keyArn,
  buildProjectName: "mlops-churn--dev--modelbuild",
  contractVersion: 1,
  executionRoleArn: "arn:aws:iam::123456789012:role/mlops-churn--dev--execution-use1",
  modelBuildPipelineArn: "arn:aws:codepipeline:us-east-1:123456789012:mlops-churn--dev--modelbuild",
  modelBuildPipelineName: "mlops-churn--dev--modelbuild",
  modelPackageGroupName: "mlops-churn--dev--models",
  networkSecurityGroupIds: undefined,
  networkSubnetIds: undefined,
  networkVpcId: undefined,
  notificationTopicArn: "arn:aws:sns:us-east-1:123456789012:mlops-churn--dev--notifications",
  pipelineConsoleUrl:
    "https://us-east-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/mlops-churn--dev--modelbuild/view?region=us-east-1",
  sagemakerPipelineName: "mlops-churn--dev--training",
  sourceRepositoryCloneUrl:
    "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/mlops-churn--dev--modelbuild",
  sourceRepositoryName: "mlops-churn--dev--modelbuild",
  trialSettings: undefined,
};

const deploymentOutputs = {
  deployConsoleUrl:
    "https://us-east-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/mlops-churn--dev--modeldeploy/view?region=us-east-1",
  deployRepositoryCloneUrl:
    "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/mlops-churn--dev--modeldeploy",
  deployRepositoryName: "mlops-churn--dev--modeldeploy",
  modelDeployPipelineArn:
    "arn:aws:codepipeline:us-east-1:123456789012:mlops-churn--dev--modeldeploy",
  modelDeployPipelineName: "mlops-churn--dev--modeldeploy",
  prodEndpointName: "mlops-churn--dev--prod",
  stagingEndpointName: "mlops-churn--dev--staging",
};

const noDeploymentOutputs = Object.fromEntries(
  Object.keys(deploymentOutputs).map((name) => [name, undefined]),
);

/** Outputs and resources of the program with this config; `projectName` is set. */
async function run(
  values: Record<string, string>,
): Promise<{ outputs: Record<string, unknown>; recording: Recording }> {
  let outputs: Record<string, unknown> = {};
  const recording = await record(
    async () => {
      outputs = { ...(await valueOf(await program())) };
    },
    { config: configOf(values) },
  );
  return { outputs, recording };
}

function configOf(values: Record<string, string>): Record<string, string> {
  const ours = Object.entries({ projectName: "churn", ...values });
  return Object.fromEntries(ours.map(([key, value]) => [`model-build-pipeline:${key}`, value]));
}
