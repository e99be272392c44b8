import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface MessageTopicArgs {
  /** Shown as the sender of a mail; at most 100 characters. */
  displayName: string;
  keyArn: pulumi.Input<string>;
  policy: pulumi.Input<aws.iam.PolicyDocument>;
  tags: Record<string, string>;
  topicName: pulumi.Input<string>;
}

/** A topic, and the policy that keeps others from publishing to it. */
export interface MessageTopic {
  arn: pulumi.Output<string>;
  policy: aws.sns.TopicPolicy;
}

/** An encrypted topic with its policy. */
export function messageTopic(
  name: string,
  { displayName, keyArn, policy, tags, topicName }: MessageTopicArgs,
  opts: pulumi.CustomResourceOptions,
): MessageTopic {
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
