import { strict as assert } from "node:assert";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { parse } from "yaml";

import type { Deployment } from "../endpoint/deployments";
import program = require("../endpoint/index");
import { keyArn, onRegistration, type Recording, record } from "./support/mocks";
import { valueOf } from "./support/valueOf";

const root = join(__dirname, "..");
const packageArn =
  "arn:aws:sagemaker:us-east-1:123456789012:model-package/mlops-churn--dev--models";
const roleArn = "arn:aws:iam::123456789012:role/mlops-churn--dev--serve-prod-use1";

const wanted: Deployment = {
  name: "mlops-churn--dev--prod-2-0a1b2c3d",
  modelPackageArn: `${packageArn}/2`,
  modelVersion: 2,
  earlierVersions: [1],
  settings: "5e6f7081",
  instanceType: "ml.m5.large",
  instanceCount: 2,
  executionRoleArn: roleArn,
  volumeKeyArn: keyArn,
  capture: {
    destination: "s3://artifacts/mlops-churn--dev--models/captured/mlops-churn--dev--prod",
    keyArn,
    samplingPercentage: 20,
  },
  network: { securityGroupIds: ["sg-1"], subnetIds: ["subnet-1", "subnet-2"] },
};
const previous: Deployment = {
  name: "mlops-churn--dev--prod-1-9f8e7d6c",
  modelPackageArn: `${packageArn}/1`,
  modelVersion: 1,
  earlierVersions: [],
  settings: "5e6f7081",
  instanceType: "ml.g5.xlarge",
  instanceCount: 2,
  executionRoleArn: roleArn,
};
const whole = {
  endpointName: "mlops-churn--dev--prod",
  projectName: "churn",
  projectId: "dev",
  deployments: [wanted, previous],
  isRunning: false,
  thresholds: { maximumErrors: 0, maximumLatencyMilliseconds: 500 },
  canary: { percent: 10, minutes: 5 },
  autoscaling: { minimum: 2, maximum: 4, invocationsPerInstance: 500 },
};
const plainest = { ...whole, deployments: [wanted], canary: {}, autoscaling: {} };
const tags = { "sagemaker:project-id": "dev", "sagemaker:project-name": "churn" };

interface Registered {
  dependencies: string[];
  ignored: string[];
  isProtected: boolean;
}

interface Run {
  outputs: Record<string, unknown>;
  recording: Recording;
  registered: Map<string, Registered>;
}

