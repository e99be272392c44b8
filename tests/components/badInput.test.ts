import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import { ModelBuildPipeline } from "../../components/modelBuild/modelBuildPipeline";
import { ModelDeployPipeline } from "../../components/modelDeploy/modelDeployPipeline";
import { settingsFrom } from "../../config";
import { record } from "../support/mocks";
import { secretArn, secrets } from "../support/secrets";

/** Input and exact problems; `projectName` is valid unless set. */
type Row = [what: string, input: Record<string, unknown>, ...problems: string[]];

const buildKeys =
  'must be an object with any of the keys buildspec, comparePullRequests, computeType, environment, image, parameterStore, policyStatements, secretKeyArns, secretsManager, timeoutMinutes, waitForTraining, for example {"timeoutMinutes":60}; got';
const networkKeys =
  'must be an object with any of the keys created, existing, isolateJobs, packageIndexUrl, for example {"existing":{"vpcId":"vpc-0a1b2c3d4e5f60718","subnetIds":["subnet-0a1b2c3d4e5f60718"],"securityGroupIds":["sg-0a1b2c3d4e5f60718"]}}; got';
const noSecret =
  'must not be a secret, since AWS shows it in plain text: set a reference to Secrets Manager or Parameter Store, for example {"build":{"secretsManager":{"API_KEY":"churn/api-key"}}}; got';
const notPrinted = "a text that is not printed";
const sourceKeys = `must be an object with any of the keys codecommit, connection, existing, for example {"codecommit":{"branch":"main"}}; got`;
const [accessKey = ""] = secrets;
const topKeys =
  "artifacts, build, deploy, logs, namePrefix, network, notifications, permissionsBoundaryArn, pipeline, posture, projectId, projectName, source, training, trial";
const role = "arn:aws:iam::123456789012:role/data-science";
const image = "arn:aws:ecr:us-east-1:123456789012:repository/churn-train";
const key = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

const statement = (actions: string[]) => ({
  actions,
  resources: ["arn:aws:s3:::churn-features/*"],
});

