import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface DeadLetterAlarmArgs {
  alarmName: pulumi.Input<string>;
  description: string;
  queueName: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** An alarm for as long as the queue holds anything. It does nothing itself: EventBridge hears of its changes. */
export function deadLetterAlarm(
  name: string,
  { alarmName, description, queueName, tags }: DeadLetterAlarmArgs,
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
      // Longer than a message stays invisible to others after somebody looked at it, which would else end the alarm.
      period: 300,
      evaluationPeriods: 1,
      // SQS sends no numbers for a queue that nobody uses.
      treatMissingData: "notBreaching",
      tags,
    },
    opts,
  );
}
