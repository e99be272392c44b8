import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface NotificationTopicArgs {
  /**
   * Sender name of the emails; at most 100 characters.
   * @see https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
   */
  displayName: string;
  keyArn: pulumi.Input<string>;
  policy: pulumi.Input<aws.iam.PolicyDocument>;
  tags: Record<string, string>;
  topicName: pulumi.Input<string>;
}

/** SNS topic, and its policy: it denies other publishers. */
export interface NotificationTopic {
  arn: pulumi.Output<string>;
  policy: aws.sns.TopicPolicy;
}

/** SNS topic, encrypted, with a topic policy. */
export function notificationTopic(
  name: string,
  { displayName, keyArn, policy, tags, topicName }: NotificationTopicArgs,
  opts: pulumi.CustomResourceOptions,
): NotificationTopic {
  const topic = new aws.sns.Topic(
    name,
    { name: topicName, displayName, kmsMasterKeyId: keyArn, tags },
    opts,
  );

  return {
    arn: topic.arn,
    policy: new aws.sns.TopicPolicy(name, { arn: topic.arn, policy }, opts),
  };
}
