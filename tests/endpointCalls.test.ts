import { strict as assert } from "node:assert";

import { type Clients, callsOf } from "../endpoint/calls";

const missing = Object.assign(new Error('Could not find endpoint "x".'), {
  name: "ValidationException",
});
const denied = Object.assign(new Error("not authorized"), { name: "AccessDeniedException" });
const packageArn =
  "arn:aws:sagemaker:us-east-1:123456789012:model-package/mlops-churn--dev--models/2";
const at = (minute: number) => new Date(Date.UTC(2026, 10, 25, 12, minute));

type Answer = object | Error;
type Answers = Record<string, Answer>;

/** Clients that answer each operation so, and note what they were asked. */
function clients(answers: Answers) {
  const asked: [string, object][] = [];
  const client = new Proxy(
    {},
    {
      get: (_, operation: string) => (input: object) => {
        asked.push([operation, input]);
        const answer = answers[operation] ?? {};
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      },
    },
  );
  const given = { codepipeline: client, s3: client, sagemaker: client } as unknown as Clients;
  return { asked, calls: callsOf(given, { executionId: "run-2", pipelineName: "deploy" }) };
}

describe("what a deployment asks AWS", () => {
  it("is what an endpoint really runs: what the tags of the configuration that serves say", async () => {
    const { asked, calls } = clients({
      describeEndpoint: {
        EndpointArn: "arn:aws:sagemaker:us-east-1:123456789012:endpoint/mlops-churn--dev--prod",
        EndpointConfigName: "mlops-churn--dev--prod-2-AB",
        EndpointStatus: "Updating",
        FailureReason: "an alarm",
        LastModifiedTime: at(1),
        ProductionVariants: [{ DesiredInstanceCount: 3 }],
      },
      listTags: {
        Tags: [
          { Key: "ModelPackageArn", Value: packageArn },
          { Key: "ModelVersion", Value: "2" },
          { Key: "EarlierVersions", Value: "1" },
          { Key: "Settings", Value: "5e6f7081" },
        ],
      },
    });
    assert.deepEqual(await calls.running("mlops-churn--dev--prod"), {
      endpointName: "mlops-churn--dev--prod",
      status: "Updating",
      isServing: true,
      configName: "mlops-churn--dev--prod-2-AB",
      failureReason: "an alarm",
      instances: 3,
      lastModified: at(1),
      model: {
        modelPackageArn: packageArn,
        modelVersion: 2,
        earlierVersions: [1],
        settings: "5e6f7081",
      },
    });
    const arn =
      "arn:aws:sagemaker:us-east-1:123456789012:endpoint-config/mlops-churn--dev--prod-2-ab";
    assert.deepEqual(asked, [
      ["describeEndpoint", { EndpointName: "mlops-churn--dev--prod" }],
      ["listTags", { ResourceArn: arn }],
    ]);
  });

  it("is nothing where there is no endpoint, and no model where the configuration says none or is gone", async () => {
    assert.equal(await clients({ describeEndpoint: missing }).calls.running("x"), undefined);
    await assert.rejects(clients({ describeEndpoint: denied }).calls.running("x"), denied);
    const gone = await clients({ listTags: missing }).calls.running("x");
    assert.deepEqual([gone?.isServing, gone?.model], [false, undefined]);
    assert.equal((await clients({}).calls.running("x"))?.model, undefined);
    await assert.rejects(clients({ listTags: denied }).calls.running("x"), denied);
  });

  it("is a model version, with the numbers in its metadata", async () => {
    const { asked, calls } = clients({
      describeModelPackage: {
        ModelPackageArn: packageArn,
        ModelPackageVersion: 2,
        ModelApprovalStatus: "Approved",
        ModelPackageStatus: "Completed",
        CreationTime: at(1),
        LastModifiedTime: at(2),
        InferenceSpecification: {
          Containers: [
            { ModelDataUrl: "s3://a/model.tar.gz" },
            { ModelDataSource: { S3DataSource: { S3Uri: "s3://a/other.tar.gz" } } },
            { ModelDataSource: {} },
          ],
        },
        CustomerMetadataProperties: {
          Accuracy: "0.97",
          Loss: "1.5e-3",
          GitCommit: "1234567890123456789012345678901234567890",
          SampleLocation: "s3://a/sample",
          Words: "3 of 4",
        },
      },
    });
    assert.deepEqual(await calls.modelVersion(packageArn), {
      arn: packageArn,
      version: 2,
      approval: "Approved",
      status: "Completed",
      archives: ["s3://a/model.tar.gz", "s3://a/other.tar.gz"],
      registered: at(1),
      lastModified: at(2),
      gitCommit: "1234567890123456789012345678901234567890",
      sampleLocation: "s3://a/sample",
      metrics: { Accuracy: 0.97, Loss: 0.0015 },
    });
    assert.deepEqual(asked, [["describeModelPackage", { ModelPackageName: packageArn }]]);
  });

  it("is no model version where the registry has none, and as little as it says of one", async () => {
    const gone = new Error("ModelPackage x does not exist.");
    assert.equal(await clients({ describeModelPackage: gone }).calls.modelVersion("x"), undefined);
    await assert.rejects(clients({ describeModelPackage: denied }).calls.modelVersion("x"), denied);
    assert.deepEqual(await clients({}).calls.modelVersion("x"), {
      arn: "x",
      version: 0,
      approval: "",
      status: "",
      archives: [],
      registered: new Date(0),
      lastModified: new Date(0),
      gitCommit: undefined,
      sampleLocation: undefined,
      metrics: {},
    });
  });

  it("is which runs began before this one and are not over", async () => {
    const { calls } = clients({
      listPipelineExecutions: {
        pipelineExecutionSummaries: [
          { pipelineExecutionId: "run-3", status: "InProgress", startTime: at(3) },
          { pipelineExecutionId: "run-2", status: "InProgress", startTime: at(2) },
          { pipelineExecutionId: "run-1", status: "InProgress", startTime: at(1) },
          { pipelineExecutionId: "run-0", status: "Succeeded", startTime: at(0) },
        ],
      },
      getPipelineExecution: {
        pipelineExecution: {
          variables: [{ name: "MODEL_PACKAGE_ARN", resolvedValue: packageArn }],
        },
      },
    });
    assert.deepEqual(await calls.runsAhead(), [
      { id: "run-1", modelPackageArn: packageArn, started: at(1) },
    ]);
    assert.deepEqual(await clients({}).calls.runsAhead(), []);
  });

  it("is a run ahead without a variable too", async () => {
    const { calls } = clients({
      listPipelineExecutions: {
        pipelineExecutionSummaries: [
          { pipelineExecutionId: "run-1", status: "InProgress", startTime: at(1) },
        ],
      },
    });
    assert.deepEqual(await calls.runsAhead(), [
      { id: "run-1", modelPackageArn: "", started: at(1) },
    ]);
  });

  it("is what started this run, and what became of another", async () => {
    const { asked, calls } = clients({
      getPipelineExecution: {
        pipelineExecution: { status: "Failed", trigger: { triggerType: "CreatePipeline" } },
      },
    });
    assert.equal(await calls.trigger(), "CreatePipeline");
    assert.equal(await calls.runStatus("run-1"), "Failed");
    assert.deepEqual(asked, [
      ["getPipelineExecution", { pipelineExecutionId: "run-2", pipelineName: "deploy" }],
      ["getPipelineExecution", { pipelineExecutionId: "run-1", pipelineName: "deploy" }],
    ]);
    const { calls: silent } = clients({});
    assert.deepEqual([await silent.trigger(), await silent.runStatus("run-1")], ["", ""]);
  });

  it("stops its own run, with as much of the reason as AWS takes", async () => {
    const { asked, calls } = clients({});
    await calls.stopThisRun("a".repeat(300));
    assert.deepEqual(asked, [
      [
        "stopPipelineExecution",
        {
          abandon: true,
          pipelineExecutionId: "run-2",
          pipelineName: "deploy",
          reason: "a".repeat(200),
        },
      ],
    ]);
  });

  it("is when an object was written, and what it holds", async () => {
    const place = { Bucket: "a", Key: "b/c" };
    const { asked, calls } = clients({
      headObject: { LastModified: at(1) },
      getObject: { Body: { transformToString: () => Promise.resolve("text") } },
    });
    assert.deepEqual(await calls.written("s3://a/b/c"), at(1));
    assert.equal(await calls.read("s3://a/b/c"), "text");
    await calls.write("s3://a/b/c", "{}");
    assert.deepEqual(asked, [
      ["headObject", place],
      ["getObject", place],
      ["putObject", { ...place, Body: "{}", ContentType: "application/json" }],
    ]);
    await assert.rejects(calls.read("s3://a"), { message: "s3://a is no S3 URI of an object" });
  });

  it("is no object where S3 has none, and an error where S3 refuses", async () => {
    const noKey = Object.assign(new Error("no"), { name: "NoSuchKey" });
    const notFound = Object.assign(new Error("no"), { name: "NotFound" });
    const { calls } = clients({ getObject: noKey, headObject: notFound });
    assert.deepEqual(
      [await calls.read("s3://a/b"), await calls.written("s3://a/b")],
      [undefined, undefined],
    );
    await assert.rejects(clients({ headObject: denied }).calls.written("s3://a/b"), denied);
  });

  it("is whether a model, a configuration or an endpoint is there", async () => {
    const { asked, calls } = clients({ describeModel: missing, describeEndpoint: denied });
    assert.equal(await calls.exists("config", "a"), true);
    assert.equal(await calls.exists("model", "b"), false);
    await assert.rejects(calls.exists("endpoint", "c"), denied);
    assert.deepEqual(asked, [
      ["describeEndpointConfig", { EndpointConfigName: "a" }],
      ["describeModel", { ModelName: "b" }],
      ["describeEndpoint", { EndpointName: "c" }],
    ]);
  });

  it("takes an endpoint away", async () => {
    const { asked, calls } = clients({});
    await calls.deleteEndpoint("a");
    assert.deepEqual(asked, [["deleteEndpoint", { EndpointName: "a" }]]);
  });
});
