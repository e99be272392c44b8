import { strict as assert } from "node:assert";

import { clientOptions } from "../local/provider/clients";
import { cloudFrom, testing } from "../local/provider/cloud";
import { handlersFor } from "../local/provider/handlers";
import { localProvider } from "../local/provider/provider";
import { isRecord, type Properties } from "../local/provider/values";
import { type StubAnswer, type StubCall, stubCloud } from "./support/stubCloud";

const region = "us-east-1";
const endpointType = "aws:sagemaker/endpoint:Endpoint";
const urn = (type: string) => `urn:pulumi:staging::model-endpoint::${type}::it`;

/** Runs `work` with the local provider in front of a cloud that gives the configured answers. */
async function withProvider(
  answer: (call: StubCall) => StubAnswer,
  work: (provider: ReturnType<typeof localProvider>) => Promise<void>,
): Promise<StubCall[]> {
  // It speaks of SDK versions to come; package.json pins those in use.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const { calls, close, endpoint } = await stubCloud(answer);
  const cloud = { endpoint, region, defaultTags: {}, credentials: testing };
  try {
    await work(localProvider(cloud, handlersFor(endpoint, region), "7.0.0"));
  } finally {
    close();
  }
  return calls;
}

/** An endpoint that is described by one answer after another, the last of them again and again. */
function endpointThatIs(...states: readonly object[]): (call: StubCall) => StubAnswer {
  const left = [...states];
  return ({ operation }) => {
    if (operation === "SageMaker.ListTags") return [200, { Tags: [] }];
    if (operation !== "SageMaker.DescribeEndpoint") return [200, {}];
    const state = left.length > 1 ? left.shift() : left[0];
    return [200, { EndpointName: "e", EndpointArn: "arn:e", ...state }];
  };
}

function propertiesOf(result: { outs?: unknown } | undefined): Properties {
  const outs = result?.outs;
  assert.ok(isRecord(outs));
  return outs;
}

function configIn(result: { outs?: unknown } | undefined): unknown {
  return propertiesOf(result).endpointConfigName;
}

const wanted = { name: "e", endpointConfigName: "e-2" };

describe("SageMaker endpoint of the local provider", () => {
  it("is created when it is InService", async () => {
    const states = [
      { EndpointStatus: "Creating", EndpointConfigName: "e-2" },
      { EndpointStatus: "InService", EndpointConfigName: "e-2" },
    ];
    const calls = await withProvider(endpointThatIs(...states), async (provider) => {
      const made = await provider.create?.(urn(endpointType), wanted);
      assert.deepEqual([made?.id, configIn(made)], ["e", "e-2"]);
    });
    assert.deepEqual(
      calls.map(({ operation }) => operation.replace("SageMaker.", "")),
      ["CreateEndpoint", "DescribeEndpoint", "DescribeEndpoint", "DescribeEndpoint", "ListTags"],
    );
  });

  it("keeps its ID and the reason if creation fails", async () => {
    const failed = { EndpointStatus: "Failed", FailureReason: "no capacity" };
    await withProvider(endpointThatIs(failed), async (provider) => {
      await assert.rejects(provider.create?.(urn(endpointType), wanted) ?? Promise.resolve(), {
        id: "e",
        reasons: ["endpoint e is Failed: no capacity"],
      });
    });
  });

  it("reads the previous endpoint config after a rolled-back update, like the AWS provider", async () => {
    const old = { EndpointConfigName: "e-1" };
    const states = [
      { EndpointStatus: "Updating", ...old },
      { EndpointStatus: "RollingBack", ...old },
      { EndpointStatus: "InService", ...old },
    ];
    await withProvider(endpointThatIs(...states), async (provider) => {
      const olds = { name: "e", endpointConfigName: "e-1", tagsAll: {}, arn: "arn:e" };
      const updated = await provider.update?.("e", urn(endpointType), olds, wanted);
      assert.equal(configIn(updated), "e-1");
      // So the next update tries again.
      const diff = await provider.diff?.("e", urn(endpointType), propertiesOf(updated), wanted);
      assert.deepEqual([diff?.changes, diff?.replaces], [true, []]);
    });
  });

  it("keeps its ID if an update fails", async () => {
    const states = [{ EndpointStatus: "UpdateRollbackFailed", EndpointConfigName: "e-1" }];
    await withProvider(endpointThatIs(...states), async (provider) => {
      const olds = { name: "e", endpointConfigName: "e-1", tagsAll: {}, arn: "arn:e" };
      const update = provider.update?.("e", urn(endpointType), olds, wanted);
      await assert.rejects(update ?? Promise.resolve(), {
        id: "e",
        reasons: ["endpoint e is UpdateRollbackFailed: no reason"],
      });
    });
  });

  it("changes only tags without an endpoint update", async () => {
    const states = [{ EndpointStatus: "InService", EndpointConfigName: "e-2" }];
    const calls = await withProvider(endpointThatIs(...states), async (provider) => {
      const olds = { ...wanted, tagsAll: { a: "1" }, arn: "arn:e" };
      await provider.update?.("e", urn(endpointType), olds, wanted);
    });
    assert.deepEqual(
      calls.map(({ operation }) => operation.replace("SageMaker.", "")),
      ["DeleteTags", "DescribeEndpoint", "ListTags"],
    );
  });
});

