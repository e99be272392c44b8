import type { Attachment } from "../attachment";
import { deniesInsecureTransport } from "../policyDocument";
import { findMissing } from "../requiredSetting";
import { type Resource, unknownValue } from "../resource";
import type { ResourceRule, StackRule } from "../rule";

const TOPIC = "aws:sns/topic:Topic";
const QUEUE = "aws:sqs/queue:Queue";

/**
 * SNS topic: encryption with a KMS key.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/sns-controls.html#sns-1
 */
export const snsTopicEncryption: ResourceRule = {
  name: "sns-topic-encryption",
  description: "An SNS topic encrypts its messages with a KMS key.",
  controls: ["SNS.1"],
  types: [TOPIC],
  inputs: ["kmsMasterKeyId"],
  problems: ({ props }) =>
    isSetOrUnknown(props.kmsMasterKeyId)
      ? []
      : [
          "The topic does not encrypt its messages. Set kmsMasterKeyId to a KMS key whose policy " +
            "allows the publishers to use it.",
        ],
};

/**
 * SQS queue: encryption with a KMS key or by SQS (SSE-SQS).
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/sqs-controls.html#sqs-1
 */
export const sqsQueueEncryption: ResourceRule = {
  name: "sqs-queue-encryption",
  description: "An SQS queue encrypts its messages with a KMS key or with SSE-SQS.",
  controls: ["SQS.1"],
  types: [QUEUE],
  inputs: ["kmsMasterKeyId", "sqsManagedSseEnabled"],
  problems: ({ props: { kmsMasterKeyId, sqsManagedSseEnabled } }) =>
    isSetOrUnknown(kmsMasterKeyId) ||
    [true, unknownValue].some((value) => value === sqsManagedSseEnabled)
      ? []
      : [
          "The queue has no encryption setting. Set kmsMasterKeyId to a KMS key, or " +
            "sqsManagedSseEnabled to true.",
        ],
};

/** SNS topic policy: denies `sns:Publish` without TLS. */
export const snsTopicTlsOnly: StackRule = {
  name: "sns-topic-tls-only",
  description: "An SNS topic policy denies sns:Publish without TLS.",
  controls: { none: "No control checks TLS in a topic policy." },
  findings: (resources) =>
    tlsOnlyFindings(TOPIC, resources, "sns:Publish", {
      types: ["aws:sns/topicPolicy:TopicPolicy"],
      reference: "arn",
      ownerProperties: ["arn", "id"],
    }),
};

/** SQS queue policy: denies `sqs:SendMessage` without TLS. */
export const sqsQueueTlsOnly: StackRule = {
  name: "sqs-queue-tls-only",
  description: "An SQS queue policy denies sqs:SendMessage without TLS.",
  controls: { none: "No control checks TLS in a queue policy." },
  findings: (resources) =>
    tlsOnlyFindings(QUEUE, resources, "sqs:SendMessage", {
      types: ["aws:sqs/queuePolicy:QueuePolicy"],
      reference: "queueUrl",
      ownerProperties: ["url", "id"],
    }),
};

function tlsOnlyFindings(
  type: string,
  resources: readonly Resource[],
  action: string,
  attachment: Attachment,
) {
  const owners = resources.filter((resource) => resource.type === type);
  return findMissing(owners, resources, {
    attachment,
    isSatisfiedBy: ({ props }) =>
      props.policy === unknownValue || deniesInsecureTransport(props.policy, action),
    isSatisfiedInline: ({ props }) => deniesInsecureTransport(props.policy, action),
    message:
      `The ${type === TOPIC ? "topic" : "queue"} accepts messages without TLS. Deny ${action} to all ` +
      'principals in its policy if aws:SecureTransport is "false".',
  });
}

function isSetOrUnknown(value: unknown): boolean {
  return value === unknownValue || (typeof value === "string" && value !== "");
}
