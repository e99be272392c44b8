import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { dashboard } from "../../components/modelDeploy/dashboard";
import { namesFor } from "../../components/names/names";
import { driverSource } from "../support/driverSource";
import { awsContext, record, type Recording } from "../support/mocks";

const names = namesFor({ projectId: "dev", projectName: "churn" }, awsContext);
const { deploy } = names;
const defaults = { maximumErrors: 0, maximumLatencyMilliseconds: 1000, noInvocationsMinutes: 0 };

const position = {
  height: z.int().min(1).max(1000),
  width: z.int().min(1).max(24),
  x: z.int().min(0).max(23),
  y: z.int().min(0),
};
const options = z.strictObject({
  expression: z.string().optional(),
  id: z
    .string()
    .regex(/^[a-z]\w*$/)
    .optional(),
  label: z.string().optional(),
  stat: z.enum(["p50", "p95"]).optional(),
  visible: z.literal(false).optional(),
});
const graph = z.strictObject({
  annotations: z
    .strictObject({ horizontal: z.array(z.strictObject({ label: z.string(), value: z.number() })) })
    .optional(),
  metrics: z.array(z.array(z.union([z.string().min(1), options])).min(1)).min(1),
  period: z.literal([60, 300, 3600]),
  region: z.string(),
  start: z.literal("-P3M").optional(),
  stat: z.enum(["Maximum", "Sum"]),
  title: z.string().min(1),
  view: z.literal("timeSeries"),
  yAxis: z.strictObject({
    left: z.strictObject({ label: z.string(), min: z.literal(0), showUnits: z.literal(false) }),
  }),
});
const status = z.strictObject({ alarms: z.array(z.string()).min(1).max(100), title: z.string() });
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const bodyShape = z.strictObject({
  widgets: z.array(
    z.discriminatedUnion("type", [
      z.strictObject({ ...position, properties: status, type: z.literal("alarm") }),
      z.strictObject({ ...position, properties: graph, type: z.literal("metric") }),
    ]),
  ),
});

/** Metrics of AWS services, with their dimensions, as the guide of each service lists them. */
const published: Readonly<Record<string, readonly string[]>> = {
  // https://docs.aws.amazon.com/codebuild/latest/userguide/cloudwatch_metrics-codebuild.html
  "AWS/CodeBuild ProjectName": ["FailedBuilds", "SucceededBuilds"],
  // https://docs.aws.amazon.com/codepipeline/latest/userguide/metrics-dimensions.html
  "AWS/CodePipeline PipelineName": ["FailedPipelineExecutions"],
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
  "AWS/SQS QueueName": ["ApproximateNumberOfMessagesVisible"],
  // https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
  "AWS/SageMaker EndpointName VariantName": [
    "Invocation4XXErrors",
    "Invocation5XXErrors",
    "Invocations",
    "ModelLatency",
  ],
};

/** Names of the resources that a dimension may have. */
const owned: Readonly<Record<string, readonly string[]>> = {
  EndpointName: [deploy.prod.endpoint, deploy.staging.endpoint],
  PipelineName: [names.pipeline, deploy.pipeline],
  ProjectName: [
    names.buildProject,
    ...[deploy.queue, deploy.staging, deploy.test, deploy.prod].map(({ project }) => project),
  ],
  QueueName: [names.queue],
  VariantName: ["AllTraffic"],
};

