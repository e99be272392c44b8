import type * as pulumi from "@pulumi/pulumi";

import type { Names } from "../names/names";
import { eventRule } from "../parts/eventRule";

/** A notification: the EventBridge pattern that triggers it, and its text. */
export interface Notification {
  /** Description of the EventBridge rule. */
  description: string;
  /** Lines of text; `<name>` is replaced by the value that `paths` finds in the event, or by nothing. */
  lines: string[];
  /** JSON path in the event for each `<name>`. */
  paths: Record<string, string>;
  pattern: object;
  ruleName: string;
}

/** Project and names that a notification mentions. */
export interface NotificationSubject {
  names: Names;
  /** Display name of the project, for example `churn (dev)`. */
  project: string;
}

interface NotificationRuleArgs {
  accountId: pulumi.Input<string>;
  dlqArn: pulumi.Input<string>;
  notification: pulumi.Output<Notification>;
  /** Execution role; without one, EventBridge publishes as a service. */
  roleArn: pulumi.Input<string> | undefined;
  tags: Record<string, string>;
  topicArn: pulumi.Input<string>;
}

/** EventBridge rule that publishes text to SNS; undelivered events go to the DLQ. */
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
