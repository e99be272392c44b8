import { strict as assert } from "node:assert";

import type { Reads } from "../scripts/deployed/deployedEndpoint";
import { deployedReport } from "../scripts/deployed/deployedReport";
import { deployedTarget } from "../scripts/deployed/deployedTarget";

const outputs = {
  modelBuildPipelineArn: "arn:aws:codepipeline:eu-west-1:123456789012:mlops-churn--dev--modelbuild",
};
const endpoints = {
  prodEndpointName: "mlops-churn--dev--prod",
  stagingEndpointName: "mlops-churn--dev--staging",
};
const packageArn =
  "arn:aws:sagemaker:eu-west-1:123456789012:model-package/mlops-churn--dev--models";

describe("deployedTarget", () => {
  it("takes endpoints and region from the outputs, and the profile from the config", () => {
    const found = {
      endpointNames: ["mlops-churn--dev--staging", "mlops-churn--dev--prod"],
      region: "eu-west-1",
    };
    assert.deepEqual(deployedTarget({ ...outputs, ...endpoints }, {}), found);
    assert.deepEqual(
      deployedTarget({ ...outputs, ...endpoints }, { "aws:profile": { value: "team" } }),
      { ...found, profile: "team" },
    );
    assert.deepEqual(deployedTarget(outputs, {}).endpointNames, []);
  });

  it("rejects a stack that is not deployed", () => {
    const message = "the stack has no outputs of this program: run pulumi up first";
    assert.throws(() => deployedTarget({}, {}), { message });
  });
});

describe("deployedReport", () => {
  const missing = () => Promise.reject(new Error("Could not find endpoint"));
  const denied = () =>
    Promise.reject(Object.assign(new Error("not authorized"), { name: "AccessDeniedException" }));
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
    endpoints: Record<string, object>,
    deployment: Record<string, string> = {},
    version: object = {},
    calls: object = {},
  ): Promise<string[]> =>
    deployedReport(["mlops-churn--dev--staging", "mlops-churn--dev--prod"], {
      describeEndpoint: ({ EndpointName = "" }: { EndpointName?: string | undefined }) =>
        EndpointName in endpoints ? Promise.resolve(endpoints[EndpointName]) : missing(),
      describeModelPackage: () => Promise.resolve(version),
      listTags: () => Promise.resolve({ Tags: tags(deployment) }),
      ...calls,
    } as unknown as Reads);

  it("says how to enable deployment if it is off", async () => {
    assert.deepEqual(await deployedReport([], {} as Reads), [
      "this stack does not deploy models. Next: set deploy.enabled to true and run pulumi up",
    ]);
  });

  it("says that there is no deployment yet", async () => {
    assert.deepEqual(await report({}), [
      "mlops-churn--dev--staging: not deployed yet. Next: approve a model version to deploy it",
      "mlops-churn--dev--prod: not deployed yet. Next: approve a model version to deploy it",
    ]);
  });

  it("is a table with the commit of the model version and the previous versions", async () => {
    const deployment = {
      ModelPackageArn: `${packageArn}/2`,
      ModelVersion: "2",
      EarlierVersions: "3 1",
    };
    const version = { CustomerMetadataProperties: { GitCommit: "1f3d5b7" } };
    const there = { "mlops-churn--dev--staging": found("mlops-churn--dev--staging") };
    assert.deepEqual(await report(there, deployment, version), [
      "endpoint                   status     version  since                 commit   previous  model package",
      `mlops-churn--dev--staging  InService  2        2026-11-25 12:30 UTC  1f3d5b7  3, 1      ${packageArn}/2`,
      "mlops-churn--dev--prod: not deployed yet. Next: approve a model version to deploy it",
    ]);
  });

  it("shows unknown values as a question mark, and the reason of a failed endpoint", async () => {
    const there = {
      "mlops-churn--dev--prod": found("mlops-churn--dev--prod", "Failed", "no ping"),
      "mlops-churn--dev--staging": found("mlops-churn--dev--staging"),
    };
    assert.deepEqual(await report(there), [
      "endpoint                   status     version  since                 commit  previous  model package",
      "mlops-churn--dev--staging  InService  ?        2026-11-25 12:30 UTC  ?       ?         not deployed by the pipeline",
      "mlops-churn--dev--prod     Failed     ?        2026-11-25 12:30 UTC  ?       ?         not deployed by the pipeline",
      "mlops-churn--dev--prod: no ping",
    ]);
    const first = { ModelPackageArn: `${packageArn}/1`, ModelVersion: "1" };
    const lines = await report(
      { "mlops-churn--dev--staging": found("mlops-churn--dev--staging") },
      first,
    );
    assert.match(lines[1] ?? "", /InService {2}1 .*UTC {2}\? {7}none/);
  });

  it("reports an endpoint whose config or model version is deleted", async () => {
    const there = { "mlops-churn--dev--prod": found("mlops-churn--dev--prod") };
    const first = { ModelPackageArn: `${packageArn}/1`, ModelVersion: "1" };
    const [, withoutConfig] = await report(there, first, {}, { listTags: missing });
    assert.match(withoutConfig ?? "", /not deployed by the pipeline$/);
    const [, withoutVersion] = await report(there, first, {}, { describeModelPackage: missing });
    assert.match(withoutVersion ?? "", /InService {2}1 .*UTC {2}\? /);
  });

  it("asks for the tags of the endpoint config that serves", async () => {
    const asked: unknown[] = [];
    const listTags = (input: unknown) => {
      asked.push(input);
      return Promise.resolve({});
    };
    const there = { "mlops-churn--dev--prod": found("mlops-churn--dev--prod") };
    await report(there, {}, {}, { listTags });
    const arn = "arn:aws:sagemaker:eu-west-1:123456789012:endpoint-config/mlops-churn--dev--prod";
    assert.deepEqual(asked, [{ ResourceArn: `${arn}-2-0a1b2c3d` }]);
  });

  it("fails if a call is denied", async () => {
    const there = { "mlops-churn--dev--prod": found("mlops-churn--dev--prod") };
    const first = { ModelPackageArn: `${packageArn}/1`, ModelVersion: "1" };
    for (const call of ["describeEndpoint", "describeModelPackage", "listTags"])
      await assert.rejects(report(there, first, {}, { [call]: denied }), /not authorized/);
  });
});
