import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface SubscriptionArgs {
  /** An address for `email`, a queue ARN for `sqs`. */
  endpoint: pulumi.Input<string>;
  protocol: "email" | "sqs";
  topicArn: pulumi.Input<string>;
}

/**
 * SNS subscription. SNS sends nothing to an email address until its owner confirms it.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
 */
export function subscription(
  name: string,
  { endpoint, protocol, topicArn }: SubscriptionArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  // A queue receives only the text, without the JSON envelope of SNS.
  const delivery = protocol === "sqs" ? { rawMessageDelivery: true } : {};
  new aws.sns.TopicSubscription(name, { topic: topicArn, protocol, endpoint, ...delivery }, opts);
}
