import type { Attachment } from "../attached";
import { lacking } from "../companion";
import { type Resource, notYet } from "../resource";
import type { ResourceRule, StackRule } from "../rule";
import { refusesPlainHttp } from "../transport";

const TOPIC = "aws:sns/topic:Topic";
const QUEUE = "aws:sqs/queue:Queue";

/** Messages of a topic are encrypted. */
export const encryptedTopic: ResourceRule = {
  name: "topics-are-encrypted",
  description: "An SNS topic encrypts its messages.",
  types: [TOPIC],
  reads: ["kmsMasterKeyId"],
  problems: ({ props }) =>
    isGiven(props.kmsMasterKeyId)
      ? []
      : [
          "Messages lie in clear. Set kmsMasterKeyId to a key whose policy lets the publishers use it.",
        ],
};

/** Messages of a queue are encrypted. */
export const encryptedQueue: ResourceRule = {
  name: "queues-are-encrypted",
  description: "An SQS queue says how it encrypts its messages.",
  types: [QUEUE],
  reads: ["kmsMasterKeyId", "sqsManagedSseEnabled"],
  problems: ({ props: { kmsMasterKeyId, sqsManagedSseEnabled } }) =>
    isGiven(kmsMasterKeyId) || [true, notYet].some((it) => it === sqsManagedSseEnabled)
      ? []
      : [
          "The queue names no encryption. Set kmsMasterKeyId to a key, or sqsManagedSseEnabled to true.",
        ],
};

/** Nobody publishes to a topic without TLS. */
export const tlsOnlyTopics: StackRule = {
  name: "topics-want-tls",
  description: "Every SNS topic's policy denies publishing without TLS.",
  findings: (resources) =>
    tlsOnly(TOPIC, resources, "sns:Publish", {
      types: ["aws:sns/topicPolicy:TopicPolicy"],
      by: "arn",
      names: ["arn", "id"],
    }),
};

/** Nobody sends to a queue without TLS. */
export const tlsOnlyQueues: StackRule = {
  name: "queues-want-tls",
  description: "Every SQS queue's policy denies sending without TLS.",
  findings: (resources) =>
    tlsOnly(QUEUE, resources, "sqs:SendMessage", {
      types: ["aws:sqs/queuePolicy:QueuePolicy"],
      by: "queueUrl",
      names: ["url", "id"],
    }),
};

function tlsOnly(
  type: string,
  resources: readonly Resource[],
  action: string,
  attachment: Attachment,
) {
  const owners = resources.filter((one) => one.type === type);
  return lacking(owners, resources, {
    attachment,
    holds: ({ props }) => props.policy === notYet || refusesPlainHttp(props.policy, action),
    alone: ({ props }) => refusesPlainHttp(props.policy, action),
    message: `It takes messages without TLS. Deny everyone ${action} in its policy where aws:SecureTransport is "false".`,
  });
}

function isGiven(value: unknown): boolean {
  return value === notYet || (typeof value === "string" && value !== "");
}
