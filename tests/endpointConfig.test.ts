import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import { type Environment, environmentFrom } from "../endpoint/environment";
import { stageConfigFrom } from "../endpoint/stageConfig";

describe("the config of a stage", () => {
  const least = { instanceType: "ml.m5.large", instanceCount: 2 };
  const read = (config: object, stage: "prod" | "staging" = "staging") =>
    stageConfigFrom(JSON.stringify(config), stage);

  it("needs an instance type and a count", () => {
    const none = { autoscaling: undefined, canary: undefined, dataCapture: undefined };
    assert.deepEqual(read(least), { ...least, ...none });
    assert.deepEqual(read(least, "prod"), { ...least, ...none });
  });

  it("takes all that there is to set, and leaves the tests to the test stage", () => {
    const groups = {
      autoscaling: { minimum: 2, maximum: 4, invocationsPerInstance: 500 },
      dataCapture: { samplingPercentage: 20 },
      canary: { percent: 10, minutes: 5, maximumErrors: 0, maximumLatencyMilliseconds: 500 },
    };
    const test = {
      minimumAgreement: 1,
      tolerance: 0.000001,
      minimumAccuracy: 0.9,
      maximumLatencyMilliseconds: 200,
    };
    assert.deepEqual(read({ ...least, ...groups, test }), { ...least, ...groups });
  });

  it("fills in a canary", () => {
    assert.deepEqual(read({ ...least, canary: {} }).canary, {
      percent: 10,
      minutes: 5,
      maximumErrors: 0,
      maximumLatencyMilliseconds: 1000,
    });
  });

  const refused: [string, "prod" | "staging", object, string[]][] = [
    [
      "all mistakes at once",
      "staging",
      {
        instanceTyp: "ml.m5.large",
        instanceCount: "2",
        dataCapture: { samplingPercentage: 101 },
        canary: { percent: 60, minute: 2 },
        test: { minimumAccuracy: 90 },
      },
      [
        'instanceType must be an instance type of SageMaker\'s hosting, for example "ml.m5.large"; got nothing',
        'instanceCount must be a whole number of instances from 1 to 1000, for example 2; got "2"',
        "dataCapture.samplingPercentage must be a whole number of percent from 0 to 100, for example 20; got 101",
        "canary.percent must be a whole number of percent from 1 to 50, for example 10; got 60",
        "canary.minute is not a setting; did you mean minutes?",
        "test.minimumAccuracy must be a share from 0 to 1, for example 0.9; got 90",
        "instanceTyp is not a setting; did you mean instanceType?",
      ],
    ],
    [
      "one instance in production",
      "prod",
      { ...least, instanceCount: 1, canary: {} },
      [
        "instanceCount must be at least 2 in production, so that one may fail, for example 2; got 1",
      ],
    ],
    [
      "autoscaling down to one instance in production",
      "prod",
      { ...least, autoscaling: { minimum: 1, maximum: 2, invocationsPerInstance: 500 } },
      [
        "autoscaling.minimum must be at least 2 in production, so that one may fail, for example 2; got 1",
      ],
    ],
    [
      "a canary of one instance",
      "staging",
      { ...least, instanceCount: 1, canary: {} },
      [
        "instanceCount must be at least 2 with a canary, which is half of the instances at most, for example 2; got 1",
      ],
    ],
    [
      "autoscaling upside down",
      "staging",
      { ...least, autoscaling: { minimum: 4, maximum: 2, invocationsPerInstance: 500 } },
      [
        'autoscaling.maximum must be at least autoscaling.minimum, for example {"minimum":2,"maximum":4,"invocationsPerInstance":500}; got 2',
      ],
    ],
    [
      "more instances than autoscaling would have",
      "staging",
      {
        ...least,
        instanceCount: 5,
        autoscaling: { minimum: 2, maximum: 4, invocationsPerInstance: 9 },
      },
      [
        "instanceCount must be from autoscaling.minimum to autoscaling.maximum, for example 2; got 5",
      ],
    ],
    [
      "thresholds of a test that production has not",
      "prod",
      { ...least, test: {} },
      [
        "test is not a setting; known are autoscaling, canary, dataCapture, instanceCount, instanceType",
      ],
    ],
  ];
  for (const [what, stage, config, problems] of refused)
    it(`refuses ${what}`, () => {
      const count = problems.length === 1 ? "1 problem" : `${String(problems.length)} problems`;
      assert.throws(
        () => read(config, stage),
        new pulumi.RunError([`${count} in ${stage}-config.json:`, ...problems].join("\n  - ")),
      );
    });

  it("refuses what is no JSON", () => {
    assert.throws(
      () => stageConfigFrom("instanceType: ml.m5.large", "prod"),
      /^Error: 1 problem in prod-config\.json:\n {2}- the file must be JSON, for example \{"instanceType":"ml\.m5\.large","instanceCount":2\}; Unexpected token/,
    );
  });
});

