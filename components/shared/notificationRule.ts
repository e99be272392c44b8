import type * as pulumi from "@pulumi/pulumi";

import type { Notification } from "../modelBuild/buildNotifications";
import { eventRule } from "../parts/eventRule";

interface NotificationRuleArgs {
  dlqArn: pulumi.Input<string>;
  notification: pulumi.Output<Notification>;
  roleArn: pulumi.Input<string>;
  tags: Record<string, string>;
  topicArn: pulumi.Input<string>;
}

/** EventBridge rule that publishes text to SNS; undelivered events go to the dead-letter queue. */
export function notificationRule(
  name: string,
  { notification, topicArn, ...args }: NotificationRuleArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  eventRule(
    name,
    {
      ...args,
      description: notification.description,
      inputPaths: notification.paths,
      // EventBridge requires quotes around each line of text, and delivers the quotes too.
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
      inputTemplate: notification.lines.apply((lines) =>
        lines.map((line) => JSON.stringify(line)).join("\n"),
      ),
      pattern: notification.pattern,
      ruleName: notification.ruleName,
      targetArn: topicArn,
      targetId: "notifications",
    },
    opts,
  );
}
