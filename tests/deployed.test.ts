import { strict as assert } from "node:assert";

import { deployedReport } from "../scripts/deployed/deployedReport";
import { deployedTarget } from "../scripts/deployed/deployedTarget";

const outputs = {
  modelBuildPipelineArn:
    "arn:aws:codepipeline:eu-west-1:123456789012:sagemaker-churn-dev-modelbuild",
};
const endpoints = { prodEndpointName: "churn-dev-prod", stagingEndpointName: "churn-dev-staging" };
const packageArn = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/churn-dev";

describe("asking what is deployed", () => {
  it("is told of endpoints and region by the outputs, and of the profile by the config", () => {
    const found = { endpointNames: ["churn-dev-staging", "churn-dev-prod"], region: "eu-west-1" };
    assert.deepEqual(deployedTarget({ ...outputs, ...endpoints }, {}), found);
    assert.deepEqual(
      deployedTarget({ ...outputs, ...endpoints }, { "aws:profile": { value: "team" } }),
      { ...found, profile: "team" },
    );
    assert.deepEqual(deployedTarget(outputs, {}).endpointNames, []);
  });

  it("is refused for a stack that was never brought up", () => {
    const message = "the stack has no outputs of this program: bring it up first, by pulumi up";
    assert.throws(() => deployedTarget({}, {}), { message });
  });
});

describe("what is deployed", () => {
  const missing = new Error("Could not find endpoint");
  const found = (name: string, status = "InService", FailureReason?: string) => ({
    EndpointArn: `arn:aws:sagemaker:eu-west-1:123456789012:endpoint/${name}`,
    EndpointConfigName: `${name}-2-0a1b2c3d`,
    EndpointStatus: status,
    FailureReason,
    LastModifiedTime: new Date(Date.UTC(2026, 10, 25, 12, 30)),
  });
  const tags = (all: Record<string, string>) =>
    Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
  const report = (
    there: Record<string, object>,
    told: Record<string, string> = {},
    version: object = {},
  ): Promise<string[]> =>
    deployedReport(["churn-dev-staging", "churn-dev-prod"], {
      describeEndpoint: ({ EndpointName = "" }: { EndpointName?: string | undefined }) =>
        EndpointName in there ? Promise.resolve(there[EndpointName]) : Promise.reject(missing),
      describeModelPackage: () => Promise.resolve(version),
      listTags: () => Promise.resolve({ Tags: tags(told) }),
    } as unknown as Parameters<typeof deployedReport>[1]);

  it("is nothing where deployment is not switched on", async () => {
    assert.deepEqual(await deployedReport([], {} as Parameters<typeof deployedReport>[1]), [
      "this stack deploys no models: set deploy.enabled to true in its config, and bring it up",
    ]);
  });

  it("is nothing where nothing was deployed yet", async () => {
    assert.deepEqual(await report({}), [
      "churn-dev-staging: nothing was deployed yet; it is made when the first model version is approved",
      "churn-dev-prod: nothing was deployed yet; it is made when the first model version is approved",
    ]);
  });

  it("is told as a table, with the commit that the version was trained from", async () => {
    const told = { ModelPackageArn: `${packageArn}/2`, ModelVersion: "2", EarlierVersions: "3 1" };
    const version = { CustomerMetadataProperties: { GitCommit: "1f3d5b7" } };
    const there = { "churn-dev-staging": found("churn-dev-staging") };
    assert.deepEqual(await report(there, told, version), [
      "endpoint           status     version  since                 commit   before it  model package",
      `churn-dev-staging  InService  2        2026-11-25 12:30 UTC  1f3d5b7  3, 1       ${packageArn}/2`,
      "churn-dev-prod: nothing was deployed yet; it is made when the first model version is approved",
    ]);
  });

  it("shows what is not known as such, and why an endpoint failed", async () => {
    const there = {
      "churn-dev-prod": found("churn-dev-prod", "Failed", "no ping"),
      "churn-dev-staging": found("churn-dev-staging"),
    };
    assert.deepEqual(await report(there), [
      "endpoint           status     version  since                 commit  before it  model package",
      "churn-dev-staging  InService  ?        2026-11-25 12:30 UTC  ?       ?          not deployed by the pipeline",
      "churn-dev-prod     Failed     ?        2026-11-25 12:30 UTC  ?       ?          not deployed by the pipeline",
      "churn-dev-prod: no ping",
    ]);
    const first = { ModelPackageArn: `${packageArn}/1`, ModelVersion: "1" };
    const lines = await report({ "churn-dev-staging": found("churn-dev-staging") }, first);
    assert.match(lines[1] ?? "", /InService {2}1 .*UTC {2}\? {7}none/);
  });
});
