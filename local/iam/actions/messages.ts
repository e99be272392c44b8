import type { RequiredAction } from "../contract";
import type { Call } from "../call";
import {
  arn,
  arnFor,
  each,
  type Ground,
  itself,
  named,
  type Table,
  text,
  usesOfKey,
} from "./placing";

/** SNS and SQS: a message on an encrypted topic or queue is encrypted with the rights of who sends it. */
export const messages: Table = {
  "sns:Publish": async (call, ground) => {
    const topic = text(call, "TopicArn", "TargetArn");
    const key = await ground.keys.ofTopic(topic);
    const context = { "kms:EncryptionContext:aws:sns:topicArn": topic };
    return [
      itself(call, topic),
      ...usesOfKey(ground, "sns", key, ["GenerateDataKey", "Decrypt"], context),
    ];
  },
  ...each("sns", ["GetTopicAttributes", "ListSubscriptionsByTopic"], named("", "TopicArn")),
  "sqs:ReceiveMessage": (call, ground) => onQueue(call, ground, ["Decrypt"]),
  "sqs:SendMessage": (call, ground) => onQueue(call, ground, ["GenerateDataKey", "Decrypt"]),
  ...each("sqs", ["DeleteMessage", "GetQueueAttributes"], (call, ground) => [
    itself(call, queueOf(call, ground)),
  ]),
  "sqs:GetQueueUrl": (call, ground) => [itself(call, arnFor(call, ground, "", "QueueName"))],
};

async function onQueue(
  call: Call,
  ground: Ground,
  onKey: readonly string[],
): Promise<RequiredAction[]> {
  const queue = queueOf(call, ground);
  const context = { "kms:EncryptionContext:aws:sqs:arn": queue };
  return [
    itself(call, queue),
    ...usesOfKey(ground, "sqs", await ground.keys.ofQueue(queue), onKey, context),
  ];
}

/** A queue's address ends in account and name. */
function queueOf(call: Call, ground: Ground): string {
  const [, accountId, name] = /\/(\d{12})\/([^/]+)$/.exec(text(call, "QueueUrl")) ?? [];
  if (accountId === undefined || name === undefined)
    throw new Error("the URL of the queue is unknown");
  return arn({ ...ground, accountId }, "sqs", name);
}