describe("dashboard of the project", () => {
  let recording: Recording;
  let widgets: z.output<typeof bodyShape>["widgets"];

  before(async () => {
    recording = await recordDashboard({});
    ({ widgets } = bodyOf(recording));
  });

  const graphs = () => widgets.flatMap((it) => (it.type === "metric" ? [it.properties] : []));
  const metrics = () => graphs().flatMap((it) => it.metrics);
  /** Namespace, name and dimensions of each metric. */
  const series = () =>
    metrics()
      .map((metric) => metric.filter((it) => typeof it === "string"))
      .filter((it) => it.length > 0);

  it("is one CloudWatch dashboard with the name of the project", () => {
    assert.deepEqual(recording.inventory(), ["cloudwatch/Dashboard deploy-dashboard"]);
    const { dashboardName } = recording.inputsOf("cloudwatch/Dashboard", "deploy-dashboard");
    assert.equal(dashboardName, "mlops-churn--dev");
  });

  it("has a grid of 24 columns without gaps in a row or overlaps", () => {
    const cells = widgets.flatMap(({ height, width, x, y }) =>
      Array.from({ length: width * height }, (_, cell) => {
        const column = x + (cell % width);
        assert.ok(column < 24, `${String(x)} + ${String(width)}`);
        return `${String(column)}/${String(y + Math.floor(cell / width))}`;
      }),
    );
    assert.equal(new Set(cells).size, cells.length, "overlap");
    const bottom = Math.max(...widgets.map(({ height, y }) => y + height));
    assert.equal(cells.length, 24 * bottom, "gap");
  });

  it("shows these graphs, each in the region of the stack", () => {
    assert.deepEqual(
      graphs().map(({ title }) => title),
      [
        "Invocations in a minute, including canaries",
        "Errors in a minute",
        "Model latency",
        "Deployed model version",
        "Succeeded builds in an hour",
        "Failed builds in an hour",
        "Failed pipeline executions in an hour",
        "Undelivered events in the queue",
      ],
    );
    assert.deepEqual([...new Set(graphs().map(({ region }) => region))], ["us-east-1"]);
  });

  it("contains only metrics that a service or the deployment build publishes", () => {
    for (const [namespace = "", metric = "", ...dimensions] of series()) {
      if (namespace.startsWith("ModelDeploy/")) continue;
      const keys = dimensions.filter((_, index) => index % 2 === 0);
      const listed = published[[namespace, ...keys].join(" ")] ?? [];
      assert.ok(listed.includes(metric), `${namespace} ${metric} of ${keys.join()}`);
      keys.forEach((key, index) => {
        const value = dimensions[2 * index + 1] ?? "";
        assert.ok(owned[key]?.includes(value), `${key} ${value}`);
      });
    }
    const sent = series().filter(([namespace]) => namespace?.startsWith("ModelDeploy/"));
    assert.deepEqual(sent, [
      [deploy.prod.metricNamespace, "ModelVersion"],
      [deploy.staging.metricNamespace, "ModelVersion"],
    ]);
    assert.ok(/put_metric\([^)]*"ModelVersion"/.test(driverSource()), "the driver sends none");
  });

  it("contains each published metric of each project resource", () => {
    const shown = new Set(series().map((it) => it.join(" ")));
    for (const [space, list] of Object.entries(published)) {
      const [namespace = "", key = "", ...rest] = space.split(" ");
      for (const metric of list)
        for (const value of owned[key] ?? []) {
          const variant = rest.flatMap((it) => [it, "AllTraffic"]);
          const wanted = [namespace, metric, key, value, ...variant].join(" ");
          assert.ok(shown.has(wanted), wanted);
        }
    }
  });

  it("shows p50 and p95 of both endpoints, with the limit of the alarm in microseconds", () => {
    const latency = graphs().find(({ title }) => title === "Model latency");
    assert.ok(latency);
    assert.deepEqual(
      latency.metrics.map((it) => [it[3], options.parse(it.at(-1)).stat]),
      ["p50", "p95"].flatMap((stat) => [
        [deploy.prod.endpoint, stat],
        [deploy.staging.endpoint, stat],
      ]),
    );
    assert.deepEqual(
      latency.annotations?.horizontal.map(({ value }) => value),
      [1_000_000],
    );
  });

  it("continues the line of a model version until the next deployment", () => {
    const expressions = metrics().flatMap(([only]) => {
      const { data } = options.safeParse(only);
      return data?.expression === undefined ? [] : [data.expression];
    });
    assert.deepEqual(expressions, ["FILL(prod, REPEAT)", "FILL(staging, REPEAT)"]);
    const ids = metrics().flatMap((it) => options.safeParse(it.at(-1)).data?.id ?? []);
    assert.deepEqual(ids, ["prod", "staging"]);
  });

  it("shows the alarms that exist, without those of canaries", async () => {
    const shown = (it: Recording) =>
      bodyOf(it).widgets.flatMap((widget) =>
        widget.type === "alarm" ? widget.properties.alarms : [],
      );
    const withoutInvocations = deploy.prod.alarmArns.filter(
      (it) => !it.endsWith("-no-invocations"),
    );
    assert.equal(withoutInvocations.length, 2);
    assert.deepEqual(shown(recording), [...withoutInvocations, names.alarmArn]);
    const other = await recordDashboard({ noInvocationsMinutes: 60 });
    assert.deepEqual(shown(other), [...deploy.prod.alarmArns, names.alarmArn]);
  });
});

function recordDashboard(alarms: Partial<typeof defaults>): Promise<Recording> {
  return record(() => {
    dashboard(
      "deploy",
      {
        names: pulumi.output(names),
        settings: { alarms: { ...defaults, ...alarms } },
        title: "churn (dev)",
      },
      {},
    );
  });
}

function bodyOf(recording: Recording): z.output<typeof bodyShape> {
  const { dashboardBody } = recording.inputsOf("cloudwatch/Dashboard", "deploy-dashboard");
  return bodyShape.parse(JSON.parse(String(dashboardBody)));
}
