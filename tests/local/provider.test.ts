import { strict as assert } from "node:assert";

import { handlersFor } from "../../local/cloud/provider/handlers";
import { localProvider } from "../../local/cloud/provider/provider";
import { type StubAnswer, type StubCall, stubCloud } from "../support/stubCloud";

const region = "us-east-1";
const urn = (type: string) => `urn:pulumi:dev::model-build-pipeline::${type}::it`;

/** Runs `work` with the local provider in front of a cloud that gives the configured answers. */
async function withProvider(
  answer: (call: StubCall) => StubAnswer,
  work: (provider: ReturnType<typeof localProvider>) => Promise<void>,
): Promise<StubCall[]> {
  // It speaks of SDK versions to come; package.json pins those in use.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const { calls, close, endpoint } = await stubCloud(answer);
  const cloud = { endpoint, region, defaultTags: {} };
  try {
    await work(localProvider(cloud, handlersFor(endpoint, region), "7.0.0"));
  } finally {
    close();
  }
  return calls;
}

describe("local aws provider", () => {
  it("rejects unsupported inputs by name, and unsupported types", async () => {
    await withProvider(
      () => [200, {}],
      async (provider) => {
        const check = async (type: string, inputs: object) =>
          (await provider.check?.(urn(type), {}, { ...inputs }))?.failures?.map(
            ({ property }) => property,
          );
        const group = { modelPackageGroupName: "m" };
        const type = "aws:sagemaker/modelPackageGroup:ModelPackageGroup";
        assert.deepEqual(await check(type, group), []);
        assert.deepEqual(await check(type, { ...group, region: "eu-west-1" }), ["region"]);
        assert.deepEqual(await check("aws:sagemaker/endpoint:Endpoint", {}), [""]);
      },
    );
  });

  it("gives a name to a resource that has none, and keeps it", async () => {
    await withProvider(
      () => [200, {}],
      async (provider) => {
        const inputsOf = async (type: string, olds: object, news: object) => {
          const inputs: unknown = (await provider.check?.(urn(type), { ...olds }, { ...news }))
            ?.inputs;
          return inputs;
        };
        const queue = (olds: object, news: object) => inputsOf("aws:sqs/queue:Queue", olds, news);
        assert.match(JSON.stringify(await queue({}, {})), /^{"name":"it-[0-9a-f]{7}"}$/);
        assert.deepEqual(await queue({ name: "it-1234567" }, {}), { name: "it-1234567" });
        assert.deepEqual(await queue({ name: "it-1234567" }, { name: "own" }), { name: "own" });
        const policy = "aws:s3/bucketPolicy:BucketPolicy";
        assert.deepEqual(await inputsOf(policy, {}, { policy: "{}" }), { policy: "{}" });
      },
    );
  });

  it("creates, reads and deletes a schedule group with its tags", async () => {
    const type = "aws:scheduler/scheduleGroup:ScheduleGroup";
    const arn = "arn:aws:scheduler:us-east-1:123456789012:schedule-group/staging";
    const answer = ({ operation, path }: StubCall): StubAnswer => {
      if (path.startsWith("/tags/")) return [200, { Tags: [{ Key: "team", Value: "churn" }] }];
      return operation === "GET"
        ? [200, { Arn: arn, Name: "staging", State: "ACTIVE" }]
        : [200, { ScheduleGroupArn: arn }];
    };
    const inputs = { name: "staging", tags: { team: "churn" } };
    const calls = await withProvider(answer, async (provider) => {
      // A difference when reading back is an error.
      const created = await provider.create?.(urn(type), inputs);
      assert.equal(created?.id, "staging");
      await provider.delete?.("staging", urn(type), inputs);
    });
    const changes = calls.filter(({ operation }) => operation !== "GET");
    assert.deepEqual(
      changes.map(({ operation, path }) => `${operation} ${path.split("?")[0] ?? ""}`),
      ["POST /schedule-groups/staging", "DELETE /schedule-groups/staging"],
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
});
