import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface MetricAlarmArgs {
  alarmName: pulumi.Input<string>;
  /** `LessThanThreshold` for a minimum. @default "GreaterThanThreshold" */
  comparisonOperator?: string;
  /** Breaching datapoints of the evaluation periods. @default - all */
  datapointsToAlarm?: number;
  /** Subject, fact and next step: an email about the alarm shows this text. */
  description: pulumi.Input<string>;
  dimensions?: Record<string, pulumi.Input<string>>;
  /** @default 1 */
  evaluationPeriods?: number;
  metricName: string;
  namespace: pulumi.Input<string>;
  /** Seconds. */
  period: number;
  statistic: string;
  tags: Record<string, string>;
  threshold: number;
  /** SNS topic that CloudWatch notifies when the alarm goes into ALARM. @default - no action */
  topicArn?: pulumi.Input<string>;
  treatMissingData: string;
}

/** CloudWatch alarm on one metric. */
export function metricAlarm(
  name: string,
  { alarmName, description, topicArn, ...args }: MetricAlarmArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  new aws.cloudwatch.MetricAlarm(
    name,
    {
      comparisonOperator: "GreaterThanThreshold",
      evaluationPeriods: 1,
      ...args,
      ...(topicArn === undefined ? {} : { alarmActions: [topicArn] }),
      alarmDescription: description,
      name: alarmName,
    },
    opts,
  );
}
