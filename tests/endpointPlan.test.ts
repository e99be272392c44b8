import { strict as assert } from "node:assert";

import {
  type Deployment,
  deploymentName,
  fromTags,
  hasLocalStorage,
  historyOf,
  shortHash,
  tagsOf,
} from "../endpoint/deployments";
import { planOf, settingsHash, type Surroundings } from "../endpoint/plan";
import type { Running } from "../endpoint/running";
import type { StageConfig } from "../endpoint/stageConfig";
import {
  deploymentsIn,
  hasEndpoint,
  isInterrupted,
  repaired,
  scalingIn,
  unfinishedIn,
} from "../endpoint/state";
import { keyArn } from "./support/mocks";

const roleArn = "arn:aws:iam::123456789012:role/mlops-churn--dev--serve-prod-use1";
const packageArn =
  "arn:aws:sagemaker:us-east-1:123456789012:model-package/mlops-churn--dev--models";
const surroundings: Surroundings = {
  endpointName: "mlops-churn--dev--prod",
  network: undefined,
  roleArn,
  storage: {
    artifactBucketName: "artifacts",
    artifactKeyArn: keyArn,
    modelPackageGroupName: "mlops-churn--dev--models",
  },
};
const config: StageConfig = {
  instanceType: "ml.m5.large",
  instanceCount: 2,
  autoscaling: undefined,
  canary: undefined,
  dataCapture: undefined,
};
const scaled: StageConfig = {
  ...config,
  autoscaling: { minimum: 2, maximum: 4, invocationsPerInstance: 500 },
};
const project = { projectId: "dev", projectName: "churn" };
const version = (modelVersion: number) => ({
  modelPackageArn: `${packageArn}/${String(modelVersion)}`,
  modelVersion,
});

describe("a deployment", () => {
  const shape = {
    ...version(2),
    instanceType: "ml.m5.large",
    instanceCount: 1,
    executionRoleArn: roleArn,
  };

  it("is called by its endpoint, its version and a hash of all that shapes it", () => {
    const name = deploymentName("mlops-churn--dev--prod", shape);
    assert.match(name, /^mlops-churn--dev--prod-2-[0-9a-f]{8}$/);
    for (const other of [{ instanceCount: 2 }, { volumeKeyArn: keyArn }, version(3)])
      assert.notEqual(deploymentName("mlops-churn--dev--prod", { ...shape, ...other }), name);
  });

  it("has the same hash whatever the order of its keys, and another for another order of a list", () => {
    assert.equal(shortHash({ a: 1, b: { c: 2, d: 3 } }), shortHash({ b: { d: 3, c: 2 }, a: 1 }));
    assert.notEqual(shortHash({ a: [1, 2] }), shortHash({ a: [2, 1] }));
  });

  it("remembers what ran before it, newest first, each once, never itself, at most 20", () => {
    assert.deepEqual(historyOf(1, undefined), []);
    assert.deepEqual(historyOf(3, { modelVersion: 2, earlierVersions: [1] }), [2, 1]);
    assert.deepEqual(historyOf(1, { modelVersion: 2, earlierVersions: [1] }), [2]);
    assert.deepEqual(historyOf(2, { modelVersion: 2, earlierVersions: [1] }), [1]);
    const many = Array.from({ length: 30 }, (_, index) => 30 - index);
    assert.deepEqual(historyOf(32, { modelVersion: 31, earlierVersions: many }).length, 20);
  });

  it("says of itself in tags what is read from them", () => {
    const told = { ...version(3), earlierVersions: [2, 1], settings: "5e6f7081" };
    const deployment = { ...shape, ...told, name: "a" };
    assert.deepEqual(fromTags(tagsOf(deployment)), told);
    assert.deepEqual(fromTags(tagsOf({ ...deployment, earlierVersions: [] })), {
      ...told,
      earlierVersions: [],
    });
    assert.equal(fromTags({ ModelVersion: "3" }), undefined);
  });

  it("knows the instances with disks of their own", () => {
    const own = "m5d c5d m5dn r5dn c6gd m6id g4dn g5 g6 g6e gr6 p3dn p4d p4de p5 p5en trn1 trn2 i3";
    for (const family of own.split(" ")) assert.ok(hasLocalStorage(`ml.${family}.xlarge`), family);
    const none = "m5 c5 c5n r5 t2 m6g c7i inf1 inf2 p2 p3";
    for (const family of none.split(" "))
      assert.ok(!hasLocalStorage(`ml.${family}.xlarge`), family);
  });
});