describe("local aws provider", () => {
  it("rejects unsupported inputs by name", async () => {
    await withProvider(
      () => [200, {}],
      async (provider) => {
        const check = async (type: string, inputs: object) =>
          (await provider.check?.(urn(type), {}, { ...inputs }))?.failures?.map(
            ({ property }) => property,
          );
        const model = { name: "m", executionRoleArn: "arn:role" };
        assert.deepEqual(await check("aws:sagemaker/model:Model", model), []);
        assert.deepEqual(
          await check("aws:sagemaker/model:Model", { ...model, inferenceExecutionConfig: {} }),
          ["inferenceExecutionConfig"],
        );
        const policy = { name: "p", policyType: "StepScaling" };
        assert.ok(
          (await check("aws:appautoscaling/policy:Policy", policy))?.includes("policyType"),
        );
      },
    );
  });

  it("reads stage conditions back as in the program", async () => {
    let kept: unknown;
    const answer = ({ body, operation }: StubCall): StubAnswer => {
      if (operation.endsWith("CreatePipeline")) kept = body.pipeline;
      if (operation.endsWith("ListTagsForResource")) return [200, { tags: [] }];
      return [200, { pipeline: kept, metadata: { pipelineArn: "arn:p" } }];
    };
    const action = {
      name: "Deploy",
      category: "Build",
      owner: "AWS",
      provider: "CodeBuild",
      version: "1",
      timeoutInMinutes: 30,
    };
    const rule = {
      name: "r",
      ruleTypeId: { category: "Rule", owner: "AWS", provider: "CloudWatchAlarm", version: "1" },
      configuration: { AlarmName: "a" },
      inputArtifacts: ["SourceCode"],
    };
    await withProvider(answer, async (provider) => {
      // A difference when reading back is an error.
      await provider.create?.(urn("aws:codepipeline/pipeline:Pipeline"), {
        name: "p",
        roleArn: "arn:role",
        artifactStores: [{ location: "b", type: "S3" }],
        stages: [
          {
            name: "DeployProd",
            actions: [action],
            onFailure: { result: "ROLLBACK", condition: { result: "ROLLBACK", rules: [rule] } },
            beforeEntry: { condition: { result: "FAIL", rules: [rule] } },
          },
        ],
      });
    });
  });

  it("signs with the credentials of the environment, or as the account owner", async () => {
    const environment = {
      LOCAL_CLOUD_ENDPOINT: "http://127.0.0.1:1",
      LOCAL_CLOUD_AWS_CONFIG: JSON.stringify({ region }),
    };
    const role = { accessKeyId: "ASIA1", secretAccessKey: "s", sessionToken: "t" };
    assert.deepEqual(cloudFrom(environment).credentials, testing);
    assert.deepEqual(
      cloudFrom({
        ...environment,
        AWS_ACCESS_KEY_ID: "ASIA1",
        AWS_SECRET_ACCESS_KEY: "s",
        AWS_SESSION_TOKEN: "t",
      }).credentials,
      role,
    );
    const calls: string[] = [];
    const { close, endpoint } = await stubCloud(({ accessKeyId, headers }) => {
      calls.push(`${accessKeyId} ${String(headers["x-amz-security-token"])}`);
      return [200, { Models: [] }];
    });
    const { SageMaker } = await import("@aws-sdk/client-sagemaker");
    await new SageMaker(clientOptions(endpoint, region, role)).listModels({});
    await new SageMaker(clientOptions(endpoint, region)).listModels({});
    close();
    assert.deepEqual(calls, ["ASIA1 t", "testing undefined"]);
  });
});
