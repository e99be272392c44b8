import { strict as assert } from "node:assert";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { ModelBuildPipeline, ModelDeployPipeline } from "../../components";
import { modelBuildOutputs } from "../../components/outputs";
import { protectedOpts } from "../../components/shared/deletionProtection";
import { record } from "../support/mocks";

const churn = { projectName: "churn", projectId: "dev", posture: "dev" };

const allOrNone =
  'needs the network outputs of modelBuild, all three, for example {"networkSecurityGroupIds":["sg-0a1b2c3d4e5f60718"],' +
  '"networkSubnetIds":["subnet-0a1b2c3d4e5f60718"],"networkVpcId":"vpc-0a1b2c3d4e5f60718"}';

describe("a ModelDeployPipeline", () => {
  const build = { ...churn, deployment: true };

  for (const [title, args, problems] of [
    [
      "of another project",
      { ...churn, projectName: "payroll" },
      ['projectName must be that of the modelBuild, for example "churn"; got "payroll"'],
    ],
    [
      "of another stack",
      { ...churn, projectId: "prod" },
      ['projectId must be that of the modelBuild, for example "dev"; got "prod"'],
    ],
    [
      "with another name prefix and posture",
      { projectName: "churn", projectId: "dev", namePrefix: "team" },
      [
        'namePrefix must be that of the modelBuild, for example "mlops"; got "team"',
        'posture must be that of the modelBuild, for example "dev"; got "prod"',
      ],
    ],
    [
      "with another publisher of notifications",
      { ...churn, notifications: { executionRole: false } },
      ["notifications.executionRole must be that of the modelBuild, for example true; got false"],
    ],
    [
      "with a package index but without a private network",
      { ...churn, packageIndexUrl: "https://packages.example.com" },
      [`packageIndexUrl ${allOrNone}; got "https://packages.example.com"`],
    ],
  ] as const)
    it(`${title} is rejected with every problem`, async () => {
      assert.deepEqual(await problemsOf(build, args), problems);
    });

  it("is rejected for a ModelBuildPipeline without access for deployments", async () => {
    assert.deepEqual(await problemsOf(churn, churn), [
      'modelBuild must be a ModelBuildPipeline that is prepared for deployment, for example {"deployment":true}; got {"deployment":false}',
    ]);
  });

  it("is accepted with the defaults of both, also as undefined", async () => {
    await record(() => {
      const args = { projectName: "churn", projectId: "dev" };
      const modelBuild = new ModelBuildPipeline("build", { ...args, deployment: true });
      const unset = { namePrefix: undefined, posture: undefined };
      new ModelDeployPipeline("deploy", { ...args, ...unset, modelBuild });
    });
  });

  it("must not have the repository of its ModelBuildPipeline", async () => {
    const source = { codecommit: { repositoryName: "churn" } };
    assert.deepEqual(await problemsOf({ ...build, source }, { ...churn, source }), [
      'source.codecommit.repositoryName must not be the repository of the model build, for example "churn-deploy"; got "churn"',
    ]);
  });

  it("reads no output of another stack that it does not use", async () => {
    const stack = "organization/model-build-pipeline/dev";
    const outputs = { ...buildOutputs, contractVersion: 1 };
    const deploy = async () => {
      const modelBuild = await modelBuildOutputs(new pulumi.StackReference(stack));
      new ModelDeployPipeline("deploy", { ...churn, modelBuild });
    };
    await record(deploy, { stacks: { [stack]: { outputs, secretOutputNames: [] } } });
  });

  it("is accepted for its ModelBuildPipeline, and registers its resources", async () => {
    const { resources } = await record(() => {
      const modelBuild = new ModelBuildPipeline("build", build);
      new ModelDeployPipeline("deploy", { ...churn, modelBuild });
    });
    assert.ok(resources.some(({ name }) => name === "deploy-pipeline"));
  });

  it("needs all network outputs of the model build or none", async () => {
    const args = { ...churn, modelBuild: { ...buildOutputs, networkVpcId: "vpc-0a1b2c3d" } };
    assert.deepEqual(problemsIn(await errorOf(() => new ModelDeployPipeline("deploy", args))), [
      `modelBuild.networkSecurityGroupIds ${allOrNone}; got nothing`,
      `modelBuild.networkSubnetIds ${allOrNone}; got nothing`,
    ]);
  });
});

describe("two components of one program", () => {
  const names =
    'projectName and projectId must differ from those of another ModelBuildPipeline in the program, for example {"projectId":"dev2"}; ' +
    'got {"projectName":"churn","projectId":"dev"}';

  it("must not have the same physical names", async () => {
    const error = await errorOf(() => {
      new ModelBuildPipeline("one", churn);
      new ModelBuildPipeline("two", churn);
    });
    assert.deepEqual(problemsIn(error), [names]);
  });

  it("may be of two projects, of two stacks, or of one project with two AWS providers", async () => {
    await record(() => {
      const provider = new aws.Provider("west", { region: "us-west-2" });
      new ModelBuildPipeline("one", churn);
      new ModelBuildPipeline("two", { ...churn, projectName: "payroll" });
      new ModelBuildPipeline("three", { ...churn, projectId: "test" });
      new ModelBuildPipeline("four", churn, { provider });
    });
  });

  it("may be of one project in two runs of the program", async () => {
    for (const name of ["one", "two"]) await record(() => new ModelBuildPipeline(name, churn));
  });
});

describe("the protection of a component", () => {
  it("is that of its posture unless the caller sets it", () => {
    const [dev, prod] = [{ posture: "dev" }, { posture: "prod" }];
    assert.deepEqual(protectedOpts(prod), { protect: true });
    assert.deepEqual(protectedOpts(prod, { protect: undefined }), { protect: true });
    assert.deepEqual(protectedOpts(prod, { protect: false }), { protect: false });
    // Not `false`, which would end the protection by a parent.
    assert.deepEqual(protectedOpts(dev, { retainOnDelete: true }), { retainOnDelete: true });
  });
});

const buildOutputs = {
  artifactBucketName: "mlops-churn--dev--eb805c6c",
  artifactKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  modelPackageGroupName: "mlops-churn--dev--models",
  notificationTopicArn: "arn:aws:sns:us-east-1:123456789012:mlops-churn--dev--notifications",
};

type BuildArgs = ConstructorParameters<typeof ModelBuildPipeline>[1];
type DeployArgs = Omit<ConstructorParameters<typeof ModelDeployPipeline>[1], "modelBuild">;

async function problemsOf(build: BuildArgs, args: DeployArgs): Promise<string[]> {
  return problemsIn(
    await errorOf(() => {
      const modelBuild = new ModelBuildPipeline("build", build);
      new ModelDeployPipeline("deploy", { ...args, modelBuild });
    }),
  );
}

async function errorOf(program: () => unknown): Promise<Error> {
  let error: Error | undefined;
  await record(() => {
    assert.throws(program, (thrown: pulumi.RunError) => {
      error = thrown;
      return true;
    });
  });
  if (error === undefined) throw new Error("expected an error");
  return error;
}

function problemsIn({ message }: Error): string[] {
  return message.split("\n  - ").slice(1);
}
