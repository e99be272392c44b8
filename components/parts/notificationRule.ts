import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface NotificationRuleArgs {
  /** Policies of role, topic and queue: EventBridge does not retry a call that lacks permission. */
  after: pulumi.Resource[];
  dlqArn: pulumi.Input<string>;
  notification: pulumi.Output<Notification>;
  roleArn: pulumi.Input<string>;
  tags: Record<string, string>;
  topicArn: pulumi.Input<string>;
}

interface Notification {
  description: string;
  lines: string[];
  paths: Record<string, string>;
  pattern: object;
  ruleName: string;
}

/** EventBridge rule that publishes text to SNS; undelivered events go to the dead-letter queue. */
export function notificationRule(
  name: string,
  { after, notification, tags, ...args }: NotificationRuleArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const rule = new aws.cloudwatch.EventRule(
    name,
    {
      name: notification.ruleName,
      description: notification.description,
      eventPattern: pulumi.jsonStringify(notification.pattern),
      tags,
    },
    opts,
  );
  new aws.cloudwatch.EventTarget(
    name,
    {
      rule: rule.name,
      targetId: "notifications",
      arn: args.topicArn,
      roleArn: args.roleArn,
      // Retry for one hour; after that the event goes to the dead-letter queue, which has an alarm.
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 24 },
      deadLetterConfig: { arn: args.dlqArn },
      inputTransformer: {
        inputPaths: notification.paths,
        // EventBridge requires quotes around each line of text, and delivers the quotes too.
        // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
        inputTemplate: notification.lines.apply((lines) =>
          lines.map((line) => JSON.stringify(line)).join("\n"),
        ),
      },
    },
    // Without these policies, an event goes to the queue or is lost.
    pulumi.mergeOptions(opts, { dependsOn: after }),
  );
}