describe("the plan of a deployment", () => {
  const runs = (
    configName: string,
    modelVersion: number,
    rest: Partial<Running> = {},
  ): Running => ({
    endpointName: "mlops-churn--dev--prod",
    status: "InService",
    isServing: true,
    configName,
    lastModified: new Date(0),
    model: { ...version(modelVersion), earlierVersions: [], settings: "" },
    ...rest,
  });
  const plan = (
    modelVersion: number,
    {
      running,
      standing = [],
      stage = config,
      around = surroundings,
    }: {
      around?: Surroundings;
      running?: Running;
      stage?: StageConfig;
      standing?: Deployment[];
    } = {},
  ) => planOf(version(modelVersion), stage, around, { project, running, standing });

  it("is one deployment where nothing runs", () => {
    const { previous, settings, wanted } = plan(1);
    assert.equal(previous, undefined);
    assert.deepEqual(settings, {
      ...project,
      endpointName: "mlops-churn--dev--prod",
      deployments: [wanted],
      isRunning: false,
      thresholds: { maximumErrors: 0, maximumLatencyMilliseconds: 1000 },
      canary: undefined,
      autoscaling: undefined,
    });
    const { name, ...rest } = wanted;
    assert.match(name, /^mlops-churn--dev--prod-1-[0-9a-f]{8}$/);
    assert.deepEqual(rest, {
      ...version(1),
      earlierVersions: [],
      settings: settingsHash(config, surroundings),
      instanceType: "ml.m5.large",
      instanceCount: 2,
      executionRoleArn: roleArn,
      volumeKeyArn: keyArn,
    });
  });

  it("takes over everything that the config and the surroundings say", () => {
    const network = { securityGroupIds: ["sg-1"], subnetIds: ["subnet-1"] };
    const stage: StageConfig = {
      ...scaled,
      instanceType: "ml.g5.xlarge",
      dataCapture: { samplingPercentage: 20 },
      canary: { percent: 10, minutes: 5, maximumErrors: 3, maximumLatencyMilliseconds: 500 },
    };
    const { settings, wanted } = plan(1, { stage, around: { ...surroundings, network } });
    assert.deepEqual(wanted.network, network);
    assert.deepEqual(wanted.capture, {
      destination: "s3://artifacts/mlops-churn--dev--models/captured/mlops-churn--dev--prod",
      keyArn,
      samplingPercentage: 20,
    });
    assert.equal(wanted.volumeKeyArn, undefined);
    assert.deepEqual(settings.thresholds, { maximumErrors: 3, maximumLatencyMilliseconds: 500 });
    assert.deepEqual(settings.canary, { percent: 10, minutes: 5 });
    assert.deepEqual(settings.autoscaling, stage.autoscaling);
  });

  it("keeps what runs beside what is to run", () => {
    const { wanted: first } = plan(1);
    const { previous, settings, wanted } = plan(2, {
      running: runs(first.name, 1),
      standing: [first],
    });
    assert.deepEqual(previous, first);
    assert.deepEqual(settings.deployments, [wanted, first]);
    assert.deepEqual(wanted.earlierVersions, [1]);
  });

  it("has no place for a version that was rolled back: neither what runs nor history", () => {
    const { wanted: first } = plan(1);
    const { wanted: second } = plan(2, { running: runs(first.name, 1), standing: [first] });
    const third = plan(3, { running: runs(first.name, 1), standing: [second, first] });
    assert.deepEqual(third.settings.deployments, [third.wanted, first]);
    assert.deepEqual(third.wanted.earlierVersions, [1]);
  });

  it("leaves alone what runs but is not of this stack, and what does not serve", () => {
    const { wanted: first } = plan(1);
    assert.deepEqual(plan(2, { running: runs("by-hand", 1) }).settings.deployments.length, 1);
    const broken = runs(first.name, 1, { isServing: false });
    const { settings, wanted } = plan(2, { running: broken, standing: [first] });
    assert.deepEqual([settings.deployments, wanted.earlierVersions], [[wanted], []]);
  });

  it("changes nothing of what runs already, but for what does not shape it", () => {
    const { wanted: first } = plan(1);
    const canary = { percent: 10, minutes: 5, maximumErrors: 0, maximumLatencyMilliseconds: 500 };
    const again = plan(1, {
      running: runs(first.name, 1),
      stage: { ...config, canary },
      standing: [first],
    });
    assert.equal(again.settings.isRunning, true);
    assert.equal(again.wanted.name, first.name);
    assert.notEqual(again.wanted.settings, first.settings);
  });

  it("starts a new configuration with as many instances as autoscaling gave the old one", () => {
    const { wanted: first } = plan(1, { stage: scaled });
    const with3 = { running: runs(first.name, 1, { instances: 3 }), standing: [first] };
    assert.equal(plan(2, { ...with3, stage: scaled }).wanted.instanceCount, 3);
    assert.equal(plan(2, { ...with3, stage: config }).wanted.instanceCount, 2);
    const with9 = { ...with3, running: runs(first.name, 1, { instances: 9 }) };
    assert.equal(plan(2, { ...with9, stage: scaled }).wanted.instanceCount, 4);
    const unknown = { ...with3, running: runs(first.name, 1) };
    assert.equal(plan(2, { ...unknown, stage: scaled }).wanted.instanceCount, 2);
  });

  it("does not make anew what runs because it was scaled since", () => {
    const { wanted: first } = plan(1, { stage: scaled });
    const running = runs(first.name, 1, { instances: 4 });
    const again = plan(1, { running, stage: scaled, standing: [first] });
    assert.equal(again.wanted.name, first.name);
    assert.equal(again.settings.isRunning, true);
  });

  it("tells settings apart by all that shapes an endpoint but the version", () => {
    const hash = settingsHash(config, surroundings);
    assert.equal(settingsHash({ ...config }, { ...surroundings }), hash);
    assert.notEqual(settingsHash(scaled, surroundings), hash);
    assert.notEqual(settingsHash(config, { ...surroundings, roleArn: "another" }), hash);
  });
});

