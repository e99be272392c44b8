import type * as pulumi from "@pulumi/pulumi";

import { messages } from "./messages";
import type { Names } from "./names";
import { deadLetterAlarm } from "./parts/deadLetterAlarm";
import type { DeadLetterQueue } from "./parts/deadLetterQueue";
import { messageRule } from "./parts/messageRule";
import { messageTopic } from "./parts/messageTopic";
import { serviceRole } from "./parts/serviceRole";
import { subscription } from "./parts/subscription";
import { topicPolicy } from "./policies/resources";
import { tellPeople } from "./policies/roles";
import { trustMessages } from "./policies/trust";
import type { Settings } from "./settings";

interface NotificationsArgs {
  deadLetters: DeadLetterQueue;
  description: string;
  keyArn: pulumi.Input<string>;
  names: pulumi.Output<Names>;
  settings: Settings;
  tags: Record<string, string>;
}

/** The topic that tells people what went wrong and what waits for them, its rules, and who subscribes; its ARN. */
export function notifications(
  name: string,
  { deadLetters, description, keyArn, names, settings, tags }: NotificationsArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const project = `${settings.projectName} (${settings.projectId})`;
  const { waitForTraining } = settings.build;

  const topic = messageTopic(
    `${name}-messages`,
    {
      displayName: project,
      keyArn,
      policy: names.apply(topicPolicy),
      tags,
      topicName: names.topic,
    },
    opts,
  );
  const role = serviceRole(
    `${name}-messages-role`,
    {
      description,
      permissionsBoundary: settings.permissionsBoundaryArn,
      policy: names.apply((it) => tellPeople(it, keyArn)),
      roleName: names.messageRole,
      tags,
      trust: names.apply((it) => trustMessages(it, settings.deployment)),
    },
    opts,
  );
  for (const [kind, messageOn] of Object.entries(messages)) {
    const message = names.apply((it) => messageOn({ names: it, project, waitForTraining }));
    messageRule(
      `${name}-on-${kind}`,
      {
        after: [role.policy, topic.policy, deadLetters.policy],
        deadLetterArn: deadLetters.arn,
        message,
        roleArn: role.arn,
        tags,
        topicArn: topic.arn,
      },
      opts,
    );
  }
  deadLetterAlarm(
    `${name}-undelivered`,
    {
      alarmName: names.alarm,
      description: `An event of ${project} could not be delivered`,
      queueName: names.queue,
      tags,
    },
    opts,
  );

  const { emails, queueArns } = settings.notifications;
  // Named after the address: a list in another order must not make people confirm again.
  for (const email of emails)
    subscription(
      `${name}-mail-${email}`,
      { endpoint: email, protocol: "email", topicArn: topic.arn },
      opts,
    );
  queueArns.forEach((endpoint, index) => {
    subscription(
      `${name}-queue-${String(index)}`,
      { endpoint, protocol: "sqs", topicArn: topic.arn },
      opts,
    );
  });
  return topic.arn;
}
