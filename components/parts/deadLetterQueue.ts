import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface DeadLetterQueueArgs {
  keyArn: pulumi.Input<string>;
  policy: pulumi.Input<aws.iam.PolicyDocument>;
  queueName: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** A queue, and the policy without which EventBridge drops what it cannot deliver. */
export interface DeadLetterQueue {
  arn: pulumi.Output<string>;
  policy: aws.sqs.QueuePolicy;
}

/** An encrypted queue for events that could not be delivered, kept as long as SQS can: 14 days. */
export function deadLetterQueue(
  name: string,
  { keyArn, policy, queueName, tags }: DeadLetterQueueArgs,
  opts: pulumi.CustomResourceOptions,
): DeadLetterQueue {
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
