import type { QueueAttributeName, SQS } from "@aws-sdk/client-sqs";
import { z } from "zod";

import { lazy, unlessGone } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler } from "../handler";
import type { Handler } from "../handler";
import { tagChanges, tagsInput } from "../tags";

const queueInputs = z.strictObject({
  name: z.string(),
  kmsMasterKeyId: z.string().optional(),
  sqsManagedSseEnabled: z.boolean().optional(),
  kmsDataKeyReusePeriodSeconds: z.number().default(300),
  messageRetentionSeconds: z.number().default(345_600),
  tags: tagsInput,
});

/** SQS queues and their policies. */
export function sqsHandlers(options: ClientOptions): readonly Handler[] {
  const sqs = lazy(
    async () =>
      // A queue's URL is only a name here: calls go to the one loopback endpoint.
      new (await import("@aws-sdk/client-sqs")).SQS({ ...options, useQueueUrlAsEndpoint: false }),
  );
  return [queueHandler(sqs), queuePolicyHandler(sqs)];
}

function queueHandler(sqs: () => Promise<SQS>): Handler {
  return defineHandler({
    type: "aws:sqs/queue:Queue",
    inputs: queueInputs,
    replaceOn: ["name"],
    // On for a queue without a key.
    computed: ["sqsManagedSseEnabled"],

    async create(inputs) {
      const { QueueUrl = "" } = await (
        await sqs()
      ).createQueue({
        QueueName: inputs.name,
        Attributes: queueAttributes(inputs),
        tags: inputs.tags,
      });
      return QueueUrl;
    },

    async read(id) {
      const attributes = await attributesOf(await sqs(), id);
      if (attributes === undefined) return undefined;
      const { Tags = {} } = await (await sqs()).listQueueTags({ QueueUrl: id });
      return {
        name: attributes.QueueArn?.split(":").pop(),
        kmsMasterKeyId: attributes.KmsMasterKeyId === "" ? undefined : attributes.KmsMasterKeyId,
        kmsDataKeyReusePeriodSeconds: Number(attributes.KmsDataKeyReusePeriodSeconds ?? 300),
        messageRetentionSeconds: Number(attributes.MessageRetentionPeriod),
        sqsManagedSseEnabled: attributes.SqsManagedSseEnabled === "true",
        tagsAll: Tags,
        arn: attributes.QueueArn,
        url: id,
      };
    },

    async update(id, news, olds) {
      const api = await sqs();
      await api.setQueueAttributes({
        QueueUrl: id,
        Attributes: { KmsMasterKeyId: "", ...queueAttributes(news) },
      });
      const { removed, set } = tagChanges(olds, news.tags);
      if (removed.length > 0) await api.untagQueue({ QueueUrl: id, TagKeys: removed });
      if (Object.keys(set).length > 0) await api.tagQueue({ QueueUrl: id, Tags: set });
    },

    async delete(id) {
      await (await sqs()).deleteQueue({ QueueUrl: id });
    },
  });
}

function queuePolicyHandler(sqs: () => Promise<SQS>): Handler {
  async function put(queueUrl: string, policy: string): Promise<string> {
    await (await sqs()).setQueueAttributes({ QueueUrl: queueUrl, Attributes: { Policy: policy } });
    return queueUrl;
  }

  return defineHandler({
    type: "aws:sqs/queuePolicy:QueuePolicy",
    inputs: z.strictObject({ queueUrl: z.string(), policy: z.string() }),
    replaceOn: ["queueUrl"],
    policies: ["policy"],
    create: ({ queueUrl, policy }) => put(queueUrl, policy),

    async read(id) {
      const policy = (await attributesOf(await sqs(), id))?.Policy;
      if (policy === undefined || policy === "") return undefined;
      return { queueUrl: id, policy };
    },

    async update(id, { policy }) {
      await put(id, policy);
    },

    async delete(id) {
      await unlessGone(put(id, ""), queueGone);
    },
  });
}

const queueGone = /NonExistentQueue|QueueDoesNotExist/;

async function attributesOf(
  api: SQS,
  url: string,
): Promise<Partial<Record<QueueAttributeName, string>> | undefined> {
  const found = await unlessGone(
    api.getQueueAttributes({ QueueUrl: url, AttributeNames: ["All"] }),
    queueGone,
  );
  return found && (found.Attributes ?? {});
}

function queueAttributes(inputs: z.output<typeof queueInputs>): Record<string, string> {
  return {
    MessageRetentionPeriod: String(inputs.messageRetentionSeconds),
    KmsDataKeyReusePeriodSeconds: String(inputs.kmsDataKeyReusePeriodSeconds),
    ...(inputs.kmsMasterKeyId === undefined ? {} : { KmsMasterKeyId: inputs.kmsMasterKeyId }),
    ...(inputs.sqsManagedSseEnabled === undefined
      ? {}
      : { SqsManagedSseEnabled: String(inputs.sqsManagedSseEnabled) }),
  };
}
