import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import type { ModelBuildPipelineArgs } from "../components/args";
import { mustBelong } from "../components/checks/belonging";
import { ModelBuildPipeline } from "../components/modelBuildPipeline";
import { ModelDeployPipeline } from "../components/modelDeployPipeline";
import { settle, settleDeploy, settleStack } from "../components/settings";
import { place, record } from "./support/mocks";

const role = "arn:aws:iam::123456789012:role/data-science";
const boundary = "arn:aws:iam::123456789012:policy/churn-dev-boundary";
const key = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const connectionArn =
  "arn:aws:codeconnections:us-east-1:123456789012:connection/11111111-2222-3333-4444-555555555555";
const queue = "arn:aws:sqs:us-east-1:123456789012:on-call";
const images = "arn:aws:ecr:us-east-1:123456789012:repository/churn-train";

const existing = {
  vpcId: "vpc-0a1b2c3d",
  subnetIds: ["subnet-0a1b2c3d"],
  securityGroupIds: ["sg-0a1b2c3d"],
};

const connection = { connectionArn, fullRepositoryId: "acme/churn" };

type Rule = [setting: string, good: unknown[], bad: unknown[], beside?: object];

/** Every setting with the values at the edges that it takes, those just past them, and what must stand beside it. */
const rules: Rule[] = [
  [
    "projectName",
    ["c", "churn", "a1-b2", "a".repeat(32)],
    ["", "Churn", "1churn", "churn_model", "churn--x", "-churn", "churn-", "a".repeat(33), "ü", 7],
  ],
  ["projectId", ["d", "dev", "a".repeat(32)], ["", "Dev", "acme.dev", "a".repeat(33)]],
  [
    "source",
    [{ codecommit: {} }, { existing: { repositoryName: "a" } }, { connection }],
    [
      {},
      { codecommit: {}, connection },
      { codecommit: {}, existing: { repositoryName: "a" } },
      "codecommit",
    ],
  ],
  ["source.existing.repositoryName", ["c", "a".repeat(100)], ["", "a b", "x.git", "a".repeat(101)]],
  ["source.existing.branch", ["main"], ["", "refs/heads/main"], { repositoryName: "a" }],
  [
    "source.connection.connectionArn",
    [connectionArn, connectionArn.replace("codeconnections", "codestar-connections")],
    ["", "acme", connectionArn.slice(0, -1), connectionArn.replace("connection/", "host/"), role],
    connection,
  ],
  [
    "source.connection.fullRepositoryId",
    ["acme/churn", "a/b", "group/sub/repo.name", "a".repeat(39) + "/" + "b".repeat(100)],
    [
      "",
      "repo",
      "a b/c",
      "https://github.com/a/b",
      "a/b.git",
      "/a/b",
      "a/b/",
      "a/" + "b".repeat(101),
    ],
    connection,
  ],
  ["source.connection.branch", ["main"], ["", "main."], connection],
  [
    "source.connection.paths",
    [["src/**"], Array(8).fill("a"), ["a".repeat(255)]],
    [[], Array(9).fill("a"), ["/src"], [""], ["a b"], ["a".repeat(256)], "src/**"],
    connection,
  ],
  ["posture", ["dev", "prod"], ["", "Prod", "staging", true]],
  [
    "source.codecommit.repositoryName",
    ["c", "a.b_c-D", "a".repeat(100)],
    ["", "a b", "a/b", "x.git", "ü", "a".repeat(101)],
  ],
  [
    "source.codecommit.branch",
    ["main", "release/1.2", "a".repeat(256), "a".repeat(39)],
    [
      "",
      "/main",
      "main/",
      ".main",
      "main.",
      "-main",
      "a..b",
      "a//b",
      "a@{b",
      "@",
      "a b",
      "feature/*",
      "a?b",
      "a[b",
      "a~b",
      "a^b",
      "a:b",
      "a\\b",
      "main.lock",
      "refs/heads/main",
      "a".repeat(40),
      "a".repeat(257),
      "ü",
    ],
  ],
  [
    "build.image",
    [
      "aws/codebuild/standard:8.0",
      "123456789012.dkr.ecr.us-east-1.amazonaws.com/ml/build:1",
      "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/build:1",
      `123456789012.dkr.ecr.us-east-1.amazonaws.com/ml@sha256:${"a".repeat(64)}`,
    ],
    [
      "",
      "latest",
      "python:3.12",
      "aws/codebuild/standard",
      "123456789012.dkr.ecr.us-east-1.amazonaws.com/ml",
    ],
  ],
  [
    "build.computeType",
    ["BUILD_GENERAL1_SMALL", "BUILD_GENERAL1_2XLARGE"],
    ["", "SMALL", "BUILD_GENERAL1_HUGE", "BUILD_LAMBDA_1GB"],
  ],
  ["build.timeoutMinutes", [5, 6, 2159, 2160], [4, 2161, "60", 60.5, NaN, -1, true]],
  ["build.queuedTimeoutMinutes", [5, 480], [4, 481, "60"]],
  [
    "build.buildspec",
    ["codebuild-buildspec.yml", "ci/build.yaml"],
    ["", "/etc/build.yml", "../build.yml", "build.json", "version: 0.2"],
  ],
  [
    "build.environment",
    [{}, { COUNTRY: "eu", _x1: "" }, { A: "a".repeat(1000) }],
    [
      "A=1",
      { "1X": "a" },
      { "A-B": "a" },
      { CODEBUILD_X: "a" },
      { ARTIFACT_BUCKET: "mine" },
      { AWS_SECRET_ACCESS_KEY: "a" },
      { DB_PASSWORD: "a" },
      { githubToken: "a" },
      { A: 1 },
      { A: "a".repeat(1001) },
    ],
  ],
  ["source.codecommit.seed", [true, false], ["true", 1, ""]],
  ["build.waitForTraining", [true, false], ["true", 1, ""]],
  ["artifacts.requireKey", [true, false], ["no"]],
  ["artifacts.expireBuildsAfterDays", [1, 36500], [0, 36501, "never"]],
  ["artifacts.noncurrentDays", [1, 36500], [0, 36501]],
  ["artifacts.noncurrentVersions", [1, 100], [0, 101]],
  [
    "artifacts.readerRoleArns",
    [[], [role], ["arn:aws-cn:iam::123456789012:role/a/b/c"], Array(8).fill(role)],
    [
      role,
      ["data-science"],
      ["arn:aws:iam::12345678901:role/a"],
      ["arn:aws:iam::123456789012:user/a"],
    ],
  ],
  [
    "artifacts.approverRoleArns",
    [[], [role], Array(8).fill(role)],
    [role, [`${role}*`], ["arn:aws:iam::123456789012:user/a"], Array(9).fill(role)],
  ],
  [
    "artifacts.administratorArns",
    [[role], ["arn:aws:iam::123456789012:user/a"], [`${role}*`]],
    [["*"], ["arn:aws:iam::123456789012:root"], ["arn:aws:iam::*:role/a"]],
  ],
  ["pipeline.executionMode", ["SUPERSEDED", "QUEUED"], ["PARALLEL", "FASTEST", "queued", ""]],
  ["logs.retentionDays", [1, 365, 3653], [0, 2, 100, "365"]],
  [
    "permissionsBoundaryArn",
    [boundary, boundary.replace("policy/", "policy/ml/team/")],
    ["", "churn-dev-boundary", "arn:aws:iam::aws:policy/PowerUserAccess", `${boundary}*`, role],
  ],
  ["training.executionRoleArn", [role], ["", "data-science", `${role}*`, key]],
  [
    "training.dataBuckets",
    [[], ["churn-data"], ["abc"], ["a".repeat(63)]],
    [
      ["ab"],
      ["a".repeat(64)],
      ["My_Bucket"],
      ["-x-"],
      ["a..b"],
      ["192.168.1.1"],
      ["xn--data"],
      ["data-s3alias"],
      ["s3://data"],
      "data",
    ],
  ],
  [
    "training.dataKeyArns",
    [[key], [`arn:aws:kms:us-east-1:123456789012:key/mrk-${"a".repeat(32)}`]],
    [["arn:aws:kms:us-east-1:123456789012:alias/data"], [key.slice(0, -1)], [role]],
  ],
  [
    "training.imageRepositoryArns",
    [[images], Array(8).fill(images)],
    [Array(9).fill(images), ["arn:aws:ecr:us-east-1:123456789012:repository/*"], ["*"], [key]],
  ],
  [
    "notifications.emails",
    [
      [],
      ["a@b.co"],
      ["ml.team+churn@mail.example.com"],
      mails(8),
      [`${"a".repeat(242)}@example.com`],
    ],
    [
      "a@example.com",
      [""],
      ["a@"],
      ["@example.com"],
      ["a@b"],
      ["a b@example.com"],
      ["a@b@example.com"],
      [".a@example.com"],
      ["Ann <ann@example.com>"],
      ["a@example.com", "A@Example.com"],
      [`${"a".repeat(243)}@example.com`],
      mails(9),
    ],
  ],
  [
    "notifications.queueArns",
    [[], [queue], ["arn:aws-cn:sqs:cn-north-1:123456789012:a_B-1"]],
    [
      queue,
      ["on-call"],
      [`${queue}.fifo`],
      [`${queue}*`],
      ["https://sqs.us-east-1.amazonaws.com/123456789012/on-call"],
      ["arn:aws:sns:us-east-1:123456789012:on-call"],
      [queue, queue],
      Array.from({ length: 9 }, (_, index) => queue + String(index)),
    ],
  ],
  [
    "network",
    [{}, { existing }, { created: {} }, { existing, isolateJobs: false }],
    [
      { existing, created: {} },
      { isolateJobs: false },
      { packageIndexUrl: "https://packages.example.com" },
      "vpc-0a1b2c3d",
      [],
    ],
  ],
  ["network.isolateJobs", [true, false], ["true", 1, ""], { existing }],
  [
    "network.packageIndexUrl",
    [
      "https://packages.example.com",
      "https://packages.example.com/simple/",
      "https://packages.example.com:8443/api/pypi/team-a_b/simple",
    ],
    [
      "",
      "packages.example.com",
      "http://packages.example.com/simple",
      "https://user:password@packages.example.com/simple",
      "https://user@packages.example.com/simple",
      "https://packages.example.com/simple?token=a",
      "https://packages.example.com/simple#a",
      "https://packages/simple",
      "https://packages.example.com/a b",
      `https://packages.example.com/${"a".repeat(1000)}`,
    ],
    { existing },
  ],
  [
    "network.existing.vpcId",
    ["vpc-0a1b2c3d", "vpc-0a1b2c3d4e5f60718"],
    ["", "0a1b2c3d", "vpc-", "vpc-0a1b2c3", "vpc-0A1B2C3D", "subnet-0a1b2c3d", ["vpc-0a1b2c3d"]],
    existing,
  ],
  [
    "network.existing.subnetIds",
    [["subnet-0a1b2c3d"], ids("subnet", 16)],
    [
      [],
      ids("subnet", 17),
      ["subnet-0a1b2c3d", "subnet-0a1b2c3d"],
      ["sg-0a1b2c3d"],
      ["subnet-*"],
      "subnet-0a1b2c3d",
    ],
    existing,
  ],
  [
    "network.existing.securityGroupIds",
    [["sg-0a1b2c3d"], ids("sg", 5)],
    [[], ids("sg", 6), ["sg-0a1b2c3d", "sg-0a1b2c3d"], ["default"], "sg-0a1b2c3d"],
    existing,
  ],
  [
    "network.created.cidrBlock",
    ["10.0.0.0/16", "10.255.252.0/22", "172.16.0.0/16", "172.31.128.0/17", "192.168.4.0/22"],
    [
      "",
      "10.0.0.0",
      "10.0.0.0/15",
      "10.0.0.0/23",
      "10.0.1.0/16",
      "10.0.0.1/16",
      "10.0.1.0/22",
      "10.256.0.0/16",
      "11.0.0.0/16",
      "172.15.0.0/16",
      "172.32.0.0/16",
      "192.169.0.0/16",
      "10.0.0.0/16 ",
    ],
  ],
  ["network.created.availabilityZones", [1, 4], [0, 5, 2.5, "2"]],
  ["network.created.natGateways", ["None", "Single", "OnePerAz"], ["none", "", true]],
];