describe("the state of an endpoint's stack", () => {
  const urn = (type: string, name: string) => `urn:pulumi:prod::model-endpoint::${type}::${name}`;
  const types = {
    config: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
    endpoint: "aws:sagemaker/endpoint:Endpoint",
    model: "aws:sagemaker/model:Model",
    policy: "aws:appautoscaling/policy:Policy",
    target: "aws:appautoscaling/target:Target",
  };
  const deployment: Deployment = {
    name: "mlops-churn--dev--prod-2-0a1b2c3d",
    ...version(2),
    earlierVersions: [1],
    settings: "5e6f7081",
    instanceType: "ml.m5.large",
    instanceCount: 2,
    executionRoleArn: roleArn,
    volumeKeyArn: keyArn,
    capture: { destination: "s3://artifacts/captured", keyArn, samplingPercentage: 20 },
    network: { securityGroupIds: ["sg-1"], subnetIds: ["subnet-1"] },
  };
  const resource = (type: string, name: string, inputs: object) => ({
    urn: urn(type, name),
    type,
    inputs,
    id: name,
  });
  const model = resource(types.model, deployment.name, {
    name: deployment.name,
    executionRoleArn: roleArn,
    vpcConfig: { securityGroupIds: ["sg-1"], subnets: ["subnet-1"] },
  });
  const served = resource(types.config, deployment.name, {
    name: deployment.name,
    kmsKeyArn: keyArn,
    productionVariants: [{ initialInstanceCount: 2, instanceType: "ml.m5.large" }],
    dataCaptureConfig: {
      destinationS3Uri: "s3://artifacts/captured",
      initialSamplingPercentage: 20,
      kmsKeyId: keyArn,
    },
    tags: tagsOf(deployment),
  });
  const scaling = [resource(types.target, "scaling", {}), resource(types.policy, "scaling", {})];

  const endpoint = {
    urn: urn(types.endpoint, "endpoint"),
    type: types.endpoint,
    inputs: { name: "mlops-churn--dev--prod" },
  };
  it("tells each deployment as it was made", () => {
    assert.deepEqual(deploymentsIn({ resources: [model, served, ...scaling] }), [deployment]);
  });

  it("tells the plainest, and none that is half made or not of this program", () => {
    const less = (whole: object, ...keys: string[]): Record<string, unknown> =>
      Object.fromEntries(Object.entries(whole).filter(([key]) => !keys.includes(key)));
    const plain = less(deployment, "capture", "network", "volumeKeyArn");
    const modelInputs = less(model.inputs, "vpcConfig");
    const inputs = less(served.inputs, "dataCaptureConfig", "kmsKeyArn");
    const plainModel = { ...model, inputs: modelInputs };
    assert.deepEqual(deploymentsIn({ resources: [plainModel, { ...served, inputs }] }), [plain]);
    assert.deepEqual(deploymentsIn({ resources: [served] }), []);
    const foreign = { ...served, inputs: { ...inputs, tags: {} } };
    assert.deepEqual(deploymentsIn({ resources: [model, foreign] }), []);
    assert.deepEqual(deploymentsIn({ resources: [model, { ...served, inputs: {} }] }), []);
    assert.deepEqual(deploymentsIn({}), []);
  });

  it("tells what scales the endpoint, and whether there is one", () => {
    assert.deepEqual(
      scalingIn({ resources: [model, ...scaling] }),
      scaling.map((one) => one.urn),
    );
    assert.equal(hasEndpoint({ resources: [model, endpoint] }), true);
    assert.equal(hasEndpoint({ resources: [model] }), false);
  });

  const killed = {
    manifest: { version: "v3" },
    resources: [model],
    pending_operations: [
      { resource: { ...served, id: undefined }, type: "creating" },
      { resource: endpoint, type: "creating" },
      { resource: scaling[0], type: "creating" },
      { resource: model, type: "updating" },
    ],
  };

  it("tells what a killed update had begun to make", () => {
    assert.equal(isInterrupted(killed), true);
    assert.equal(isInterrupted({ resources: [model] }), false);
    assert.deepEqual(unfinishedIn(killed), [
      { kind: "config", name: deployment.name, urn: served.urn },
      { kind: "endpoint", name: "mlops-churn--dev--prod", urn: endpoint.urn },
    ]);
  });

  it("is made good: what was made is there, all else that was pending never was", () => {
    assert.deepEqual(repaired(killed, [endpoint.urn]), {
      manifest: { version: "v3" },
      resources: [model, { ...endpoint, id: "mlops-churn--dev--prod" }],
    });
    assert.deepEqual(repaired({}, []), { resources: [] });
  });
});