const rows: Row[] = [
  ["an empty build", { build: "" }, `build ${buildKeys} ""`],
  ["an empty source", { source: "" }, `source ${sourceKeys} ""`],
  ["an empty network", { network: "" }, `network ${networkKeys} ""`],
  ["a null source of deploy", { deploy: { source: null } }, `deploy.source ${sourceKeys} null`],
  [
    "a null kind of source",
    { source: { codecommit: null } },
    'source.codecommit must be an object with any of the keys branch, repositoryName, seed, for example {"branch":"main"}; got null',
  ],
  [
    "a null kind of source beside another one",
    { source: { existing: { repositoryName: "a" }, connection: null } },
    'source.connection must be an object with any of the keys branch, connectionArn, fullRepositoryId, paths, for example {"connectionArn":"arn:aws:codeconnections:us-east-1:123456789012:connection/11111111-2222-3333-4444-555555555555","fullRepositoryId":"acme/churn-model"}; got null',
  ],
  [
    "one repository for build and deployment",
    {
      source: { codecommit: { repositoryName: "same" } },
      deploy: { enabled: true, source: { codecommit: { repositoryName: "same" } } },
    },
    'deploy.source.codecommit.repositoryName must not be the repository of the model build, for example "churn-deploy"; got "same"',
  ],
  [
    "one existing repository for build and deployment",
    {
      source: { existing: { repositoryName: "same" } },
      deploy: { enabled: true, source: { existing: { repositoryName: "same" } } },
    },
    'deploy.source.existing.repositoryName must not be the repository of the model build, for example "churn-deploy"; got "same"',
  ],
  [
    "the default repository of the deployment for the build",
    {
      source: { existing: { repositoryName: "mlops-churn--dev--modeldeploy" } },
      deploy: { enabled: true },
    },
    'source.existing.repositoryName must not be the repository of the deployment, for example "churn-model"; got "mlops-churn--dev--modeldeploy"',
  ],
  [
    "the default repository of the build for the deployment",
    {
      deploy: {
        enabled: true,
        source: { codecommit: { repositoryName: "mlops-churn--dev--modelbuild" } },
      },
    },
    'deploy.source.codecommit.repositoryName must not be the repository of the model build, for example "churn-deploy"; got "mlops-churn--dev--modelbuild"',
  ],
  [
    "duplicates in every list",
    {
      source: {
        connection: {
          connectionArn:
            "arn:aws:codeconnections:us-east-1:123456789012:connection/11111111-2222-3333-4444-555555555555",
          fullRepositoryId: "acme/churn",
          paths: ["src/**", "src/**"],
        },
      },
      artifacts: {
        administratorArns: [role, role],
        approverRoleArns: [role, role],
        readerRoleArns: [role, role],
      },
      network: {
        existing: {
          vpcId: "vpc-0a1b2c3d",
          subnetIds: ["subnet-0a1b2c3d", "subnet-0a1b2c3d"],
          securityGroupIds: ["sg-0a1b2c3d", "sg-0a1b2c3d"],
        },
      },
      notifications: {
        emails: ["a@example.com", "b@example.com", "B@example.com", "b@example.com"],
        queueArns: ["arn:aws:sqs:us-east-1:123456789012:a", "arn:aws:sqs:us-east-1:123456789012:a"],
      },
      training: {
        dataBuckets: ["churn-data", "churn", "churn-data"],
        dataKeyArns: [key, key],
        imageRepositoryArns: [image, image],
      },
      trial: { instanceTypes: ["ml.m5.large", "ml.m5.large"], starterRoleArns: [role, role] },
    },
    repeats("source.connection.paths", 0, 1, "src/**"),
    repeats("artifacts.administratorArns", 0, 1, role),
    repeats("artifacts.approverRoleArns", 0, 1, role),
    repeats("artifacts.readerRoleArns", 0, 1, role),
    repeats("network.existing.subnetIds", 0, 1, "subnet-0a1b2c3d"),
    repeats("network.existing.securityGroupIds", 0, 1, "sg-0a1b2c3d"),
    repeats("notifications.emails", 1, 2, "b@example.com", "B@example.com"),
    repeats("notifications.queueArns", 0, 1, "arn:aws:sqs:us-east-1:123456789012:a"),
    repeats("training.dataBuckets", 0, 2, "churn-data"),
    repeats("training.dataKeyArns", 0, 1, key),
    repeats("training.imageRepositoryArns", 0, 1, image),
    repeats("trial.instanceTypes", 0, 1, "ml.m5.large"),
    repeats("trial.starterRoleArns", 0, 1, role),
  ],
  [
    "trials with wrong limits and roles",
    {
      trial: {
        instanceTypes: ["m5.large"],
        maxInstanceMinutes: "60",
        starterRoleArns: ["github-trial"],
      },
    },
    'trial.starterRoleArns[0] must be the ARN of an IAM role, for example "arn:aws:iam::123456789012:role/data-science"; got "github-trial"',
    'trial.maxInstanceMinutes must be a whole number of minutes from 1 to 10080, for example 180; got "60"',
    'trial.instanceTypes[0] must be a SageMaker instance type, for example "ml.m5.large"; got "m5.large"',
  ],
  [
    "a password in a variable of a build",
    { build: { environment: { DB_PASSWORD: "hunter2" } } },
    `build.environment.DB_PASSWORD ${noSecret} ${notPrinted}`,
  ],
  [
    "a reference in the place of a text",
    { build: { environment: { TOKEN: { secretsManager: "churn/token" } } } },
    'build.environment.TOKEN must be a text: references have the settings build.secretsManager and build.parameterStore, for example {"build":{"secretsManager":{"TOKEN":"churn/token:key"}}}; got an object',
  ],
  [
    "a secret in the place of its name",
    { build: { parameterStore: { KEY: accessKey }, secretsManager: { TOKEN: "hunter 2" } } },
    `build.secretsManager.TOKEN must be the name or ARN of a secret, then up to three of :json-key, :version-stage and :version-id, and must not be the value of the secret, for example "churn/token:key"; got ${notPrinted}`,
    `build.parameterStore.KEY must be the name of a parameter, and must not be its value, its ARN or a public parameter, for example "/churn/url"; got ${notPrinted}`,
  ],
  [
    "one variable in two settings",
    {
      build: {
        environment: { URL: "https://example.com" },
        parameterStore: { TOKEN: "/churn/token", URL: "/churn/url" },
        secretsManager: { TOKEN: "churn/token" },
      },
    },
    `build.parameterStore.TOKEN must not repeat build.secretsManager.TOKEN, for example "MY_TOKEN"; got ${notPrinted}`,
    `build.parameterStore.URL must not repeat build.environment.URL, for example "MY_URL"; got ${notPrinted}`,
  ],
  [
    "keys without references",
    { build: { secretKeyArns: [key] } },
    `build.secretKeyArns must be empty without secretsManager and parameterStore, for example []; got ["${key}"]`,
  ],
  [
    "actions that no statement may allow, with the reason, in both roles",
    {
      build: {
        policyStatements: [
          statement(["sagemaker:UpdateModelPackage", "iam:PassRole", "s3:GetObject"]),
        ],
      },
      training: { policyStatements: [statement(["sagemaker:createEndpoint"])] },
    },
    'build.policyStatements[0].actions[0] must not be allowed: only approvers approve model versions and deployments, for example "s3:GetObject"; got "sagemaker:UpdateModelPackage"',
    'build.policyStatements[0].actions[1] must not be allowed: the roles pass only the execution role, and change no permissions, for example "s3:GetObject"; got "iam:PassRole"',
    'training.policyStatements[0].actions[0] must not be allowed: only the deployment creates and changes endpoints, after an approval, for example "s3:GetObject"; got "sagemaker:createEndpoint"',
  ],
  [
    "every wrong part of a policy statement",
    {
      build: {
        policyStatements: [
          {
            actions: ["s3:*"],
            conditions: { Equals: {} },
            effect: "Allow",
            resources: ["arn:aws:s3:::*"],
          },
        ],
      },
    },
    'build.policyStatements[0].actions[0] must be an IAM action by its full name, without a wildcard, for example "s3:GetObject"; got "s3:*"',
    'build.policyStatements[0].conditions must be an object of condition operators, each with condition keys and lists of texts, for example {"StringEquals":{"aws:ResourceAccount":["123456789012"]}}; got {"Equals":{}}',
    'build.policyStatements[0].resources[0] must be an ARN whose name begins without a wildcard, or *, for example "arn:aws:s3:::churn-features/*"; got "arn:aws:s3:::*"',
    "build.policyStatements[0].effect is not a setting; known are actions, conditions, resources",
  ],
  [
    "policy statements of a role that the stack does not create",
    { training: { executionRoleArn: role, policyStatements: [statement(["s3:GetObject"])] } },
    'training.policyStatements must be empty with executionRoleArn: the owner of that role writes its policies, for example []; got [{"actions":["s3:GetObject"],"resources":["arn:aws:s3:::churn-features/*"]}]',
  ],
  [
    "a secret in a variable with a harmless name",
    { build: { environment: { COUNTRY: accessKey } } },
    `build.environment.COUNTRY ${noSecret} ${notPrinted}`,
  ],
  [
    "a secret as the name of a variable",
    { build: { environment: { [accessKey]: "eu" } } },
    `build.environment.a key that may be a secret ${noSecret} ${notPrinted}`,
  ],
  [
    "a password that is refused for another reason",
    { build: { environment: { "DB-PASSWORD": "hunter2", DB_PASS: 1234, API_KEY: ["hunter2"] } } },
    'build.environment.DB-PASSWORD must be named with letters, digits and underscores, for example "COUNTRY"; got a text that is not printed',
    'build.environment.DB_PASS must be a text of at most 1000 characters, for example "eu"; got a number that is not printed',
    'build.environment.API_KEY must be a text of at most 1000 characters, for example "eu"; got a list',
  ],
  [
    "lists in variables, without their entries",
    { build: { environment: { API_KEY: ["hunter2", "hunter2"] } } },
    'build.environment.API_KEY must be a text of at most 1000 characters, for example "eu"; got a list',
  ],
  [
    "a text instead of variables",
    { build: { environment: "DB_PASSWORD: hunter2" } },
    'build.environment must be an object of names and texts, for example {"COUNTRY":"eu"}; got a text that is not printed',
  ],
  [
    "secrets in other settings",
    {
      posture: accessKey,
      [accessKey]: "a",
      network: {
        created: {},
        packageIndexUrl: "https://churn:hunter2@packages.example.com/simple",
      },
    },
    'posture must be one of dev, prod, for example "prod"; got a value that may be a secret',
    'network.packageIndexUrl must be an HTTPS address without credentials, query and fragment, for example "https://packages.example.com/simple"; got a value that may be a secret',
    `a key that may be a secret is not a setting; known are ${topKeys}`,
  ],
  [
    "keys that every JavaScript object has",
    {
      ["__proto__"]: "a",
      constructor: "a",
      toString: "a",
      build: { environment: { ["__proto__"]: "a" } },
    },
    ...["__proto__", "constructor", "toString"].map(
      (name) => `${name} is not a setting; known are ${topKeys}`,
    ),
    `build.environment.__proto__ must not be set: JavaScript reserves the name, for example "MY_VARIABLE"; got ${notPrinted}`,
  ],
  [
    "unknown settings, with a hint only for a typo",
    { bogus: 1, ProjectId: "a", training: { bucketNames: [] }, logs: { retentiondays: 1 } },
    "logs.retentiondays is not a setting; did you mean retentionDays?",
    "training.bucketNames is not a setting; known are dataBuckets, dataKeyArns, executionRoleArn, imageRepositoryArns, policyStatements",
    `bogus is not a setting; known are ${topKeys}`,
    "ProjectId is not a setting; did you mean projectId?",
  ],
  [
    "letters in another order",
    { bulid: {}, deploy: { enabeld: true } },
    "deploy.enabeld is not a setting; did you mean enabled?",
    "bulid is not a setting; did you mean build?",
  ],
  [
    "a long value, by its beginning and length",
    { posture: "p".repeat(100_000) },
    `posture must be one of dev, prod, for example "prod"; got "${"p".repeat(100)}"... (100000 characters)`,
  ],
  [
    "broken JSON, without its content",
    { build: '{"environment": {"DB_PASSWORD": "hunter2"' },
    `build ${buildKeys.replace("be an", "be valid JSON: an")} broken JSON of 41 characters`,
  ],
  [
    "a text or a list instead of a group, without its content",
    { build: "environment: hunter2", logs: ["hunter2"] },
    `build ${buildKeys} a text of 20 characters`,
    'logs must be an object with any of the keys retentionDays, for example {"retentionDays":365}; got a list',
  ],
  [
    "variables that break every build, with the reason",
    {
      build: {
        environment: { PATH: "", LD_PRELOAD: "a", AWS_ENDPOINT_URL: "a", AWS_PROFILE: "a" },
      },
    },
    ...[
      ["PATH", "the shell of the build needs its own value"],
      ["LD_PRELOAD", "the linker loads the libraries of every command with it"],
      ["AWS_ENDPOINT_URL", "the build must reach the endpoints of AWS"],
      ["AWS_PROFILE", "the build must use the credentials of its role"],
    ].map(
      ([name = "", reason = ""]) =>
        `build.environment.${name} must not be set: ${reason}, for example "MY_VARIABLE"; got ${notPrinted}`,
    ),
  ],
  [
    "a comparison of pull requests in a private network",
    { build: { comparePullRequests: true }, network: { created: {} } },
    "build.comparePullRequests must be false with network.created, for example false; got true",
  ],
  [
    "a comparison of pull requests at GitHub",
    {
      build: { comparePullRequests: true },
      source: {
        connection: {
          connectionArn:
            "arn:aws:codeconnections:us-east-1:123456789012:connection/11111111-2222-3333-4444-555555555555",
          fullRepositoryId: "acme/churn",
        },
      },
    },
    "build.comparePullRequests must be false with source.connection, for example false; got true",
  ],
  [
    "a build timeout shorter than training",
    { build: { waitForTraining: true, timeoutMinutes: 59 } },
    "build.timeoutMinutes must be at least 60 with waitForTraining: the build waits until training has ended, for example 480; got 59",
  ],
  [
    "deploy settings without enabled",
    { deploy: { approvalTimeoutMinutes: 60 } },
    "deploy.enabled must be set, or no deployment is created from the other settings, for example true; got nothing",
  ],
  [
    "serverless staging in prod and in a network",
    { deploy: { enabled: true, staging: { kind: "serverless" } }, network: { created: {} } },
    'deploy.staging.kind must be instances in a private network: a serverless endpoint runs in no VPC, for example "instances"; got "serverless"',
    'deploy.staging.kind must be instances with posture prod: a serverless endpoint has no network isolation, for example "instances"; got "serverless"',
  ],
  [
    "no manual approval in prod",
    { deploy: { enabled: true, approval: "none" } },
    'deploy.approval must be required with posture prod: each deployment to production needs a manual approval, for example "required"; got "none"',
  ],
  [
    "limits of alarms without enabled",
    { deploy: { alarms: { noInvocationsMinutes: 60 } } },
    "deploy.enabled must be set, or no deployment is created from the other settings, for example true; got nothing",
  ],
  [
    "a kind of staging without enabled",
    { deploy: { staging: { kind: "lambda" } } },
    'deploy.staging.kind must be one of instances, serverless, for example "instances"; got "lambda"',
    "deploy.enabled must be set, or no deployment is created from the other settings, for example true; got nothing",
  ],
  [
    "no NAT gateway without a package index",
    { network: { created: { natGateways: "None" } } },
    'network.packageIndexUrl must be set with natGateways "None": builds install packages, and reach no public index, for example "https://packages.example.com/simple"; got nothing',
  ],
  [
    "artifacts that expire before the manual approval",
    { artifacts: { expireBuildsAfterDays: 7 }, deploy: { enabled: true } },
    "artifacts.expireBuildsAfterDays must be at least 8 with deploy.approvalTimeoutMinutes 10080: production deploys the artifacts after the approval, for example 730; got 7",
  ],
];

