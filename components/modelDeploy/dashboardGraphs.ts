import type { Names } from "../names/names";
import type { DeploySettings } from "../validation/resolveSettings";

/** Display options of a metric, or a math expression; metrics of an expression have an ID. */
interface MetricOptions {
  expression?: string;
  id?: string;
  label?: string;
  stat?: string;
  visible?: boolean;
}

/** Namespace, metric name, name and value of each dimension, options; or only an expression. */
type Metric = (string | MetricOptions)[];

/** Properties of a metric widget. */
export interface Graph {
  annotations?: { horizontal: { label: string; value: number }[] };
  metrics: Metric[];
  period: number;
  region: string;
  stat: string;
  start?: string;
  title: string;
  view: "timeSeries";
  yAxis: { left: { label: string; min: number; showUnits: false } };
}

/** Traffic and errors of both endpoints. */
export function endpointGraphs(names: Names, { maximumErrors }: DeploySettings["alarms"]): Graph[] {
  return [
    // The requests of a canary are invocations like any other.
    graph(names, "Invocations in a minute, including canaries", "invocations", {
      metrics: endpointMetrics(names, "Invocations"),
    }),
    graph(names, "Errors in a minute", "errors", {
      annotations: alarmLimit(maximumErrors),
      metrics: [
        ...endpointMetrics(names, "Invocation5XXErrors", { label: "server errors" }),
        ...endpointMetrics(names, "Invocation4XXErrors", { label: "client errors" }),
      ],
    }),
  ];
}

/** Latency of the models, without the time that SageMaker adds. */
export function latencyGraph(
  names: Names,
  { maximumLatencyMilliseconds }: DeploySettings["alarms"],
): Graph {
  return graph(names, "Model latency", "microseconds", {
    annotations: alarmLimit(maximumLatencyMilliseconds * 1000),
    metrics: ["p50", "p95"].flatMap((stat) =>
      endpointMetrics(names, "ModelLatency", { label: stat, stat }),
    ),
  });
}

/** A deployment sends its version once: the line continues until the next deployment. */
export function versionGraph(names: Names): Graph {
  const { prod, staging } = names.deploy;
  const sent = [prod, staging].map(({ metricNamespace, stage }): Metric => [
    metricNamespace,
    "ModelVersion",
    { id: stage, visible: false },
  ]);
  const continued = [prod, staging].map(({ stage }): Metric => [
    { expression: `FILL(${stage}, REPEAT)`, label: stage },
  ]);
  return graph(names, "Deployed model version", "version", {
    metrics: [...sent, ...continued],
    period: 3600,
    start: "-P3M",
    stat: "Maximum",
  });
}

/** Results of both pipelines. CodePipeline has no metrics in the partitions of China and GovCloud. */
export function pipelineGraphs(names: Names): Graph[] {
  const { deploy, pipeline, queue } = names;
  const builds = [
    names.buildProject,
    ...[deploy.queue, deploy.staging, deploy.test, deploy.prod].map(({ project }) => project),
  ];
  const of = (namespace: string, metric: string, dimension: string, values: string[]) =>
    values.map((value): Metric => [namespace, metric, dimension, value, { label: value }]);
  return [
    ...["Succeeded", "Failed"].map((result) =>
      graph(names, `${result} builds in an hour`, "builds", {
        metrics: of("AWS/CodeBuild", `${result}Builds`, "ProjectName", builds),
        period: 3600,
      }),
    ),
    graph(names, "Failed pipeline executions in an hour", "executions", {
      metrics: of("AWS/CodePipeline", "FailedPipelineExecutions", "PipelineName", [
        pipeline,
        deploy.pipeline,
      ]),
      period: 3600,
    }),
    graph(names, "Undelivered events in the queue", "messages", {
      metrics: of("AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", [queue]),
      period: 300,
      stat: "Maximum",
    }),
  ];
}

/** Metric of both endpoints, labelled with the stage. */
function endpointMetrics(
  { deploy }: Names,
  metric: string,
  { label, ...options }: MetricOptions = {},
): Metric[] {
  return [deploy.prod, deploy.staging].map(({ endpoint, stage }) => [
    "AWS/SageMaker",
    metric,
    "EndpointName",
    endpoint,
    "VariantName",
    "AllTraffic",
    { ...options, label: label === undefined ? stage : `${stage} ${label}` },
  ]);
}

/** Line at the threshold of an alarm of production. */
function alarmLimit(value: number): Graph["annotations"] {
  return { horizontal: [{ label: "limit of the alarm", value }] };
}

function graph(
  { region }: Names,
  title: string,
  unit: string,
  graphed: Partial<Graph> & Pick<Graph, "metrics">,
): Graph {
  return {
    period: 60,
    region,
    stat: "Sum",
    title,
    view: "timeSeries",
    yAxis: { left: { label: unit, min: 0, showUnits: false } },
    ...graphed,
  };
}
