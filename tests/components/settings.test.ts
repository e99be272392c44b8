import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import type { ModelBuildPipelineArgs } from "../../components/modelBuild/modelBuildPipelineArgs";
import { assertOwnership } from "../../components/validation/ownership";
import { ModelBuildPipeline } from "../../components/modelBuild/modelBuildPipeline";
import { ModelDeployPipeline } from "../../components/modelDeploy/modelDeployPipeline";
import {
  resolveSettings,
  resolveDeploySettings,
  resolveStackSettings,
} from "../../components/validation/resolveSettings";
import { awsContext, record } from "../support/mocks";
import { secretArn, secrets } from "../support/secrets";

const role = "arn:aws:iam::123456789012:role/data-science";
const boundary = "arn:aws:iam::123456789012:policy/mlops-churn--dev--boundary-use1";
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

/** Variables that break every build. */
const breakingVariables = (
  "CODEBUILD_X AWS_REGION AWS_DEFAULT_REGION AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY " +
  "AWS_SESSION_TOKEN AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_PROFILE AWS_CONFIG_FILE " +
  "AWS_SHARED_CREDENTIALS_FILE AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE AWS_ENDPOINT_URL " +
  "AWS_ENDPOINT_URL_S3 AWS_CA_BUNDLE PATH HOME PWD SHELL IFS BASH_ENV LD_PRELOAD PYTHONPATH " +
  "PYTHONHOME NODE_OPTIONS"
).split(" ");

/** Names that promise a secret of any format. */
const passwordNames = "DB_PASSWORD PASSWD DB_PASS API_KEY PRIVATE_KEY githubToken".split(" ");

type Rule = [setting: string, good: unknown[], bad: unknown[], beside?: object];