/** Input that only looks like one of the above. */
const valid: [what: string, input: Record<string, unknown>][] = [
  ["two repositories", { source: named("a"), deploy: { enabled: true, source: named("b") } }],
  ["one repository without a deployment", { source: named("mlops-churn--dev--modeldeploy") }],
  [
    "one repository while deployment is disabled",
    { source: named("a"), deploy: { enabled: false, source: named("a") } },
  ],
  [
    "the ARN of a secret in a variable",
    { build: { environment: { DB_PASSWORD: secretArn, DB_PASSWORD_ARN: secretArn } } },
  ],
  [
    "a commit, flags and numbers in variables with such names",
    {
      build: {
        environment: {
          BASE_COMMIT: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
          FORWARD_PASS: "2",
          USE_CREDENTIALS: "true",
        },
      },
    },
  ],
  ["an hour for training", { build: { waitForTraining: true, timeoutMinutes: 60 } }],
  ["a short timeout without waiting", { build: { timeoutMinutes: 5 } }],
  ["an empty deploy", { deploy: {} }],
  [
    "serverless staging in dev",
    { deploy: { enabled: true, staging: { kind: "serverless" } }, network: {}, posture: "dev" },
  ],
  [
    "no NAT gateway with a package index",
    {
      network: {
        created: { natGateways: "None" },
        packageIndexUrl: "https://packages.example.com/simple",
      },
    },
  ],
  [
    "artifacts that outlast the manual approval",
    {
      artifacts: { expireBuildsAfterDays: 2 },
      deploy: { enabled: true, approvalTimeoutMinutes: 1440 },
    },
  ],
  [
    "artifacts that expire soon without a manual approval",
    {
      artifacts: { expireBuildsAfterDays: 1 },
      deploy: { enabled: true, approval: "none" },
      posture: "dev",
    },
  ],
  ["artifacts that expire soon without deployment", { artifacts: { expireBuildsAfterDays: 1 } }],
];

