import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface UndeliveredEventsQueueArgs {
  keyArn: pulumi.Input<string>;
  policy: pulumi.Input<aws.iam.PolicyDocument>;
  queueName: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** SQS queue, and its policy: without it, EventBridge drops undelivered events. */
export interface UndeliveredEventsQueue {
  arn: pulumi.Output<string>;
  policy: aws.sqs.QueuePolicy;
}

/**
 * SQS queue for undelivered events, encrypted. Messages are retained for 14 days, the maximum.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export function undeliveredEventsQueue(
  name: string,
  { keyArn, policy, queueName, tags }: UndeliveredEventsQueueArgs,
  opts: pulumi.CustomResourceOptions,
): UndeliveredEventsQueue {
  const queue = new aws.sqs.Queue(
    name,
    { name: queueName, kmsMasterKeyId: keyArn, messageRetentionSeconds: 1209600, tags },
    opts,
  );

  return {
    arn: queue.arn,
    policy: new aws.sqs.QueuePolicy(name, { queueUrl: queue.url, policy }, opts),
  };
}
