import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface UndeliveredEventsAlarmArgs {
  alarmName: pulumi.Input<string>;
  description: string;
  queueName: pulumi.Input<string>;
  tags: Record<string, string>;
}

/**
 * CloudWatch alarm: in ALARM while the queue is not empty.
 * It has no actions: an EventBridge rule matches its state changes.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
 */
export function undeliveredEventsAlarm(
  name: string,
  { alarmName, description, queueName, tags }: UndeliveredEventsAlarmArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  new aws.cloudwatch.MetricAlarm(
    name,
    {
      name: alarmName,
      alarmDescription: description,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: queueName },
      statistic: "Maximum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      // Longer than the visibility timeout: reading a message must not end the alarm.
      period: 300,
      evaluationPeriods: 1,
      // SQS publishes no metrics for an inactive queue.
      treatMissingData: "notBreaching",
      tags,
    },
    opts,
  );
}