describe("bad input", () => {
  for (const [what, input, ...problems] of rows)
    it(`names ${what}`, () => {
      assert.deepEqual(problemsOf(input), problems);
    });

  for (const [what, input] of valid)
    it(`accepts ${what}`, () => {
      assert.deepEqual(problemsOf(input), []);
    });

  it("names a stack whose name is no valid projectId", () => {
    const rule =
      'must be 1 to 32 lower-case letters, digits and single hyphens, starting with a letter, for example "dev"; got "Dev_1"';
    assert.deepEqual(problemsOf({}, "Dev_1"), [`projectId, the stack's name unless set, ${rule}`]);
    assert.deepEqual(problemsOf({ projectId: "Dev_1" }), [`projectId ${rule}`]);
    assert.deepEqual(problemsOf({ projectId: "dev" }, "Dev_1"), []);
  });

  it("reports secrets of the engine with all other problems, without their values", () => {
    assert.deepEqual(
      problemsOf({ build: { environment: "hunter2" }, posture: "a" }, "dev", ["build"]),
      [
        `build ${noSecret} a secret`,
        'posture must be one of dev, prod, for example "prod"; got "a"',
      ],
    );
  });

  it("reports a required setting that is a secret once", () => {
    assert.deepEqual(problemsOf({ projectName: "hunter2" }, "dev", ["projectName"]), [
      `projectName ${noSecret} a secret`,
    ]);
  });

  const args: [what: string, value: unknown, line: RegExp][] = [
    ["missing arguments", undefined, /^ {2}- args must be an object .*; got nothing$/],
    ["null arguments", null, /^ {2}- args must be an object .*; got null$/],
    ["a text as arguments", "churn", /^ {2}- args must be an object .*; got a text of 5 char.*$/],
  ];
  for (const [what, value, line] of args)
    it(`names ${what} of both components in one line, before a resource registers`, async () => {
      const recording = await record(() => {
        for (const Component of [ModelBuildPipeline, ModelDeployPipeline])
          assert.throws(
            () => {
              Reflect.construct(Component, ["churn", value]);
            },
            ({ message }: Error) => {
              const [head = "", problem = "", ...others] = message.split("\n");
              assert.match(head, /^1 problem in the arguments of Model\w+Pipeline "churn":$/);
              assert.match(problem, line);
              return others.length === 0;
            },
          );
      });
      assert.deepEqual(recording.resources, []);
    });

  it("names each null group of a component's arguments once", () => {
    const identity = { projectId: "dev", projectName: "churn" };
    const groups = { build: null, network: null, source: null };
    const [, ...problems] = errorOf(() => {
      Reflect.construct(ModelBuildPipeline, ["churn", { ...identity, ...groups }]);
    });
    assert.deepEqual(problems, [
      `source ${sourceKeys} null`,
      `build ${buildKeys} null`,
      `network ${networkKeys} null`,
    ]);
  });

  it("names the other repository's default name in the arguments of a component", () => {
    const modelBuild = {
      artifactBucketName: "mlops-churn--dev--eb805c6c",
      artifactKeyArn: key,
      modelPackageGroupName: "mlops-churn--dev--models",
      notificationTopicArn: "arn:aws:sns:us-east-1:123456789012:mlops-churn--dev--notifications",
    };
    const identity = { projectId: "dev", projectName: "churn" };
    assert.throws(
      () =>
        new ModelBuildPipeline("churn", {
          ...identity,
          deployment: true,
          source: named("mlops-churn--dev--modeldeploy"),
        }),
      /1 problem .*\n {2}- source\.codecommit\.repositoryName must not be the repository of the deployment/,
    );
    assert.throws(
      () =>
        new ModelDeployPipeline("churn", {
          ...identity,
          modelBuild,
          source: named("mlops-churn--dev--modelbuild"),
        }),
      /1 problem .*\n {2}- source\.codecommit\.repositoryName must not be the repository of the model build/,
    );
  });
});

