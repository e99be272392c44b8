import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface SubscriptionArgs {
  /** An address for `email`, a queue's ARN for `sqs`. */
  endpoint: pulumi.Input<string>;
  protocol: "email" | "sqs";
  topicArn: pulumi.Input<string>;
}

/** Who hears of a topic's messages. A mail address hears nothing before its owner has confirmed it. */
export function subscription(
  name: string,
  { endpoint, protocol, topicArn }: SubscriptionArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  // A queue gets the text alone, as people read it.
  const form = protocol === "sqs" ? { rawMessageDelivery: true } : {};
  new aws.sns.TopicSubscription(name, { topic: topicArn, protocol, endpoint, ...form }, opts);
}