/** The same of what a stack config says of deployment, and of what the component takes beside it. */
const deployRules: Rule[] = [
  ...rules.filter(([setting]) => setting.startsWith("source")),
  ...rules.filter(([setting]) =>
    [
      "build.image",
      "build.computeType",
      "build.timeoutMinutes",
      "build.queuedTimeoutMinutes",
    ].includes(setting),
  ),
  ["approvalTimeoutMinutes", [5, 86400], [4, 86401, "60", 60.5, true]],
];

const modelBuild = {
  artifactBucketName: "sagemaker-c-d-eb805c6c",
  artifactKeyArn: key,
  modelPackageGroupName: "c-d",
  notificationTopicArn: "arn:aws:sns:us-east-1:123456789012:sagemaker-c-d-messages",
};

const componentRules: Rule[] = [
  ...deployRules,
  ...rules.filter(([setting]) =>
    [
      "projectName",
      "projectId",
      "posture",
      "permissionsBoundaryArn",
      "logs.retentionDays",
    ].includes(setting),
  ),
  ["administratorArns", [[], [role], [`${role}*`]], [role, ["*"], Array(9).fill(role)]],
  ["imageRepositoryArns", [[], [images]], [images, ["*"], Array(9).fill(images)]],
  ["modelBuild", [modelBuild], [null, "build", 7]],
  [
    "modelBuild.artifactBucketName",
    ["sagemaker-c-d-eb805c6c", pulumi.output("anything")],
    ["", "My_Bucket", undefined],
    modelBuild,
  ],
  [
    "modelBuild.artifactKeyArn",
    [key, pulumi.output("anything")],
    ["", "arn:aws:kms:us-east-1:123456789012:alias/data", undefined],
    modelBuild,
  ],
  [
    "modelBuild.modelPackageGroupName",
    ["c-d", "a".repeat(63), pulumi.output("anything")],
    ["", "Churn", "a".repeat(64), undefined],
    modelBuild,
  ],
  [
    "modelBuild.notificationTopicArn",
    [modelBuild.notificationTopicArn, pulumi.output("anything")],
    ["", `${modelBuild.notificationTopicArn}.fifo`, queue, undefined],
    modelBuild,
  ],
  ["network", [existing, { ...existing, subnetIds: pulumi.output([]) }], ["vpc-0a1b2c3d", []]],
  [
    "network.vpcId",
    ["vpc-0a1b2c3d", pulumi.output("anything")],
    ["", "subnet-0a1b2c3d", undefined],
    existing,
  ],
  ["network.subnetIds", [["subnet-0a1b2c3d"], pulumi.output([])], [undefined, null], existing],
  ["network.securityGroupIds", [["sg-0a1b2c3d"], pulumi.output([])], [undefined, null], existing],
  [
    "network.packageIndexUrl",
    ["https://packages.example.com"],
    ["", "http://packages.example.com"],
    existing,
  ],
];