function repeats(list: string, first: number, second: number, entry: string, repeated = entry) {
  return `${list}[${String(second)}] must not repeat ${list}[${String(first)}], for example ["${entry}"]; got "${repeated}"`;
}

function named(repositoryName: string) {
  return { codecommit: { repositoryName } };
}

/** Problems of a stack config; values are passed as the engine passes them. */
function problemsOf(
  input: Record<string, unknown>,
  stack = "dev",
  secretKeys: string[] = [],
): string[] {
  const values = Object.entries({ projectName: "churn", ...input }).map(
    ([name, value]): [string, string] => [
      `model-build-pipeline:${name}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ],
  );
  const [head = "", ...problems] = errorOf(() => {
    settingsFrom({
      isSecret: (name) => secretKeys.some((it) => name.endsWith(`:${it}`)),
      project: "model-build-pipeline",
      stack,
      values: Object.fromEntries(values),
    });
  });
  const count = problems.length === 1 ? "1 problem" : `${String(problems.length)} problems`;
  assert.equal(head, problems.length === 0 ? "" : `${count} in Pulumi.${stack}.yaml:`);
  return problems;
}

/** Lines of the validation error; none for valid input. */
function errorOf(work: () => void): string[] {
  try {
    work();
    return [];
  } catch (error) {
    assert.ok(pulumi.RunError.isInstance(error), String(error));
    assert.doesNotMatch(error.message, /hunter2/);
    return error.message.split("\n  - ");
  }
}
