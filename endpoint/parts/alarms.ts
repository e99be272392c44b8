import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { VARIANT } from "./variant";

interface AlarmsArgs {
  endpointName: string;
  /** More errors of the model in a minute are too many. */
  maximumErrors: number;
  /** A mean latency above it, two minutes long, is too slow. */
  maximumLatencyMilliseconds: number;
  tags: Record<string, string>;
}

/** The two alarms that end a deployment: the model fails, or it is slow. */
export function alarms(
  { endpointName, maximumErrors, maximumLatencyMilliseconds, tags }: AlarmsArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm[] {
  const alarm = (
    name: string,
    args: Omit<aws.cloudwatch.MetricAlarmArgs, "comparisonOperator"> & {
      evaluationPeriods: number;
    },
  ) =>
    new aws.cloudwatch.MetricAlarm(
      name,
      {
        ...args,
        name: `${endpointName}-${name}`,
        namespace: "AWS/SageMaker",
        dimensions: { EndpointName: endpointName, VariantName: VARIANT },
        comparisonOperator: "GreaterThanThreshold",
        period: 60,
        // SageMaker sends no numbers for an endpoint that nobody calls.
        treatMissingData: "notBreaching",
        tags,
      },
      opts,
    );
  return [
    alarm("errors", {
      alarmDescription: `Invocations of ${endpointName} fail: a deployment in progress is rolled back`,
      metricName: "Invocation5XXErrors",
      statistic: "Sum",
      threshold: maximumErrors,
      evaluationPeriods: 1,
    }),
    alarm("latency", {
      alarmDescription: `Invocations of ${endpointName} are slow: a deployment in progress is rolled back`,
      metricName: "ModelLatency",
      statistic: "Average",
      // The metric counts microseconds.
      threshold: maximumLatencyMilliseconds * 1000,
      // The first calls of a fresh instance may be slow.
      evaluationPeriods: 2,
    }),
  ];
}
