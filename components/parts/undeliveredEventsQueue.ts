import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface UndeliveredEventsQueueArgs {
  keyArn: pulumi.Input<string>;
  policy: pulumi.Input<aws.iam.PolicyDocument>;
  queueName: pulumi.Input<string>;
  tags: Record<string, string>;
}

/**
 * SQS queue for undelivered events, encrypted. Messages are retained for 14 days, the maximum.
 * Returns the ARN of the queue after its policy: without it, EventBridge drops undelivered events.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export function undeliveredEventsQueue(
  name: string,
  { keyArn, policy, queueName, tags }: UndeliveredEventsQueueArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const queue = new aws.sqs.Queue(
    name,
    { name: queueName, kmsMasterKeyId: keyArn, messageRetentionSeconds: 1209600, tags },
    opts,
  );
  const access = new aws.sqs.QueuePolicy(name, { queueUrl: queue.url, policy }, opts);
  // The URN adds the dependency. Unlike the ID, a preview knows it.
  return pulumi.all([queue.arn, access.urn]).apply(([arn]) => arn);
}
