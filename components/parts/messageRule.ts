import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface MessageRuleArgs {
  /** What lets messages through and keeps those that are not: a missing permission is not retried. */
  after: pulumi.Resource[];
  deadLetterArn: pulumi.Input<string>;
  message: pulumi.Output<Message>;
  roleArn: pulumi.Input<string>;
  tags: Record<string, string>;
  topicArn: pulumi.Input<string>;
}

interface Message {
  description: string;
  lines: string[];
  paths: Record<string, string>;
  pattern: object;
  ruleName: string;
}

/** Tells people of events in sentences, on the topic; a message that cannot be delivered is kept. */
export function messageRule(
  name: string,
  { after, message, tags, ...args }: MessageRuleArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const rule = new aws.cloudwatch.EventRule(
    name,
    {
      name: message.ruleName,
      description: message.description,
      eventPattern: pulumi.jsonStringify(message.pattern),
      tags,
    },
    opts,
  );
  new aws.cloudwatch.EventTarget(
    name,
    {
      rule: rule.name,
      targetId: "people",
      arn: args.topicArn,
      roleArn: args.roleArn,
      // An hour late is still news; after that, the queue tells.
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 24 },
      deadLetterConfig: { arn: args.deadLetterArn },
      inputTransformer: {
        inputPaths: message.paths,
        // EventBridge takes text only in quotes, line by line, and the quotes arrive with it.
        inputTemplate: message.lines.apply((lines) =>
          lines.map((line) => JSON.stringify(line)).join("\n"),
        ),
      },
    },
    // A message before that would go to the queue, or be lost.
    pulumi.mergeOptions(opts, { dependsOn: after }),
  );
}
