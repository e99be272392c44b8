import { strict as assert } from "node:assert";

import type { Reads } from "../../scripts/endpoints/deployedEndpoint";
import { deployedReport } from "../../scripts/endpoints/deployedReport";
import { type StatusReads, statusReport } from "../../scripts/endpoints/statusReport";
import { churn, codePipeline, versionArn } from "../support/endpointFakes";

const packageArn =
  "arn:aws:sagemaker:eu-west-1:123456789012:model-package/mlops-churn--dev--models";

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

  it("says that there is no deployment yet", async () => {
    assert.deepEqual(await report({}), [
      "mlops-churn--dev--staging: not deployed. The next deployment creates it",
      "mlops-churn--dev--prod: not deployed. The next deployment creates it",
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
      "mlops-churn--dev--prod: not deployed. The next deployment creates it",
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

describe("statusReport", () => {
  const console = "https://eu-west-1.console.aws.amazon.com/codesuite/codepipeline/pipelines";
  const pipeline = `${console}/mlops-churn--dev--modeldeploy`;
  const pending = {
    stageName: "DeployStaging",
    latestExecution: { pipelineExecutionId: "e-2", status: "InProgress" },
    actionStates: [
      {
        actionName: "ApproveDeployment",
        latestExecution: {
          lastStatusChange: new Date(Date.UTC(2026, 11, 5, 12)),
          status: "InProgress",
        },
      },
    ],
  };
  const execution = (id: string, hour: number, status: string) => ({
    pipelineExecutionId: id,
    startTime: new Date(Date.UTC(2026, 11, 5, hour)),
    status,
  });
  const alarm = (AlarmName: string, StateValue: string) => ({
    AlarmName,
    StateReason: "Threshold Crossed",
    StateUpdatedTimestamp: new Date(Date.UTC(2026, 11, 5, 13)),
    StateValue,
  });
  const lines = async ({
    alarms = [],
    codepipeline = codePipeline(),
    schedule = () => Promise.resolve({ ScheduleExpression: "at(2026-12-06T16:00:00)" }),
    tags = { ModelPackageArn: versionArn(2), ModelVersion: "2" },
  }: {
    alarms?: object[];
    codepipeline?: object;
    schedule?: () => Promise<object>;
    tags?: Record<string, string> | undefined;
  } = {}): Promise<string[]> => {
    const asked: unknown[] = [];
    const report = await statusReport(churn, {
      cloudwatch: {
        describeAlarms: ({ AlarmNames }: { AlarmNames: string[] }) => {
          asked.push(...AlarmNames);
          return Promise.resolve({ MetricAlarms: alarms });
        },
      },
      codepipeline,
      sagemaker: {
        describeEndpoint: ({ EndpointName = "" }) =>
          EndpointName.endsWith("staging")
            ? Promise.resolve({ EndpointStatus: "InService", LastModifiedTime: new Date(0) })
            : Promise.reject(new Error("Could not find endpoint")),
        describeModelPackage: () => Promise.resolve({}),
        listTags: () =>
          Promise.resolve({ Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
      },
      scheduler: { getSchedule: schedule },
    } as unknown as StatusReads);
    // Never the alarm of a canary's verdict, which is in ALARM between deployments.
    const own = ["errors", "no-invocations", "latency"].map((it) => `mlops-churn--dev--prod-${it}`);
    assert.deepEqual(asked, own);
    return report.slice(3);
  };
  const expiry = "mlops-churn--dev--staging: deleted on 2026-12-06 16:00 UTC";
  const calm = "alarms of production: none in ALARM";

  it("shows until when staging exists, without executions and alarms", async () => {
    assert.deepEqual(await lines(), [expiry, "last execution: none", calm]);
    const missing = () =>
      Promise.reject(Object.assign(new Error(), { name: "ResourceNotFoundException" }));
    const [first] = await lines({ schedule: missing });
    assert.equal(first, "mlops-churn--dev--staging: its deletion is not scheduled");
  });

  it("shows the pending approval with the version on staging, or that of the execution", async () => {
    const codepipeline = codePipeline([pending]);
    const link = `Next: approve or reject it: ${pipeline}/view?region=eu-west-1`;
    const [, staged] = await lines({ codepipeline });
    assert.equal(staged, `pending approval: version 2 since 2026-12-05 12:00 UTC. ${link}`);
    const [, unknown] = await lines({ codepipeline, tags: {} });
    assert.equal(unknown, `pending approval: version 3 since 2026-12-05 12:00 UTC. ${link}`);
  });

  it("shows no approval of an earlier execution", async () => {
    const over = { ...pending, latestExecution: { pipelineExecutionId: "e-2", status: "Failed" } };
    assert.equal((await lines({ codepipeline: codePipeline([over]) })).length, 3);
  });

  it("shows the last execution of a version, and how to retry it", async () => {
    const executions = [execution("e-1", 9, "Succeeded"), execution("e-2", 10, "Failed")];
    const expire = execution("e-3", 11, "Stopped");
    const models = { "e-3": "expire-staging" };
    const link = `${pipeline}/executions/e-2/timeline?region=eu-west-1`;
    const [, last] = await lines({
      codepipeline: codePipeline(undefined, [...executions, expire], undefined, models),
    });
    assert.equal(
      last,
      `last execution: Failed, version 3, started 2026-12-05 10:00 UTC. Next: npm run endpoints -- retry: ${link}`,
    );
  });

  it("shows each alarm of production in ALARM", async () => {
    const name = "mlops-churn--dev--prod-latency";
    const alarms = [alarm(name, "ALARM"), alarm("mlops-churn--dev--prod-errors", "OK")];
    const [, , ...found] = await lines({ alarms });
    assert.deepEqual(found, [`${name}: in ALARM since 2026-12-05 13:00 UTC: Threshold Crossed`]);
  });
});