describe("the program of an endpoint", () => {
  let full: Run;
  let plain: Run;

  before(async () => {
    full = await running(whole);
    plain = await running(plainest);
  });

  it("makes a Model and a configuration for what is wanted and for what runs, and one endpoint with its alarms and scaling", () => {
    assert.deepEqual(full.recording.inventory(), [
      "appautoscaling/Policy scaling",
      "appautoscaling/Target scaling",
      "cloudwatch/MetricAlarm errors",
      "cloudwatch/MetricAlarm latency",
      "sagemaker/Endpoint endpoint",
      "sagemaker/EndpointConfiguration mlops-churn--dev--prod-1-9f8e7d6c",
      "sagemaker/EndpointConfiguration mlops-churn--dev--prod-2-0a1b2c3d",
      "sagemaker/Model mlops-churn--dev--prod-1-9f8e7d6c",
      "sagemaker/Model mlops-churn--dev--prod-2-0a1b2c3d",
    ]);
  });

  it("makes no more than it is asked for", () => {
    assert.deepEqual(plain.recording.inventory(), [
      "cloudwatch/MetricAlarm errors",
      "cloudwatch/MetricAlarm latency",
      "sagemaker/Endpoint endpoint",
      "sagemaker/EndpointConfiguration mlops-churn--dev--prod-2-0a1b2c3d",
      "sagemaker/Model mlops-churn--dev--prod-2-0a1b2c3d",
    ]);
  });

  it("isolates the model from every network, and has it in the project's own", () => {
    assert.deepEqual(full.recording.inputsOf("sagemaker/Model", wanted.name), {
      name: wanted.name,
      enableNetworkIsolation: true,
      executionRoleArn: roleArn,
      primaryContainer: { modelPackageName: wanted.modelPackageArn },
      vpcConfig: { securityGroupIds: ["sg-1"], subnets: ["subnet-1", "subnet-2"] },
      tags: {
        ...tags,
        EarlierVersions: "1",
        ModelPackageArn: wanted.modelPackageArn,
        ModelVersion: "2",
        Settings: "5e6f7081",
      },
    });
  });

  it("encrypts disks and captured data with the project's key", () => {
    assert.deepEqual(full.recording.inputsOf("sagemaker/EndpointConfiguration", wanted.name), {
      name: wanted.name,
      kmsKeyArn: keyArn,
      productionVariants: [
        {
          variantName: "AllTraffic",
          modelName: wanted.name,
          initialInstanceCount: 2,
          instanceType: "ml.m5.large",
          initialVariantWeight: 1,
        },
      ],
      dataCaptureConfig: {
        enableCapture: true,
        initialSamplingPercentage: 20,
        destinationS3Uri: "s3://artifacts/mlops-churn--dev--models/captured/mlops-churn--dev--prod",
        kmsKeyId: keyArn,
        captureOptions: [{ captureMode: "Input" }, { captureMode: "Output" }],
        captureContentTypeHeader: {
          csvContentTypes: ["text/csv"],
          jsonContentTypes: ["application/json"],
        },
      },
      tags: {
        ...tags,
        EarlierVersions: "1",
        ModelPackageArn: wanted.modelPackageArn,
        ModelVersion: "2",
        Settings: "5e6f7081",
      },
    });
  });

  it("makes what runs now as it was made, and no tag of a history that it has not", () => {
    const model = full.recording.inputsOf("sagemaker/Model", previous.name);
    const config = full.recording.inputsOf("sagemaker/EndpointConfiguration", previous.name);
    const own = { ModelPackageArn: `${packageArn}/1`, ModelVersion: "1", Settings: "5e6f7081" };
    assert.deepEqual(
      [model.vpcConfig, config.kmsKeyArn, config.dataCaptureConfig],
      [undefined, undefined, undefined],
    );
    assert.deepEqual(
      [model.tags, config.tags],
      [
        { ...tags, ...own },
        { ...tags, ...own },
      ],
    );
  });

  it("shifts traffic by a canary, and both alarms lead back", () => {
    assert.deepEqual(full.recording.inputsOf("sagemaker/Endpoint", "endpoint"), {
      name: "mlops-churn--dev--prod",
      endpointConfigName: wanted.name,
      deploymentConfig: {
        blueGreenUpdatePolicy: {
          trafficRoutingConfiguration: {
            type: "CANARY",
            waitIntervalInSeconds: 300,
            canarySize: { type: "CAPACITY_PERCENT", value: 10 },
          },
          terminationWaitInSeconds: 300,
          maximumExecutionTimeoutInSeconds: 1800,
        },
        autoRollbackConfiguration: {
          alarms: [
            { alarmName: "mlops-churn--dev--prod-errors" },
            { alarmName: "mlops-churn--dev--prod-latency" },
          ],
        },
      },
      tags,
    });
  });

  it("shifts it all at once without a canary, and both alarms lead back all the same", () => {
    const { deploymentConfig } = plain.recording.inputsOf("sagemaker/Endpoint", "endpoint");
    assert.deepEqual(deploymentConfig, {
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: { type: "ALL_AT_ONCE", waitIntervalInSeconds: 0 },
        terminationWaitInSeconds: 300,
        maximumExecutionTimeoutInSeconds: 1500,
      },
      autoRollbackConfiguration: {
        alarms: [
          { alarmName: "mlops-churn--dev--prod-errors" },
          { alarmName: "mlops-churn--dev--prod-latency" },
        ],
      },
    });
  });

  it("watches errors and latency of the one variant", () => {
    const common = {
      namespace: "AWS/SageMaker",
      dimensions: { EndpointName: "mlops-churn--dev--prod", VariantName: "AllTraffic" },
      comparisonOperator: "GreaterThanThreshold",
      period: 60,
      treatMissingData: "notBreaching",
      tags,
    };
    assert.deepEqual(full.recording.inputsOf("cloudwatch/MetricAlarm", "errors"), {
      ...common,
      name: "mlops-churn--dev--prod-errors",
      alarmDescription:
        "Invocations of mlops-churn--dev--prod fail: a deployment in progress is rolled back",
      metricName: "Invocation5XXErrors",
      statistic: "Sum",
      threshold: 0,
      evaluationPeriods: 1,
    });
    assert.deepEqual(full.recording.inputsOf("cloudwatch/MetricAlarm", "latency"), {
      ...common,
      name: "mlops-churn--dev--prod-latency",
      alarmDescription:
        "Invocations of mlops-churn--dev--prod are slow: a deployment in progress is rolled back",
      metricName: "ModelLatency",
      statistic: "Average",
      threshold: 500_000,
      evaluationPeriods: 2,
    });
  });

  it("scales the variant by its invocations", () => {
    const variant = {
      serviceNamespace: "sagemaker",
      resourceId: "endpoint/mlops-churn--dev--prod/variant/AllTraffic",
      scalableDimension: "sagemaker:variant:DesiredInstanceCount",
    };
    assert.deepEqual(full.recording.inputsOf("appautoscaling/Target", "scaling"), {
      ...variant,
      minCapacity: 2,
      maxCapacity: 4,
      tags,
    });
    assert.deepEqual(full.recording.inputsOf("appautoscaling/Policy", "scaling"), {
      ...variant,
      name: "mlops-churn--dev--prod-invocations",
      policyType: "TargetTrackingScaling",
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: {
          predefinedMetricType: "SageMakerVariantInvocationsPerInstance",
        },
        targetValue: 500,
        scaleInCooldown: 300,
        scaleOutCooldown: 60,
      },
    });
  });

  it("has alarms and both configurations before the endpoint, and the endpoint before its scaling", () => {
    assert.deepEqual(needs(full, "endpoint").sort(), [
      "errors",
      "latency",
      "mlops-churn--dev--prod-1-9f8e7d6c",
      "mlops-churn--dev--prod-2-0a1b2c3d",
    ]);
    assert.deepEqual(needs(full, "scaling Target"), ["endpoint"]);
  });

  it("protects the endpoint, and nothing else", () => {
    const names = [...full.registered].filter(([, it]) => it.isProtected).map(([name]) => name);
    assert.deepEqual(names, ["endpoint Endpoint"]);
  });

  it("changes nothing of how traffic is shifted where none is", async () => {
    const still = await running({ ...plainest, isRunning: true });
    assert.deepEqual(still.registered.get("endpoint Endpoint")?.ignored, ["deploymentConfig"]);
    assert.deepEqual(full.registered.get("endpoint Endpoint")?.ignored, []);
  });

  it("says what the endpoint runs", () => {
    assert.deepEqual(full.outputs, {
      endpointName: "mlops-churn--dev--prod",
      endpointConfigName: wanted.name,
      modelPackageArn: wanted.modelPackageArn,
      modelVersion: 2,
      deployments: [wanted.name, previous.name],
    });
  });

  it("has every setting in Pulumi.yaml", () => {
    const { config } = parse(readFileSync(join(root, "endpoint", "Pulumi.yaml"), "utf8")) as {
      config: Record<string, { description: string }>;
    };
    assert.deepEqual(Object.keys(config).sort(), Object.keys(whole).sort());
    for (const [name, { description }] of Object.entries(config))
      assert.ok(description.length > 10, name);
  });
});

