import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import { endpointAlarms } from "../../components/modelDeploy/endpointAlarms";
import { namesFor } from "../../components/names/names";
import { driverSource } from "../support/driverSource";
import { awsContext, record, type Recording } from "../support/mocks";

const tags = { "sagemaker:project-id": "dev" };
const topicArn = "arn:aws:sns:us-east-1:123456789012:mlops-churn--dev--notifications";
const defaults = { maximumErrors: 0, maximumLatencyMilliseconds: 1000, noInvocationsMinutes: 0 };
const ofProduction = {
  alarmActions: [topicArn],
  dimensions: { EndpointName: "mlops-churn--dev--prod", VariantName: "AllTraffic" },
  namespace: "AWS/SageMaker",
  tags,
};
const inThreeOfFiveMinutes = {
  ...ofProduction,
  comparisonOperator: "GreaterThanThreshold",
  datapointsToAlarm: 3,
  evaluationPeriods: 5,
  period: 60,
  treatMissingData: "notBreaching",
};

describe("alarms of the endpoints", () => {
  let recording: Recording;

  before(async () => {
    recording = await recordAlarms({});
  });

  it("are errors and latency of production, and the canary of each stage", () => {
    assert.deepEqual(recording.inventory(), [
      "cloudwatch/MetricAlarm deploy-prod-canary-verdict",
      "cloudwatch/MetricAlarm deploy-prod-errors",
      "cloudwatch/MetricAlarm deploy-prod-latency",
      "cloudwatch/MetricAlarm deploy-staging-canary-verdict",
    ]);
  });

  it("notify the topic of more errors than the limit, in 3 of 5 minutes", async () => {
    assert.deepEqual(alarm(recording, "prod-errors"), {
      ...inThreeOfFiveMinutes,
      metricName: "Invocation5XXErrors",
      name: "mlops-churn--dev--prod-errors",
      statistic: "Sum",
      threshold: 0,
    });
    const other = await recordAlarms({ maximumErrors: 5 });
    assert.equal(alarm(other, "prod-errors").threshold, 5);
  });

  it("notify the topic of a mean latency above the limit, which the metric has in microseconds", async () => {
    assert.deepEqual(alarm(recording, "prod-latency"), {
      ...inThreeOfFiveMinutes,
      metricName: "ModelLatency",
      name: "mlops-churn--dev--prod-latency",
      statistic: "Average",
      threshold: 1_000_000,
    });
    const other = await recordAlarms({ maximumLatencyMilliseconds: 300 });
    assert.equal(alarm(other, "prod-latency").threshold, 300_000);
  });

  it("notify the topic of missing invocations only if the settings expect traffic", async () => {
    const other = await recordAlarms({ noInvocationsMinutes: 90 });
    assert.equal(other.resources.length, recording.resources.length + 1);
    assert.deepEqual(alarm(other, "prod-no-invocations"), {
      ...ofProduction,
      comparisonOperator: "LessThanThreshold",
      evaluationPeriods: 1,
      metricName: "Invocations",
      name: "mlops-churn--dev--prod-no-invocations",
      period: 5400,
      statistic: "Sum",
      threshold: 1,
      treatMissingData: "breaching",
    });
  });

  for (const stage of ["staging", "prod"])
    it(`are in ALARM without a verdict of the canary of ${stage}, and have no action`, () => {
      assert.deepEqual(alarm(recording, `${stage}-canary-verdict`), {
        comparisonOperator: "GreaterThanThreshold",
        evaluationPeriods: 1,
        metricName: "CanaryVerdict",
        name: `mlops-churn--dev--${stage}-canary-verdict`,
        namespace: `ModelDeploy/mlops-churn--dev--${stage}`,
        period: 60,
        statistic: "Maximum",
        tags,
        threshold: 0,
        treatMissingData: "breaching",
      });
    });

  it("watch the metric that the deployment driver sends", () => {
    assert.ok(driverSource().includes('METRIC = "CanaryVerdict"'), "the driver sends none");
  });

  it("have the names that roles and policies contain", async () => {
    const { prod, staging } = namesFor(identity, awsContext).deploy;
    const all = await recordAlarms({ noInvocationsMinutes: 1 });
    assert.deepEqual(
      all.resources.map(({ inputs }) => arnOf(String(inputs.name))).sort(),
      [...prod.alarmArns, prod.verdictAlarmArn, staging.verdictAlarmArn].sort(),
    );
  });

  it("describe subject, fact and next step in the text that an email shows", async () => {
    const all = await recordAlarms({ maximumErrors: 5, noInvocationsMinutes: 90 });
    assert.deepEqual(
      Object.fromEntries(all.resources.map(({ inputs, name }) => [name, inputs.alarmDescription])),
      {
        "deploy-prod-errors":
          "Production endpoint mlops-churn--dev--prod of churn (dev) returns server errors: more than 5 in a minute, in 3 of 5 minutes. Next: read the log group /aws/sagemaker/Endpoints/mlops-churn--dev--prod; if the model version is the cause, roll back production: npm run endpoints -- rollback.",
        "deploy-prod-latency":
          "Production endpoint mlops-churn--dev--prod of churn (dev) is slow: mean model latency above 1000 ms in 3 of 5 minutes. Next: compare latency and invocations on the dashboard mlops-churn--dev; add instances in prod-config.json, or roll back production: npm run endpoints -- rollback.",
        "deploy-prod-no-invocations":
          "Production endpoint mlops-churn--dev--prod of churn (dev) has no invocations: none in 90 minutes. Next: check that the endpoint is InService (npm run endpoints -- status), and that its clients run.",
        "deploy-prod-canary-verdict": canaryText("prod"),
        "deploy-staging-canary-verdict": canaryText("staging"),
      },
    );
    for (const { inputs } of all.resources)
      assert.ok(String(inputs.alarmDescription).length <= 1024, String(inputs.name));
  });
});

const identity = { projectId: "dev", projectName: "churn" };

function recordAlarms(alarms: Partial<typeof defaults>): Promise<Recording> {
  return record(() => {
    endpointAlarms(
      "deploy",
      {
        names: pulumi.output(namesFor(identity, awsContext)),
        settings: { alarms: { ...defaults, ...alarms } },
        tags,
        title: "churn (dev)",
        topicArn,
      },
      {},
    );
  });
}

/** Inputs of an alarm without its description. */
function alarm(recording: Recording, name: string) {
  const { alarmDescription: _, ...inputs } = recording.inputsOf(
    "cloudwatch/MetricAlarm",
    `deploy-${name}`,
  );
  return inputs;
}

function arnOf(name: string): string {
  return `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${name}`;
}

function canaryText(stage: string): string {
  return `Canary of the endpoint mlops-churn--dev--${stage} of churn (dev): SageMaker rolls back an update while this alarm is in ALARM. Between deployments it is in ALARM, which is normal: no data. Next: after a rollback, read the reason in the build log.`;
}
