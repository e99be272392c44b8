import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

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

/**
 * SNS topic, encrypted, with a topic policy that denies other publishers.
 * Returns the ARN of the topic after the policy.
 */
export function notificationTopic(
  name: string,
  { displayName, keyArn, policy, tags, topicName }: NotificationTopicArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const topic = new aws.sns.Topic(
    name,
    { name: topicName, displayName, kmsMasterKeyId: keyArn, tags },
    opts,
  );
  const access = new aws.sns.TopicPolicy(name, { arn: topic.arn, policy }, opts);
  // The URN adds the dependency. Unlike the ID, a preview knows it.
  return pulumi.all([topic.arn, access.urn]).apply(([arn]) => arn);
}