const readFeatures = { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::churn-features/*"] };

/** Resources whose name begins without a wildcard, and others. */
const goodResources = [
  "arn:aws:s3:::churn-features",
  "arn:aws-cn:s3:::churn-features/a/*/b?",
  "arn:aws:dynamodb:us-east-1:123456789012:table/churn-*",
  "arn:aws:dynamodb:us-east-1:123456789012:table/churn/index/*",
  "arn:aws:ssm:us-east-1:123456789012:parameter/churn/*",
  "arn:aws:secretsmanager:us-east-1:123456789012:secret:churn/token-??????",
  "arn:aws:logs:us-east-1:123456789012:log-group:/team/churn:*",
  "arn:aws:bedrock:us-east-1::foundation-model/anthropic.*",
  "arn:aws:sqs:us-east-1:123456789012:churn-*",
];
const badResources = [
  "",
  "churn-features",
  "arn:aws:s3:::*",
  "arn:aws:s3:::churn-*",
  "arn:aws:s3:::churn-*/a",
  "arn:aws:*:us-east-1:123456789012:table/churn",
  "arn:aws:dynamodb:*:123456789012:table/churn",
  "arn:aws:dynamodb:us-east-1:*:table/churn",
  "arn:aws:dynamodb:us-east-1:123456789012:table/*",
  "arn:aws:dynamodb:us-east-1:123456789012:t*",
  "arn:aws:dynamodb:us-east-1:123456789012:*",
  "arn:aws:sqs:us-east-1:123456789012:*",
  "arn:aws:s3:::churn features",
];

const goodConditions = [
  {},
  { StringEquals: { "aws:ResourceAccount": ["123456789012"] }, Null: { "s3:prefix": ["false"] } },
  { "ForAnyValue:StringLikeIfExists": { "aws:ResourceTag/team": ["a", "b*"] } },
];
const badConditions = [
  "StringEquals",
  { Equals: { "aws:ResourceAccount": ["123456789012"] } },
  { NullIfExists: { "s3:prefix": ["false"] } },
  { StringEquals: {} },
  { StringEquals: { ResourceAccount: ["123456789012"] } },
  { StringEquals: { "aws:ResourceAccount": "123456789012" } },
  { StringEquals: { "aws:ResourceAccount": [] } },
  { StringEquals: { "aws:ResourceAccount": [123456789012] } },
];

/** Actions that SECURITY.md rules out. */
const protectedActions = (
  "sagemaker:UpdateModelPackage sagemaker:updatemodelpackage sagemaker:DeleteModelPackageGroup " +
  "codepipeline:PutApprovalResult sagemaker:CreateEndpointConfig sagemaker:CreateNotebookInstance " +
  "iam:PassRole iam:GetRole iam:PutRolePolicy sts:AssumeRole codecommit:GitPush " +
  "codecommit:PutFile kms:PutKeyPolicy logs:DeleteLogGroup"
).split(" ");

/** Each setting with valid and invalid values at its limits, and the settings that it requires. */
const rules: Rule[] = [
  [
    "projectName",
    ["c", "churn", "a1-b2", "a".repeat(32)],
    ["", "Churn", "1churn", "churn_model", "churn--x", "-churn", "churn-", "a".repeat(33), "ü", 7],
    { namePrefix: "m", projectId: "d" },
  ],
  [
    "projectId",
    ["d", "dev", "a".repeat(32)],
    ["", "Dev", "acme.dev", "a--b", "a".repeat(33)],
    { namePrefix: "m", projectName: "c" },
  ],
  [
    "namePrefix",
    ["m", "mlops", "sagemaker", "team1", "a".repeat(12)],
    ["", "Mlops", "1a", "ml-ops", "a".repeat(13), "aws", "amazonian", "amzn", "sthree", "xn", 7],
  ],
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
    [["src/**"], numbered("a", 8), ["a", "A"], ["a".repeat(255)]],
    [[], numbered("a", 9), ["a", "a"], ["/src"], [""], ["a b"], ["a".repeat(256)], "src/**"],
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
  [
    "build.buildspec",
    ["codebuild-buildspec.yml", "ci/build.yaml"],
    ["", "/etc/build.yml", "../build.yml", "build.json", "version: 0.2"],
  ],
  [
    "build.environment",
    [
      {},
      { COUNTRY: "eu", _x1: "", path: "a" },
      { A: "a".repeat(1000) },
      { MAX_TOKENS: "512", SECRET_ARN: "a", TOKENIZER: "bert-base", PAD_TOKEN: "[PAD]" },
      { DB_PASSWORD: secretArn, API_KEY: "" },
    ],
    [
      "A=1",
      { "1X": "a" },
      { "A-B": "a" },
      { ARTIFACT_BUCKET: "mine" },
      ...breakingVariables.map((name) => ({ [name]: "a" })),
      ...secrets.map((secret) => ({ A: secret })),
      ...passwordNames.map((name) => ({ [name]: "hunter2" })),
      { A: 1 },
      { A: "a".repeat(1001) },
    ],
  ],
  [
    "build.secretsManager",
    [
      {},
      { TOKEN: "churn/token", API_KEY: "churn/token:key", _x1: "churn/token::AWSPREVIOUS" },
      { TOKEN: secretArn, OTHER: `${secretArn}:key` },
      { PASSWORD: "churn/db-password:value", KEY: "churn/api-key:current:AWSCURRENT" },
      { TOKEN: "a".repeat(128) },
      numberedVariables(8),
    ],
    [
      "churn/token",
      { TOKEN: "" },
      { TOKEN: "a b" },
      { TOKEN: "a".repeat(129) },
      { TOKEN: "churn/token:a:b:c:d" },
      { TOKEN: secretArn.replace("secretsmanager", "ssm") },
      { TOKEN: secretArn.replace("-AbCdEf", "") },
      { TOKEN: 1 },
      { "1X": "churn/token" },
      { ARTIFACT_BUCKET: "churn/token" },
      { PATH: "churn/token" },
      ...secrets.map((secret) => ({ TOKEN: secret })),
      numberedVariables(9),
    ],
  ],
  [
    "build.parameterStore",
    [
      {},
      { URL: "/churn/url", OTHER: "churn.url_1-a" },
      { URL: "a".repeat(128) },
      numberedVariables(8),
    ],
    [
      "/churn/url",
      { URL: "" },
      { URL: "churn/url" },
      { URL: "/churn/url/" },
      { URL: "/aws/service/ami" },
      { URL: "ssm-url" },
      { URL: "/churn/url:3" },
      { URL: "a".repeat(129) },
      { URL: "arn:aws:ssm:us-east-1:123456789012:parameter/churn/url" },
      { URL: 1 },
      { "A-B": "/churn/url" },
      { AWS_REGION: "/churn/url" },
      ...secrets.map((secret) => ({ URL: secret })),
      numberedVariables(9),
    ],
  ],
  [
    "build.secretKeyArns",
    [[], [key], numbered(key.slice(0, -1), 8)],
    [key, ["alias/churn"], [role], [key, key], numbered(key.slice(0, -1), 9)],
    { secretsManager: { TOKEN: "churn/token" } },
  ],
  ...["build", "training"].map((role): Rule => [
    `${role}.policyStatements`,
    [
      [],
      [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::churn-features/*"] }],
      [{ actions: ["ecr:GetAuthorizationToken"], resources: ["*"] }],
      ...goodResources.map((resource) => [{ actions: ["a:B"], resources: [resource] }]),
      ...goodConditions.map((conditions) => [{ ...readFeatures, conditions }]),
      Array.from({ length: 8 }, () => readFeatures),
    ],
    [
      readFeatures,
      [{ actions: ["s3:GetObject"] }],
      [{ resources: readFeatures.resources }],
      [{ ...readFeatures, actions: [] }],
      [{ ...readFeatures, resources: [] }],
      ...["*", "s3:*", "s3:Get?bject", "GetObject", "s3", ""].map((action) => [
        { ...readFeatures, actions: [action] },
      ]),
      ...protectedActions.map((action) => [{ ...readFeatures, actions: [action] }]),
      ...badResources.map((resource) => [{ actions: ["a:B"], resources: [resource] }]),
      ...badConditions.map((conditions) => [{ ...readFeatures, conditions }]),
      Array.from({ length: 9 }, () => readFeatures),
    ],
  ]),
  ["source.codecommit.seed", [true, false], ["true", 1, ""]],
  ["build.comparePullRequests", [true, false], ["true", 1, ""]],
  ["build.waitForTraining", [true, false], ["true", 1, ""]],
  ["artifacts.requireKey", [true, false], ["no"]],
  ["artifacts.expireBuildsAfterDays", [1, 36500], [0, 36501, "never"]],
  ["artifacts.noncurrentDays", [1, 36500], [0, 36501]],
  [
    "artifacts.readerRoleArns",
    [[], [role], ["arn:aws-cn:iam::123456789012:role/a/b/c"], numbered(role, 8)],
    [
      role,
      ["data-science"],
      ["arn:aws:iam::12345678901:role/a"],
      ["arn:aws:iam::123456789012:user/a"],
      [role, role],
    ],
  ],
  [
    "artifacts.approverRoleArns",
    [[], [role], numbered(role, 8)],
    [role, [`${role}*`], ["arn:aws:iam::123456789012:user/a"], numbered(role, 9), [role, role]],
  ],
  [
    "artifacts.administratorArns",
    [[role], ["arn:aws:iam::123456789012:user/a"], [`${role}*`]],
    [["*"], ["arn:aws:iam::123456789012:root"], ["arn:aws:iam::*:role/a"], [role, role]],
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
      ["churn-data", "churn-data"],
      "data",
    ],
  ],
  [
    "training.dataKeyArns",
    [[key], [`arn:aws:kms:us-east-1:123456789012:key/mrk-${"a".repeat(32)}`]],
    [["arn:aws:kms:us-east-1:123456789012:alias/data"], [key.slice(0, -1)], [role], [key, key]],
  ],
  [
    "training.imageRepositoryArns",
    [[images], numbered(images, 6)],
    [
      numbered(images, 7),
      [images, images],
      ["arn:aws:ecr:us-east-1:123456789012:repository/*"],
      ["*"],
      [key],
    ],
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
  ["notifications.executionRole", [true, false], ["false", 0, ""]],
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
      numbered(queue, 9),
    ],
  ],
  [
    "trial.starterRoleArns",
    [[], [role], numbered(role, 8)],
    [role, ["github-trial"], [role, role], numbered(role, 9), [role.replace(":role/", ":user/")]],
  ],
  ["trial.maxInstanceMinutes", [1, 180, 10_080], [0, 10_081, 1.5, "180", null]],
  [
    "trial.instanceTypes",
    [["ml.m5.large"], ["ml.g5.xlarge", "ml.p4d.24xlarge"]],
    [[], "ml.m5.large", ["m5.large"], ["ml.m5.*"], ["ml.m5.large", "ml.m5.large"]],
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
  ["network.created.natGateways", ["Single", "OnePerAz"], ["none", "", true]],
];

/** The same for the `deploy` settings of a stack config. */
const deployRules: Rule[] = [
  ...rules.filter(([setting]) => setting.startsWith("source")),
  ...rules.filter(([setting]) => ["build.image", "build.timeoutMinutes"].includes(setting)),
  ["staging.kind", ["instances"], ["", "Serverless", "async", 1, null]],
  ["staging.hours", [0, 720], [-1, 721, "24", 0.5, true]],
  ["alarms.maximumErrors", [0, 1_000_000], [-1, 1_000_001, "1", 0.5, true]],
  ["alarms.maximumLatencyMilliseconds", [1, 60_000], [0, 60_001, "1", 0.5, true]],
  ["alarms.noInvocationsMinutes", [0, 1440], [-1, 1441, "60", 0.5, true]],
  ["approval", ["required"], ["", "Required", "manual", true, null]],
  ["approvalTimeoutMinutes", [5, 86400], [4, 86401, "60", 60.5, true]],
];

const modelBuild = {
  artifactBucketName: "sagemaker-c-d-eb805c6c",
  artifactKeyArn: key,
  modelPackageGroupName: "c-d",
  notificationTopicArn: "arn:aws:sns:us-east-1:123456789012:sagemaker-c-d-messages",
};

const inNetwork = {
  ...modelBuild,
  networkSecurityGroupIds: existing.securityGroupIds,
  networkSubnetIds: existing.subnetIds,
  networkVpcId: existing.vpcId,
};

const componentRules: Rule[] = [
  ...deployRules,
  ...rules.filter(([setting]) =>
    [
      "namePrefix",
      "projectName",
      "projectId",
      "posture",
      "permissionsBoundaryArn",
      "build.computeType",
      "logs.retentionDays",
      "notifications.executionRole",
    ].includes(setting),
  ),
  ["imageRepositoryArns", [[], [images]], [images, ["*"], numbered(images, 7), [images, images]]],
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
  [
    "modelBuild.networkVpcId",
    ["vpc-0a1b2c3d", pulumi.output("anything")],
    ["", "subnet-0a1b2c3d", undefined],
    inNetwork,
  ],
  [
    "modelBuild.networkSubnetIds",
    [["subnet-0a1b2c3d"], pulumi.output([])],
    [undefined, null],
    inNetwork,
  ],
  [
    "modelBuild.networkSecurityGroupIds",
    [["sg-0a1b2c3d"], pulumi.output([])],
    [undefined, null],
    inNetwork,
  ],
  // Needs a network.
  ["packageIndexUrl", [], ["", "http://packages.example.com", "https://packages.example.com"]],
];

describe("settings", () => {
  before(async () => {
    // The engine provides the names of stack and project.
    await pulumi.runtime.setMocks({
      newResource: () => ({ id: "", state: {} }),
      call: () => ({}),
    });
  });

  for (const [setting, good, bad, beside] of rules) {
    it(`accept valid values of ${setting} at AWS's limits`, () => {
      for (const value of good) resolveSettings(withSetting(setting, value, beside), "the test");
    });

    it(`reject invalid values of ${setting} with key, rule, example and value`, () => {
      for (const value of bad) {
        const message = argsErrorOf(withSetting(setting, value, beside));
        const [head, ...problems] = message.split("\n  - ");
        assert.equal(head, "1 problem in the test:", `${String(value)}: ${message}`);
        assert.ok(problems[0]?.startsWith(setting), message);
        assert.match(message, /, for example .+; got .+$/);
      }
    });
  }

  for (const [setting, good, bad, beside] of deployRules) {
    const key = `deploy.${setting}`;
    it(`accept valid values of ${key} at AWS's limits, with deployment enabled or not`, () => {
      for (const value of good)
        for (const enabled of [true, false])
          resolveStackSettings(deployment(setting, value, enabled, beside), "the test");
    });

    it(`reject invalid values of ${key} with key, rule, example and value`, () => {
      for (const value of bad)
        assertRejected(key, () =>
          resolveStackSettings(deployment(setting, value, true, beside), "the test"),
        );
    });
  }

  it("require true or false for deploy.enabled", () => {
    for (const enabled of ["true", 1, ""])
      assertRejected("deploy.enabled", () =>
        resolveStackSettings(withSetting("deploy.enabled", enabled), "the test"),
      );
  });

  for (const [setting, good, bad, beside] of componentRules) {
    const input = (value: unknown): object => ({
      modelBuild,
      ...withSetting(setting, value, beside),
    });
    it(`accept valid values of ModelDeployPipeline's ${setting} at AWS's limits`, () => {
      for (const value of good) resolveDeploySettings(input(value), "the test");
    });

    it(`reject invalid values of ModelDeployPipeline's ${setting} with key, rule, example and value`, () => {
      for (const value of bad)
        assertRejected(setting, () => resolveDeploySettings(input(value), "the test"));
    });
  }

  it("require only projectName and modelBuild for ModelDeployPipeline", () => {
    const args = { projectName: "churn", projectId: "dev", modelBuild };
    assert.deepEqual(resolveDeploySettings(args, "the test"), {
      ...args,
      namePrefix: "mlops",
      posture: "prod",
      source: { codecommit: { branch: "main", seed: true } },
      build: {
        image: "aws/codebuild/amazonlinux-x86_64-standard:6.0",
        computeType: "BUILD_GENERAL1_SMALL",
        timeoutMinutes: 120,
      },
      staging: { kind: "instances", hours: 24 },
      alarms: { maximumErrors: 0, maximumLatencyMilliseconds: 1000, noInvocationsMinutes: 0 },
      approval: "required",
      approvalTimeoutMinutes: 10080,
      imageRepositoryArns: [],
      logs: { retentionDays: 365 },
      network: undefined,
      notifications: { executionRole: true },
    });
  });

  it("disable deployment by default, and have every default of deploy", () => {
    const { deploy } = resolveStackSettings({ projectName: "churn", projectId: "dev" }, "the test");
    assert.deepEqual(deploy, {
      enabled: false,
      source: { codecommit: { branch: "main", seed: true } },
      build: {
        image: "aws/codebuild/amazonlinux-x86_64-standard:6.0",
        computeType: "BUILD_GENERAL1_SMALL",
        timeoutMinutes: 120,
      },
      staging: { kind: "instances", hours: 24 },
      alarms: { maximumErrors: 0, maximumLatencyMilliseconds: 1000, noInvocationsMinutes: 0 },
      approval: "required",
      approvalTimeoutMinutes: 10080,
    });
  });

  it("give deploy builds the image and the compute type of build", () => {
    const build = { computeType: "BUILD_GENERAL1_LARGE", image: "aws/codebuild/standard:8.0" };
    const { deploy } = resolveStackSettings({ projectName: "churn", build }, "the test");
    assert.deepEqual(deploy.build, { ...build, timeoutMinutes: 120 });
  });

  it("give deploy builds their own image and timeout if deploy.build sets them", () => {
    const build = { computeType: "BUILD_GENERAL1_LARGE", image: "aws/codebuild/standard:8.0" };
    const own = { image: "aws/codebuild/standard:7.0", timeoutMinutes: 30 };
    const raw = { projectName: "churn", build, deploy: { enabled: true, build: own } };
    const { computeType } = build;
    assert.deepEqual(resolveStackSettings(raw, "the test").deploy.build, { ...own, computeType });
  });

  it("reject settings that are no longer settings", () => {
    for (const key of [
      "build.queuedTimeoutMinutes",
      "deploy.build.computeType",
      "deploy.build.queuedTimeoutMinutes",
      "artifacts.noncurrentVersions",
    ])
      assert.match(
        validationErrorOf(() => resolveStackSettings(withSetting(key, 10), "the test")),
        new RegExp(`^[12] problems? in the test:\\n {2}- ${key} is not a setting; `),
      );
  });

  it("report all problems at once, those of deploy included", () => {
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
    const [head, ...problems] = validationErrorOf(() =>
      resolveStackSettings(raw, "the test"),
    ).split("\n  - ");
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

  it("suggest the nearest deploy setting for an unknown one", () => {
    const raw: Record<string, unknown> = { projectName: "churn", deploy: { enabeld: true } };
    assert.equal(
      validationErrorOf(() => resolveStackSettings(raw, "the test")),
      "1 problem in the test:\n  - deploy.enabeld is not a setting; did you mean enabled?",
    );
  });

  it("reject serverless staging in posture prod and in a network, for both components", () => {
    const staging = { kind: "serverless" };
    const rule = "must be instances";
    const inPosture = "with posture prod: a serverless endpoint has no network isolation";
    const inVpc = "in a private network: a serverless endpoint runs in no VPC";
    const rest = 'for example "instances"; got "serverless"';
    const project = { projectName: "churn", projectId: "dev", posture: "dev" };
    for (const posture of ["prod", undefined]) {
      const problem = `staging.kind ${rule} ${inPosture}, ${rest}`;
      assert.equal(
        validationErrorOf(() =>
          resolveDeploySettings({ ...project, posture, modelBuild, staging }, "the test"),
        ),
        `1 problem in the test:\n  - ${problem}`,
      );
      const raw = { ...project, posture, deploy: { enabled: true, staging } };
      assert.equal(
        validationErrorOf(() => resolveStackSettings(raw, "the test")),
        `1 problem in the test:\n  - deploy.${problem}`,
      );
    }
    assert.equal(
      validationErrorOf(() =>
        resolveDeploySettings({ ...project, modelBuild: inNetwork, staging }, "the test"),
      ),
      `1 problem in the test:\n  - staging.kind ${rule} ${inVpc}, ${rest}`,
    );
    for (const network of [{ existing }, { created: {} }])
      assert.equal(
        validationErrorOf(() =>
          resolveStackSettings(
            { ...project, network, deploy: { enabled: true, staging } },
            "the test",
          ),
        ),
        `1 problem in the test:\n  - deploy.staging.kind ${rule} ${inVpc}, ${rest}`,
      );
    const { staging: resolved } = resolveDeploySettings(
      { ...project, modelBuild, staging },
      "the test",
    );
    assert.deepEqual(resolved, { ...staging, hours: 24 });
  });

  it("reject approval none in posture prod, for both components", () => {
    const approval = "none";
    const rule = "must be required with posture prod: each deployment to production needs a manual";
    const problem = `approval ${rule} approval, for example "required"; got "none"`;
    const project = { projectName: "churn", projectId: "dev" };
    for (const posture of ["prod", undefined]) {
      assert.equal(
        validationErrorOf(() =>
          resolveDeploySettings({ ...project, approval, modelBuild, posture }, "the test"),
        ),
        `1 problem in the test:\n  - ${problem}`,
      );
      const raw = { ...project, posture, deploy: { approval, enabled: true } };
      assert.equal(
        validationErrorOf(() => resolveStackSettings(raw, "the test")),
        `1 problem in the test:\n  - deploy.${problem}`,
      );
    }
    const dev = { ...project, approval, modelBuild, posture: "dev" };
    assert.equal(resolveDeploySettings(dev, "the test").approval, "none");
  });

  it("require only projectName", () => {
    assert.deepEqual(resolveSettings({ projectName: "churn", projectId: "dev" }, "the test"), {
      projectName: "churn",
      projectId: "dev",
      namePrefix: "mlops",
      posture: "prod",
      source: { codecommit: { branch: "main", seed: true } },
      build: {
        image: "aws/codebuild/amazonlinux-x86_64-standard:6.0",
        computeType: "BUILD_GENERAL1_SMALL",
        timeoutMinutes: 60,
        buildspec: "codebuild-buildspec.yml",
        comparePullRequests: false,
        environment: {},
        secretsManager: {},
        parameterStore: {},
        secretKeyArns: [],
        waitForTraining: false,
        policyStatements: [],
      },
      artifacts: {
        requireKey: true,
        noncurrentDays: 365,
        readerRoleArns: [],
        administratorArns: [],
        approverRoleArns: [],
      },
      pipeline: { executionMode: "SUPERSEDED" },
      logs: { retentionDays: 365 },
      training: {
        dataBuckets: [],
        dataKeyArns: [],
        imageRepositoryArns: [],
        policyStatements: [],
      },
      notifications: { emails: [], executionRole: true, queueArns: [] },
      trial: {
        starterRoleArns: [],
        maxInstanceMinutes: 180,
        instanceTypes: ["ml.m5.large", "ml.t3.medium"],
      },
      network: {},
      deployment: false,
    });
  });

  it("default projectId to the stack name", () => {
    assert.equal(
      resolveSettings({ projectName: "churn" }, "the test").projectId,
      pulumi.getStack(),
    );
  });

  it("report a missing projectName", () => {
    assert.match(
      argsErrorOf({}),
      /^1 problem in the test:\n {2}- projectName must be .*; got nothing$/,
    );
  });

  it("suggest the nearest setting for an unknown one, at any depth", () => {
    const args = { projectName: "churn", postur: "dev", build: { timeoutMinute: 5 } };
    assert.equal(
      argsErrorOf(args),
      [
        "2 problems in the test:",
        "build.timeoutMinute is not a setting; did you mean timeoutMinutes?",
        "postur is not a setting; did you mean posture?",
      ].join("\n  - "),
    );
  });

  it("list the known settings for an unknown one without a near match", () => {
    const args = { projectName: "churn", logs: { xyzzy: 1 } };
    assert.match(argsErrorOf(args), /logs\.xyzzy is not a setting; known are retentionDays$/);
  });

  it("list the keys of a group whose value is no object", () => {
    const args = { projectName: "churn", logs: 30 };
    assert.match(
      argsErrorOf(args),
      /logs must be an object with any of the keys retentionDays, for example .*; got 30$/,
    );
  });

  it("report each physical name over its limit, and the characters to remove", () => {
    const fits = { projectName: "a".repeat(20), projectId: "b".repeat(12) };
    resolveSettings(fits, "the test");
    const message = argsErrorOf({ ...fits, projectId: "b".repeat(24) });
    assert.match(
      message,
      /^1 problem in the test:\n {2}- projectName and projectId must be 12 characters shorter together, because of the IAM role "mlops-a{20}--b{24}--notifications-<region>" \(AWS allows 64\), the EventBridge rule "mlops-a{20}--b{24}--training-stopped" \(AWS allows 64\).*, the access log bucket "mlops-a{20}--b{24}--[0-9a-f]{8}-logs" \(AWS allows 63\)/,
    );
  });

  it("check the physical names of a deployment only if deployment is enabled", () => {
    const fits = { projectName: "a".repeat(20), projectId: "b".repeat(11) };
    const over = { ...fits, projectId: "b".repeat(12) };
    resolveSettings({ ...fits, deployment: true }, "the test");
    resolveStackSettings({ ...fits, deploy: { enabled: true } }, "the test");
    resolveDeploySettings({ ...fits, modelBuild }, "the test");
    resolveSettings(over, "the test");
    resolveStackSettings({ ...over, deploy: { enabled: false } }, "the test");
    for (const resolve of [
      () => resolveSettings({ ...over, deployment: true }, "the test"),
      () => resolveStackSettings({ ...over, deploy: { enabled: true } }, "the test"),
      () => resolveDeploySettings({ ...over, modelBuild }, "the test"),
    ])
      assert.match(
        validationErrorOf(resolve),
        /^1 problem in the test:\n {2}- projectName and projectId must be 1 characters shorter together, because of the SageMaker model "mlops-a{20}--b{12}--staging-99999-01234567" \(AWS allows 63\), the IAM role "mlops-a{20}--b{12}--deploy-staging-<region>" \(AWS allows 64\), for example /,
      );
  });

  it("accept outputs of other resources without validation", async () => {
    const output = pulumi.output("not-an-arn");
    const args = { projectName: "churn", training: { dataKeyArns: [output] } };
    const recording = await record(() => new ModelBuildPipeline("build", args));
    assert.match(
      JSON.stringify(recording.inputsOf("iam/RolePolicy", "build-execution-role").policy),
      /"not-an-arn"/,
    );
  });

  it("reject the network's environment variables only with a network", () => {
    const environment = { PIP_INDEX_URL: "https://a.example.com", SUBNET_IDS: "[]" };
    const args = { projectName: "churn", build: { environment } };
    resolveSettings(args, "the test");
    const own = (name: string, setting = "environment") =>
      `build.${setting}.${name} is set by the component itself, so needs another name, for example "MY_${name}"; got a text that is not printed`;
    assert.equal(
      argsErrorOf({ ...args, network: { existing } }),
      ["1 problem in the test:", own("SUBNET_IDS")].join("\n  - "),
    );
    const parameterStore = { SUBNET_IDS: "/churn/subnets" };
    assert.equal(
      argsErrorOf({ ...args, build: { parameterStore }, network: { existing } }),
      ["1 problem in the test:", own("SUBNET_IDS", "parameterStore")].join("\n  - "),
    );
    const packageIndexUrl = "https://packages.example.com";
    assert.equal(
      argsErrorOf({ ...args, network: { existing, packageIndexUrl } }),
      ["2 problems in the test:", own("SUBNET_IDS"), own("PIP_INDEX_URL")].join("\n  - "),
    );
  });

  it("limit training lists to 4 entries, and image repositories to 3, with a network", () => {
    const training = (count: number, repositories: number) => ({
      dataBuckets: numbered("churn-data-", count),
      dataKeyArns: numbered(key.slice(0, -1), count),
      imageRepositoryArns: numbered(images, repositories),
    });
    const inNetwork = { projectName: "churn", network: { existing } };
    resolveSettings({ projectName: "churn", training: training(8, 6) }, "the test");
    resolveSettings({ ...inNetwork, training: training(4, 3) }, "the test");
    const message = argsErrorOf({ ...inNetwork, training: training(5, 4) });
    const rule = (list: string, max: number) =>
      `training.${list} must be a list of at most ${String(max)} entries where there is a network`;
    assert.deepEqual(
      message
        .split("\n  - ")
        .slice(1)
        .map((line) => /^(.*), for example \[".+"\]; got \[/.exec(line)?.[1]),
      [rule("dataBuckets", 4), rule("dataKeyArns", 4), rule("imageRepositoryArns", 3)],
    );
  });

  it("reject network.created in China, which names VPC endpoints otherwise", () => {
    const settings = resolveSettings(
      { projectName: "churn", network: { created: {} } },
      "the test",
    );
    assertOwnership(settings, awsContext, "the test");
    assert.throws(() => {
      assertOwnership(settings, { ...awsContext, partition: "aws-cn" }, "the test");
    }, /1 problem in the test:\n {2}- network\.created is not supported in the partition aws-cn: use network\.existing, for example .*; got /);
  });

  it("reject ARNs of another account, region or partition before a resource is created", async () => {
    const elsewhere = {
      projectName: "churn",
      artifacts: { approverRoleArns: [role, role.replace("123456789012", "210987654321")] },
      build: {
        secretKeyArns: [key.replace("us-east-1", "eu-west-1")],
        secretsManager: {
          API_KEY: secretArn.replace("123456789012", "210987654321"),
          OTHER: "churn/token",
          TOKEN: secretArn.replace("us-east-1", "eu-west-1"),
        },
      },
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
      trial: { starterRoleArns: [role.replace("123456789012", "210987654321")] },
    };
    const expected = [
      "10 problems in the test:",
      `build.secretKeyArns[0] must be of the stack's own region, for example "us-east-1"; got "${key.replace("us-east-1", "eu-west-1")}"`,
      `build.secretsManager.API_KEY must be of the stack's own account, for example "123456789012"; got a text that is not printed`,
      `build.secretsManager.TOKEN must be of the stack's own region, for example "us-east-1"; got a text that is not printed`,
      `training.dataKeyArns[1] must be of the stack's own region, for example "us-east-1"; got "${key.replace("us-east-1", "eu-west-1")}"`,
      `artifacts.approverRoleArns[1] must be of the stack's own account, for example "123456789012"; got "${role.replace("123456789012", "210987654321")}"`,
      `trial.starterRoleArns[0] must be of the stack's own account, for example "123456789012"; got "${role.replace("123456789012", "210987654321")}"`,
      `notifications.queueArns[1] must be of the stack's own account, for example "123456789012"; got "${queue.replace("123456789012", "210987654321")}"`,
      `permissionsBoundaryArn must be of the stack's own account, for example "123456789012"; got "${elsewhere.permissionsBoundaryArn}"`,
      `training.executionRoleArn must be of the stack's own account, for example "123456789012"; got "${elsewhere.training.executionRoleArn}"`,
      `source.connection.connectionArn must be of the stack's own partition, for example "aws"; got "${elsewhere.source.connection.connectionArn}"`,
    ];
    const settings = resolveSettings(elsewhere, "the test");
    assert.throws(
      () => {
        assertOwnership(settings, awsContext, "the test");
      },
      new pulumi.RunError(expected.join("\n  - ")),
    );
    // The mock engine swallows an error after a provider call; the real engine stops the program.
    const recording = await record(() => new ModelBuildPipeline("build", elsewhere));
    assert.deepEqual(recording.inventory(), [
      "model-build-pipeline:index:ModelBuildPipeline build",
    ]);
  });

  it("reject policy statements that the Deny statements of the stack make useless", () => {
    const bucket = "arn:aws:s3:::mlops-churn--dev--eb805c6c";
    const training = "arn:aws:sagemaker:us-east-1:123456789012:pipeline/mlops-churn--dev--training";
    const policyStatements = [
      { actions: ["s3:DeleteObject", "s3:GetObject"], resources: [`${bucket}/a/*`] },
      { actions: ["s3:GetObject"], resources: [`${bucket}-logs/*`, `${bucket}/*`] },
      { actions: ["sagemaker:StartPipelineExecution"], resources: [training, `${training}-2`] },
      { actions: ["sqs:SendMessage"], resources: [queue.replace("on-call", "mlops-churn-*")] },
      { actions: ["s3:GetObject"], resources: ["arn:aws-cn:s3:::churn-features/*"] },
    ];
    const args = { projectName: "churn", projectId: "dev", training: { policyStatements } };
    const rule = (index: number, actions: string, resource: string) =>
      `training.policyStatements[${String(index)}].resources[0] must not be a resource of this stack: its roles may not call ${actions} there, for example "arn:aws:s3:::churn-features/*"; got "${resource}"`;
    assert.equal(
      validationErrorOf(() => {
        assertOwnership(resolveSettings(args, "the test"), awsContext, "the test");
      }),
      [
        "5 problems in the test:",
        `training.policyStatements[4].resources[0] must be of the stack's own partition, for example "aws"; got "arn:aws-cn:s3:::churn-features/*"`,
        rule(0, "s3:DeleteObject", `${bucket}/a/*`),
        rule(1, "s3:GetObject", `${bucket}-logs/*`),
        rule(2, "sagemaker:StartPipelineExecution", training),
        rule(3, "sqs:SendMessage", queue.replace("on-call", "mlops-churn-*")),
      ].join("\n  - "),
    );
    // The build starts the SageMaker pipeline.
    const build = { policyStatements: policyStatements.slice(2, 3) };
    const settings = resolveSettings({ ...args, build, training: {} }, "the test");
    assertOwnership(settings, awsContext, "the test");
  });

  it("reject policy statements that do not fit into the policies of a role", () => {
    const statements = (count: number) => [
      {
        actions: ["s3:GetObject"],
        resources: numbered("arn:aws:s3:::churn-features/".padEnd(400, "a"), count),
      },
    ];
    const check = (count: number) => {
      const training = { policyStatements: statements(count) };
      const settings = resolveSettings(
        { projectName: "churn", projectId: "dev", training },
        "the test",
      );
      assertOwnership(settings, awsContext, "the test");
    };
    check(5);
    assert.match(
      validationErrorOf(() => {
        check(10);
      }),
      /^1 problem in the test:\n {2}- training\.policyStatements must be \d+ characters shorter, or other lists of training: AWS limits/,
    );
  });

  it("stop ModelBuildPipeline before it registers a resource", async () => {
    const recording = await record(() => {
      assert.throws(
        () => new ModelBuildPipeline("build", { projectName: "Churn", posture: "test" }),
        ({ message }: Error) =>
          message.startsWith('2 problems in the arguments of ModelBuildPipeline "build":'),
      );
    });
    assert.deepEqual(recording.resources, []);
  });

  it("stop ModelDeployPipeline before it registers a resource", async () => {
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

  it("reject ARNs of another account in deploy, with their keys", () => {
    const other = connectionArn.replace("123456789012", "210987654321");
    const source = { connection: { ...connection, connectionArn: other } };
    const raw = { projectName: "churn", source, deploy: { enabled: true, source } };
    const rule = `must be of the stack's own account, for example "123456789012"; got "${other}"`;
    assert.throws(
      () => {
        assertOwnership(resolveStackSettings(raw, "the test"), awsContext, "the test");
      },
      new pulumi.RunError(
        `2 problems in the test:\n  - source.connection.connectionArn ${rule}\n  - deploy.source.connection.connectionArn ${rule}`,
      ),
    );
  });
});

/** A valid stack config, except for one `deploy` setting. */
function deployment(setting: string, value: unknown, enabled: boolean, beside?: object): object {
  const [group = "", ...others] = setting.split(".");
  const nested: unknown = Reflect.get(withSetting(setting, value, beside), group);
  return withSetting("deploy", { enabled, [group]: others.length === 0 ? value : nested });
}

function assertRejected(key: string, resolve: () => unknown): void {
  const message = validationErrorOf(resolve);
  const [head, ...problems] = message.split("\n  - ");
  assert.equal(head, "1 problem in the test:", message);
  assert.ok(problems[0]?.startsWith(key), message);
  assert.match(message, /, for example .+; got .+$/);
}

function validationErrorOf(resolve: () => unknown): string {
  try {
    resolve();
  } catch (error) {
    assert.ok(pulumi.RunError.isInstance(error));
    return error.message;
  }
  throw new Error("not rejected");
}

function ids(kind: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${kind}-${String(10000000 + index)}`);
}

function numbered(text: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => text + String(index));
}

function numberedVariables(count: number): Record<string, string> {
  return Object.fromEntries(numbered("V", count).map((name) => [name, "churn"]));
}

function mails(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `person-${String(index)}@example.com`);
}

/** Valid arguments, except for the setting at this path. */
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

function argsErrorOf(args: Record<string, unknown> | Partial<ModelBuildPipelineArgs>): string {
  return validationErrorOf(() => resolveSettings(args, "the test"));
}
