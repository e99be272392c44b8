import * as pulumi from "@pulumi/pulumi";

import { buildNotifications } from "./buildNotifications";
import type { Names } from "../names/names";
import { metricAlarm } from "../parts/metricAlarm";
import { notificationTopic } from "../parts/notificationTopic";
import { serviceRole } from "../parts/serviceRole";
import { subscription } from "../parts/subscription";
import { topicPolicy } from "../policies/messaging";
import { notificationsRolePolicy } from "../policies/buildRoles";
import { notificationsTrustPolicy } from "../policies/trust";
import type { Settings } from "../validation/resolveSettings";
import { notificationRule } from "../shared/notificationRule";

interface NotificationsArgs {
  description: string;
  dlqArn: pulumi.Input<string>;
  keyArn: pulumi.Input<string>;
  names: pulumi.Output<Names>;
  settings: Settings;
  tags: Record<string, string>;
}

interface AlarmArgs extends Pick<NotificationsArgs, "names" | "tags"> {
  /** Display name of the project, for example `churn (dev)`. */
  project: string;
  /** ARN of the notification topic, after its policy: without it, the action fails. */
  topicArn: pulumi.Input<string>;
}

/** SNS topic of the notifications, with rules, alarm and subscriptions. Returns the topic ARN. */
export function notifications(
  name: string,
  { description, dlqArn, keyArn, names, settings, tags }: NotificationsArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const project = `${settings.projectName} (${settings.projectId})`;
  const { waitForTraining } = settings.build;
  const { emails, executionRole: hasExecutionRole, queueArns } = settings.notifications;
  const hasDeployment = settings.deployment;

  const topicArn = notificationTopic(
    `${name}-notifications`,
    {
      displayName: project,
      keyArn,
      policy: names.apply((it) => topicPolicy(it, { hasDeployment, hasExecutionRole })),
      tags,
      topicName: names.topic,
    },
    opts,
  );
  const roleArn = hasExecutionRole
    ? serviceRole(
        `${name}-notifications-role`,
        {
          description,
          permissionsBoundary: settings.permissionsBoundaryArn,
          policy: names.apply((it) => notificationsRolePolicy(it, keyArn)),
          roleName: names.notificationsRole,
          tags,
          trust: names.apply((it) => notificationsTrustPolicy(it, hasDeployment)),
        },
        opts,
      )
    : undefined;
  const ruleArgs = { accountId: names.accountId, dlqArn, roleArn, tags, topicArn };
  for (const [kind, notificationOf] of Object.entries(buildNotifications)) {
    const notification = names.apply((resolved) =>
      notificationOf({ names: resolved, project, waitForTraining }),
    );
    notificationRule(`${name}-${kind}`, { ...ruleArgs, notification }, opts);
  }
  undeliveredEventsAlarm(`${name}-undelivered-events`, { names, project, tags, topicArn }, opts);

  // Logical name from the address: a reordered list replaces no subscription, which would need a
  // new confirmation.
  for (const email of emails)
    subscription(`${name}-email-${email}`, { endpoint: email, protocol: "email", topicArn }, opts);
  queueArns.forEach((endpoint, index) => {
    subscription(`${name}-queue-${String(index)}`, { endpoint, protocol: "sqs", topicArn }, opts);
  });
  return topicArn;
}

/**
 * CloudWatch alarm: in ALARM while the DLQ is not empty. CloudWatch publishes to the
 * topic, not an EventBridge rule, whose own undelivered notifications the alarm reports.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
 */
function undeliveredEventsAlarm(
  name: string,
  { names, project, tags, topicArn }: AlarmArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  metricAlarm(
    name,
    {
      alarmName: names.alarm,
      description: pulumi.interpolate`Event of ${project} was not delivered: a push or an approval started no pipeline, or a notification was not sent. Next: read the events in the dead-letter queue, act on them, and delete them from the queue. Link: ${names.queueConsoleUrl}`,
      dimensions: { QueueName: names.queue },
      metricName: "ApproximateNumberOfMessagesVisible",
      namespace: "AWS/SQS",
      // Longer than the visibility timeout: reading a message must not end the alarm.
      period: 300,
      statistic: "Maximum",
      tags,
      threshold: 0,
      topicArn,
      // SQS publishes no metrics for an inactive queue.
      treatMissingData: "notBreaching",
    },
    opts,
  );
}
