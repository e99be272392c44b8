import { strict as assert } from "node:assert";
import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { LocalWorkspace, PulumiCommand, type UpOptions } from "@pulumi/pulumi/automation";

import { openEngine } from "../endpoint/engine";
import { environmentFrom } from "../endpoint/environment";
import type { Settings } from "../endpoint/settings";
import { stopOnSignals } from "../endpoint/stopping";

const variables = {
  AWS_REGION: "us-east-1",
  CODEBUILD_INITIATOR: "codepipeline/mlops-churn--dev--modeldeploy",
  CODEPIPELINE_EXECUTION_ID: "run-2",
  ENDPOINT_NAME: "mlops-churn--dev--staging",
  MODEL_BUILD_OUTPUTS: "s3://state/staging/model-build-outputs.json",
  MODEL_EXECUTION_ROLE_ARN: "arn:aws:iam::123456789012:role/mlops-churn--dev--serve-staging-use1",
  PROD_ENDPOINT_NAME: "mlops-churn--dev--prod",
  PULUMI_BACKEND_URL: "file:///nowhere",
  PULUMI_KMS_URL: "awskms://alias/a?region=us-east-1",
  SAGEMAKER_PROJECT_ID: "dev",
  SAGEMAKER_PROJECT_NAME: "churn",
  STAGE_NAME: "staging",
};

const settings: Settings = {
  endpointName: "mlops-churn--dev--staging",
  projectName: "churn",
  projectId: "dev",
  deployments: [
    {
      name: "mlops-churn--dev--staging-2-0a1b2c3d",
      modelPackageArn: "arn:aws:sagemaker:us-east-1:123456789012:model-package/models/2",
      modelVersion: 2,
      earlierVersions: [],
      settings: "5e6f7081",
      instanceType: "ml.m5.large",
      instanceCount: 1,
      executionRoleArn: variables.MODEL_EXECUTION_ROLE_ARN,
    },
  ],
  isRunning: false,
  thresholds: { maximumErrors: 0, maximumLatencyMilliseconds: 500 },
};

describe("the engine of an endpoint", () => {
  const createOrSelectStack = LocalWorkspace.createOrSelectStack.bind(LocalWorkspace);
  const get = PulumiCommand.get.bind(PulumiCommand);
  let cache: string;

  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), "endpoint-engine-"));
  });
  afterEach(() => {
    Object.assign(LocalWorkspace, { createOrSelectStack });
    Object.assign(PulumiCommand, { get });
    rmSync(cache, { recursive: true });
  });

  it("refreshes the state in every update: a killed update may have left resources", async () => {
    const ups: UpOptions[] = [];
    const stack = { up: (options: UpOptions) => Promise.resolve(ups.push(options)) };
    Object.assign(LocalWorkspace, { createOrSelectStack: () => Promise.resolve(stack) });
    Object.assign(PulumiCommand, { get: () => Promise.resolve({}) });
    const engine = await openEngine({
      cache,
      environment: environmentFrom(variables),
      program: () => Promise.resolve(),
      show: () => undefined,
      signal: new AbortController().signal,
    });
    await engine.up(settings);
    assert.deepEqual(
      ups.map(({ refresh }) => refresh),
      [true],
    );
  });
});

describe("stopping a deploy build", () => {
  for (const name of ["SIGINT", "SIGTERM"])
    it(`ends the update in good order at ${name}`, () => {
      const build = new EventEmitter();
      const said: string[] = [];
      const signal = stopOnSignals(build, (line) => said.push(line));
      assert.equal(signal.aborted, false);
      build.emit(name);
      assert.equal(signal.aborted, true);
      assert.deepEqual(said, [`${name}: the update is ended in good order`]);
    });
});