describe("the environment of a deploy build", () => {
  const given = {
    AWS_REGION: "us-east-1",
    CODEBUILD_INITIATOR: "codepipeline/mlops-churn--dev--modeldeploy",
    CODEPIPELINE_EXECUTION_ID: "run-2",
    ENDPOINT_NAME: "mlops-churn--dev--staging",
    MODEL_BUILD_OUTPUTS: "s3://state/staging/model-build-outputs.json",
    MODEL_EXECUTION_ROLE_ARN: "arn:aws:iam::123456789012:role/mlops-churn--dev--serve-staging-use1",
    MODEL_PACKAGE_ARN: "none",
    PROD_ENDPOINT_NAME: "mlops-churn--dev--prod",
    PULUMI_BACKEND_URL: "s3://state/staging?region=us-east-1",
    PULUMI_KMS_URL: "awskms:///arn?region=us-east-1",
    SAGEMAKER_PROJECT_ID: "dev",
    SAGEMAKER_PROJECT_NAME: "churn",
    STAGE_NAME: "staging",
    PATH: "/bin",
  };
  const expected: Environment = {
    accountId: "123456789012",
    backendUrl: "s3://state/staging?region=us-east-1",
    endpointName: "mlops-churn--dev--staging",
    executionId: "run-2",
    modelPackageArn: "none",
    outputsUri: "s3://state/staging/model-build-outputs.json",
    partition: "aws",
    pipelineName: "mlops-churn--dev--modeldeploy",
    prodEndpointName: "mlops-churn--dev--prod",
    prodRoleArn: "arn:aws:iam::123456789012:role/mlops-churn--dev--serve-prod-use1",
    projectId: "dev",
    projectName: "churn",
    region: "us-east-1",
    roleArn: "arn:aws:iam::123456789012:role/mlops-churn--dev--serve-staging-use1",
    secretsProvider: "awskms:///arn?region=us-east-1",
    stage: "staging",
  };

  it("is read whole", () => {
    assert.deepEqual(environmentFrom(given), expected);
  });

  it("has a network if the project has one", () => {
    const network = { SECURITY_GROUP_IDS: '["sg-1"]', SUBNET_IDS: '["subnet-1","subnet-2"]' };
    assert.deepEqual(environmentFrom({ ...given, ...network }).network, {
      securityGroupIds: ["sg-1"],
      subnetIds: ["subnet-1", "subnet-2"],
    });
  });

  it("has a variable without a value where nobody gave one", () => {
    assert.equal(environmentFrom({ ...given, MODEL_PACKAGE_ARN: undefined }).modelPackageArn, "");
  });

  it("leads to a bucket by its path where the endpoint is one's own", () => {
    const own = { ...given, AWS_ENDPOINT_URL: "http://127.0.0.1:5000" };
    const backend = (PULUMI_BACKEND_URL: string) =>
      environmentFrom({ ...own, PULUMI_BACKEND_URL }).backendUrl;
    assert.equal(backend("s3://state/a?region=b"), "s3://state/a?region=b&s3ForcePathStyle=true");
    assert.equal(backend("s3://state/a"), "s3://state/a?s3ForcePathStyle=true");
    assert.equal(backend("file:///tmp/state"), "file:///tmp/state");
  });

  it("is refused with all that is wrong at once", () => {
    const wrong = { STAGE_NAME: "dev", SUBNET_IDS: "subnet-1", AWS_REGION: "us" };
    assert.throws(
      () => environmentFrom({ ...given, ...wrong, ENDPOINT_NAME: undefined }),
      new pulumi.RunError(
        [
          "5 problems in the environment:",
          'AWS_REGION must be a region, for example "us-east-1"; got "us"',
          'ENDPOINT_NAME must be a text, for example "mlops-churn--dev--staging"; got nothing',
          'STAGE_NAME must be one of staging, prod, for example "staging"; got "dev"',
          'SUBNET_IDS must be a list of ids in JSON, for example ["subnet-0a1b2c3d4e5f60718"]; got "subnet-1"',
          "SUBNET_IDS and SECURITY_GROUP_IDS must be there both or not at all; got one",
        ].join("\n  - "),
      ),
    );
  });
});