describe("the files of endpoint/", () => {
  it("need of this repository only what the deploy repository gets too", () => {
    const needed = new Set<string>();
    const own = readdirSync(join(root, "endpoint"), { recursive: true, encoding: "utf8" });
    const waiting = own
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join("endpoint", file));
    for (const file of waiting) {
      const text = readFileSync(join(root, file), "utf8");
      for (const [, path = ""] of text.matchAll(/(?: from |\bimport\()"(\.[^"]*)"/g)) {
        const found = `${relative(root, join(root, dirname(file), path))}.ts`;
        if (found.startsWith("endpoint/") || needed.has(found)) continue;
        needed.add(found);
        waiting.push(found);
      }
    }
    assert.deepEqual([...needed].sort(), [
      "components/outputs/contract.ts",
      "components/outputs/modelBuildOutputs.ts",
      "components/validation/errors.ts",
      "components/validation/fields.ts",
      "components/validation/redaction.ts",
    ]);
  });
});

async function running(settings: object): Promise<Run> {
  const config = Object.entries(settings).map(([key, value]: [string, unknown]) => [
    `model-endpoint:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const registered = new Map<string, Registered>();
  let outputs: Record<string, unknown> = {};
  const recording = await record(
    async () => {
      onRegistration((request) => {
        const [, kind = ""] = /:(\w+)$/.exec(request.getType()) ?? [];
        registered.set(`${request.getName()} ${kind}`, {
          dependencies: request.getDependenciesList().map((urn) => urn.split("::").at(-1) ?? ""),
          ignored: request.getIgnorechangesList(),
          isProtected: request.getProtect() === true,
        });
      });
      outputs = await valueOf(await program());
    },
    { config: Object.fromEntries(config) as Record<string, string> },
  );
  return { outputs, recording, registered };
}

function needs({ registered }: Run, name: string): string[] {
  const found = [...registered].find(([key]) => key === name || key.startsWith(`${name} `));
  return [...new Set(found?.[1].dependencies)];
}
