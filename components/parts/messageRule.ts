import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface MessageRuleArgs {
  deadLetters: { arn: pulumi.Input<string>; policy: pulumi.Resource };
  message: pulumi.Output<Message>;
  role: { arn: pulumi.Input<string>; policy: pulumi.Resource };
  tags: Record<string, string>;
  topic: { arn: pulumi.Input<string>; policy: pulumi.Resource };
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
  { deadLetters, message, role, tags, topic }: MessageRuleArgs,
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
      arn: topic.arn,
      roleArn: role.arn,
      // An hour late is still news; after that, the queue tells.
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 24 },
      deadLetterConfig: { arn: deadLetters.arn },
      inputTransformer: {
        inputPaths: message.paths,
        // EventBridge takes text only in quotes, line by line, and the quotes arrive with it.
        inputTemplate: message.lines.apply((lines) =>
          lines.map((line) => JSON.stringify(line)).join("\n"),
        ),
      },
    },
    // A missing permission is not retried: a message in that moment would go to the queue, or be lost.
    pulumi.mergeOptions(opts, { dependsOn: [role.policy, topic.policy, deadLetters.policy] }),
  );
}