describe("settings", () => {
  before(async () => {
    // Stack and project name come from the engine.
    await pulumi.runtime.setMocks({
      newResource: () => ({ id: "", state: {} }),
      call: () => ({}),
    });
  });

  for (const [setting, good, bad, beside] of rules) {
    it(`${setting} takes what AWS takes, to the edge`, () => {
      for (const value of good) settle(withSetting(setting, value, beside), "the test");
    });

    it(`${setting} refuses what AWS would refuse, with key, rule, example and value`, () => {
      for (const value of bad) {
        const message = refusalOf(withSetting(setting, value, beside));
        const [head, ...problems] = message.split("\n  - ");
        assert.equal(head, "1 problem in the test:", `${String(value)}: ${message}`);
        assert.ok(problems[0]?.startsWith(setting), message);
        assert.match(message, /, for example .+; got .+$/);
      }
    });
  }

  for (const [setting, good, bad, beside] of deployRules) {
    const key = `deploy.${setting}`;
    it(`${key} takes what AWS takes, to the edge, whether it is enabled or not`, () => {
      for (const value of good)
        for (const enabled of [true, false])
          settleStack(deployment(setting, value, enabled, beside), "the test");
    });

    it(`${key} refuses what AWS would refuse, with key, rule, example and value`, () => {
      for (const value of bad)
        mustRefuse(key, () => settleStack(deployment(setting, value, true, beside), "the test"));
    });
  }

  it("deploy.enabled is true or false", () => {
    for (const enabled of ["true", 1, ""])
      mustRefuse("deploy.enabled", () =>
        settleStack(withSetting("deploy.enabled", enabled), "the test"),
      );
  });

  for (const [setting, good, bad, beside] of componentRules) {
    const given = (value: unknown): object => ({
      modelBuild,
      ...withSetting(setting, value, beside),
    });
    it(`${setting} of a deployment takes what AWS takes, to the edge`, () => {
      for (const value of good) settleDeploy(given(value), "the test");
    });

    it(`${setting} of a deployment refuses what AWS would refuse, with key, rule, example and value`, () => {
      for (const value of bad) mustRefuse(setting, () => settleDeploy(given(value), "the test"));
    });
  }

  it("need only a project name and its model build for a deployment", () => {
    const args = { projectName: "churn", projectId: "dev", modelBuild };
    assert.deepEqual(settleDeploy(args, "the test"), {
      ...args,
      posture: "prod",
      source: { codecommit: { branch: "main", seed: true } },
      build: {
        image: "aws/codebuild/amazonlinux-x86_64-standard:6.0",
        computeType: "BUILD_GENERAL1_SMALL",
        timeoutMinutes: 120,
        queuedTimeoutMinutes: 60,
      },
      approvalTimeoutMinutes: 10080,
      administratorArns: [],
      imageRepositoryArns: [],
      logs: { retentionDays: 365 },
    });
  });

  it("deploy nothing unless told to, and have every default of a deployment", () => {
    const { deploy } = settleStack({ projectName: "churn", projectId: "dev" }, "the test");
    assert.deepEqual(deploy, {
      enabled: false,
      source: { codecommit: { branch: "main", seed: true } },
      build: {
        image: "aws/codebuild/amazonlinux-x86_64-standard:6.0",
        computeType: "BUILD_GENERAL1_SMALL",
        timeoutMinutes: 120,
        queuedTimeoutMinutes: 60,
      },
      approvalTimeoutMinutes: 10080,
    });
  });

  it("tell what is wrong with a deployment together with all the rest", () => {
    const raw: Record<string, unknown> = {
      projectName: "churn",
      posture: "test",
      logs: { retentionDays: 2 },
      deploy: {
        enabled: "yes",
        approvalTimeoutMinutes: 4,
        build: { image: "python:3.12", buildspec: "a.yml" },
        source: { codecommit: {}, existing: { repositoryName: "a" } },
        stages: 3,
      },
    };
    const [head, ...problems] = refusedBy(() => settleStack(raw, "the test")).split("\n  - ");
    assert.equal(head, "8 problems in the test:");
    assert.deepEqual(
      problems.map((line) => line.split(" ")[0]),
      [
        "posture",
        "logs.retentionDays",
        "deploy.enabled",
        "deploy.build.image",
        "deploy.build.buildspec",
        "deploy.approvalTimeoutMinutes",
        "deploy.stages",
        "deploy.source",
      ],
    );
  });

  it("name the nearest setting of a deployment for a mistyped one", () => {
    const raw: Record<string, unknown> = { projectName: "churn", deploy: { enabeld: true } };
    assert.equal(
      refusedBy(() => settleStack(raw, "the test")),
      "1 problem in the test:\n  - deploy.enabeld is not a setting; did you mean enabled?",
    );
  });

  it("need only a project name", () => {
    assert.deepEqual(settle({ projectName: "churn", projectId: "dev" }, "the test"), {
      projectName: "churn",
      projectId: "dev",
      posture: "prod",
      source: { codecommit: { branch: "main", seed: true } },
      build: {
        image: "aws/codebuild/amazonlinux-x86_64-standard:6.0",
        computeType: "BUILD_GENERAL1_SMALL",
        timeoutMinutes: 60,
        queuedTimeoutMinutes: 60,
        buildspec: "codebuild-buildspec.yml",
        environment: {},
        waitForTraining: false,
      },
      artifacts: {
        requireKey: true,
        noncurrentDays: 365,
        noncurrentVersions: 10,
        readerRoleArns: [],
        administratorArns: [],
        approverRoleArns: [],
      },
      pipeline: { executionMode: "SUPERSEDED" },
      logs: { retentionDays: 365 },
      training: { dataBuckets: [], dataKeyArns: [], imageRepositoryArns: [] },
      notifications: { emails: [], queueArns: [] },
      network: {},
      deployment: false,
    });
  });

  it("take the stack's name as project id", () => {
    assert.equal(settle({ projectName: "churn" }, "the test").projectId, pulumi.getStack());
  });

  it("say that the project name is missing", () => {
    assert.match(
      refusalOf({}),
      /^1 problem in the test:\n {2}- projectName must be .*; got nothing$/,
    );
  });

  it("name the nearest setting for a mistyped one, at any depth", () => {
    const args = { projectName: "churn", postur: "dev", build: { timeoutMinute: 5 } };
    assert.equal(
      refusalOf(args),
      [
        "2 problems in the test:",
        "build.timeoutMinute is not a setting; did you mean timeoutMinutes?",
        "postur is not a setting; did you mean posture?",
      ].join("\n  - "),
    );
  });

  it("list the known settings for one that resembles none", () => {
    const args = { projectName: "churn", logs: { xyzzy: 1 } };
    assert.match(refusalOf(args), /logs\.xyzzy is not a setting; known are retentionDays$/);
  });

  it("say what belongs into a group that is none", () => {
    const args = { projectName: "churn", logs: 30 };
    assert.match(
      refusalOf(args),
      /logs must be an object with any of the keys retentionDays, for example .*; got 30$/,
    );
  });

  it("count the characters that the longest derived name has too many", () => {
    const fits = { projectName: "a".repeat(20), projectId: "b".repeat(18) };
    settle(fits, "the test");
    const message = refusalOf({ ...fits, projectId: "b".repeat(20) });
    assert.match(message, /projectName and projectId must be 2 characters shorter together/);
    assert.match(
      message,
      /the access log bucket would be called "sagemaker-a{20}-b{20}-[0-9a-f]{8}-logs"/,
    );
    assert.match(message, /AWS allows 63/);
  });

  it("count the state's bucket too, but only where models are deployed", () => {
    const fits = { projectName: "a".repeat(20), projectId: "b".repeat(17) };
    const over = { ...fits, projectId: "b".repeat(18) };
    settle({ ...fits, deployment: true }, "the test");
    settleStack({ ...fits, deploy: { enabled: true } }, "the test");
    settleDeploy({ ...fits, modelBuild }, "the test");
    settle(over, "the test");
    settleStack({ ...over, deploy: { enabled: false } }, "the test");
    for (const settled of [
      () => settle({ ...over, deployment: true }, "the test"),
      () => settleStack({ ...over, deploy: { enabled: true } }, "the test"),
      () => settleDeploy({ ...over, modelBuild }, "the test"),
    ])
      assert.match(
        refusedBy(settled),
        /^1 problem in the test:\n {2}- projectName and projectId must be 1 characters shorter together: the bucket of the deployments' state would be called "sagemaker-a{20}-b{18}-[0-9a-f]{8}-state", and AWS allows 63, for example /,
      );
  });

  it("leave what another resource gives for AWS to check", async () => {
    const given = pulumi.output("not-an-arn");
    const args = { projectName: "churn", training: { dataKeyArns: [given] } };
    const recording = await record(() => new ModelBuildPipeline("build", args));
    assert.match(
      JSON.stringify(recording.inputsOf("iam/RolePolicy", "build-execution-role").policy),
      /"not-an-arn"/,
    );
  });

  it("leave a network's variables to the build, unless there is a network", () => {
    const environment = { PIP_INDEX_URL: "https://a.example.com", SUBNET_IDS: "[]" };
    const args = { projectName: "churn", build: { environment } };
    settle(args, "the test");
    const own = (name: string, value: string) =>
      `build.environment.${name} is set by the component itself, so needs another name, for example "MY_${name}"; got "${value}"`;
    assert.equal(
      refusalOf({ ...args, network: { existing } }),
      ["1 problem in the test:", own("SUBNET_IDS", "[]")].join("\n  - "),
    );
    const packageIndexUrl = "https://packages.example.com";
    assert.equal(
      refusalOf({ ...args, network: { existing, packageIndexUrl } }),
      [
        "2 problems in the test:",
        own("SUBNET_IDS", "[]"),
        own("PIP_INDEX_URL", "https://a.example.com"),
      ].join("\n  - "),
    );
  });

  it("leave room in the execution role's policy for a network", () => {
    const training = (count: number) => ({
      dataBuckets: Array.from({ length: count }, (_, index) => `churn-data-${String(index)}`),
      dataKeyArns: Array.from({ length: count }, () => key),
      imageRepositoryArns: Array.from({ length: count }, () => images),
    });
    settle({ projectName: "churn", training: training(8) }, "the test");
    settle({ projectName: "churn", network: { existing }, training: training(4) }, "the test");
    const message = refusalOf({
      projectName: "churn",
      network: { existing },
      training: training(5),
    });
    const [, ...problems] = message.split("\n  - ");
    assert.deepEqual(
      problems.map(
        (line) =>
          /^(\S+) must be a list of at most 4 entries where there is a network, for example \[".+"\]; got \[/.exec(
            line,
          )?.[1],
      ),
      ["training.dataBuckets", "training.dataKeyArns", "training.imageRepositoryArns"],
    );
  });

  it("refuse to make a network in China, where endpoints are named otherwise", () => {
    const settings = settle({ projectName: "churn", network: { created: {} } }, "the test");
    mustBelong(settings, place, "the test");
    assert.throws(() => {
      mustBelong(settings, { ...place, partition: "aws-cn" }, "the test");
    }, /1 problem in the test:\n {2}- network\.created is not made in the partition aws-cn: give one, for example .*; got /);
  });

  it("refuse what belongs to another account, region or partition, before anything is made", async () => {
    const elsewhere = {
      projectName: "churn",
      artifacts: { approverRoleArns: [role, role.replace("123456789012", "210987654321")] },
      permissionsBoundaryArn: boundary.replace("123456789012", "210987654321"),
      notifications: { queueArns: [queue, queue.replace("123456789012", "210987654321")] },
      training: {
        dataKeyArns: [key, key.replace("us-east-1", "eu-west-1")],
        executionRoleArn: role.replace("123456789012", "210987654321"),
      },
      source: {
        connection: {
          ...connection,
          connectionArn: connectionArn.replace("arn:aws:", "arn:aws-cn:"),
        },
      },
    };
    const expected = [
      "6 problems in the test:",
      `training.dataKeyArns[1] must be of the stack's own region, for example "us-east-1"; got "${key.replace("us-east-1", "eu-west-1")}"`,
      `artifacts.approverRoleArns[1] must be of the stack's own account, for example "123456789012"; got "${role.replace("123456789012", "210987654321")}"`,
      `notifications.queueArns[1] must be of the stack's own account, for example "123456789012"; got "${queue.replace("123456789012", "210987654321")}"`,
      `permissionsBoundaryArn must be of the stack's own account, for example "123456789012"; got "${elsewhere.permissionsBoundaryArn}"`,
      `training.executionRoleArn must be of the stack's own account, for example "123456789012"; got "${elsewhere.training.executionRoleArn}"`,
      `source.connection.connectionArn must be of the stack's own partition, for example "aws"; got "${elsewhere.source.connection.connectionArn}"`,
    ];
    const settings = settle(elsewhere, "the test");
    assert.throws(
      () => {
        mustBelong(settings, place, "the test");
      },
      new pulumi.RunError(expected.join("\n  - ")),
    );
    // The mock engine swallows an error that comes after the provider's answer; a real one stops the program.
    const recording = await record(() => new ModelBuildPipeline("build", elsewhere));
    assert.deepEqual(recording.inventory(), [
      "model-build-pipeline:index:ModelBuildPipeline build",
    ]);
  });

  it("stop a component before anything is registered", async () => {
    const recording = await record(() => {
      assert.throws(
        () => new ModelBuildPipeline("build", { projectName: "Churn", posture: "test" }),
        ({ message }: Error) =>
          message.startsWith('2 problems in the arguments of ModelBuildPipeline "build":'),
      );
    });
    assert.deepEqual(recording.resources, []);
  });

  it("stop the component of a deployment before anything is registered", async () => {
    const recording = await record(() => {
      for (const args of [
        { modelBuild, projectName: "Churn", posture: "test" },
        {
          modelBuild: { ...modelBuild, artifactKeyArn: "key" },
          projectName: "c",
          approvalTimeoutMinutes: 1,
        },
      ])
        assert.throws(
          () => new ModelDeployPipeline("deploy", args),
          ({ message }: Error) =>
            message.startsWith('2 problems in the arguments of ModelDeployPipeline "deploy":'),
        );
    });
    assert.deepEqual(recording.resources, []);
  });

  it("refuse what a deployment names of another account, under its own keys", () => {
    const other = connectionArn.replace("123456789012", "210987654321");
    const source = { connection: { ...connection, connectionArn: other } };
    const raw = { projectName: "churn", source, deploy: { enabled: true, source } };
    const rule = `must be of the stack's own account, for example "123456789012"; got "${other}"`;
    assert.throws(
      () => {
        mustBelong(settleStack(raw, "the test"), place, "the test");
      },
      new pulumi.RunError(
        `2 problems in the test:\n  - source.connection.connectionArn ${rule}\n  - deploy.source.connection.connectionArn ${rule}`,
      ),
    );
  });
});

/** A stack config that is good but for one setting of its deployment. */
function deployment(setting: string, value: unknown, enabled: boolean, beside?: object): object {
  const [group = "", ...others] = setting.split(".");
  const nested: unknown = Reflect.get(withSetting(setting, value, beside), group);
  return withSetting("deploy", { enabled, [group]: others.length === 0 ? value : nested });
}

function mustRefuse(key: string, settled: () => unknown): void {
  const message = refusedBy(settled);
  const [head, ...problems] = message.split("\n  - ");
  assert.equal(head, "1 problem in the test:", message);
  assert.ok(problems[0]?.startsWith(key), message);
  assert.match(message, /, for example .+; got .+$/);
}

function refusedBy(settled: () => unknown): string {
  try {
    settled();
  } catch (error) {
    assert.ok(pulumi.RunError.isInstance(error));
    return error.message;
  }
  throw new Error("not refused");
}

function ids(kind: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${kind}-${String(10000000 + index)}`);
}

function mails(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `person-${String(index)}@example.com`);
}

/** Good arguments but for one setting, named by its path. */
function withSetting(
  setting: string,
  value: unknown,
  beside = {},
): Partial<ModelBuildPipelineArgs> {
  const parts = setting.split(".");
  const last = parts.pop() ?? "";
  const innermost = { ...beside, [last]: value };
  const wrapped = parts.reduceRight<object>((inner, part) => ({ [part]: inner }), innermost);
  return { projectName: "c", projectId: "d", ...wrapped };
}

function refusalOf(args: Record<string, unknown> | Partial<ModelBuildPipelineArgs>): string {
  return refusedBy(() => settle(args, "the test"));
}
