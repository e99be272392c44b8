import { z } from "zod";

import { lazy, unlessGone } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler } from "../handler";
import type { Handler } from "../handler";

const gone = /^NotFound/;

/** Subscriptions to SNS topics. */
export function snsSubscriptionHandlers(options: ClientOptions): readonly Handler[] {
  const sns = lazy(async () => new (await import("@aws-sdk/client-sns")).SNS(options));

  return [
    defineHandler({
      type: "aws:sns/topicSubscription:TopicSubscription",
      inputs: z.strictObject({
        topic: z.string(),
        protocol: z.enum(["email", "sqs"]),
        endpoint: z.string(),
        rawMessageDelivery: z.boolean().default(false),
      }),
      replaceOn: ["topic", "protocol", "endpoint"],

      async create({ topic, protocol, endpoint, rawMessageDelivery }) {
        const { SubscriptionArn = "" } = await (
          await sns()
        ).subscribe({
          TopicArn: topic,
          Protocol: protocol,
          Endpoint: endpoint,
          Attributes: rawMessageDelivery ? { RawMessageDelivery: "true" } : {},
          // Else a mail address that is not confirmed yet is answered without an ARN.
          ReturnSubscriptionArn: true,
        });
        return SubscriptionArn;
      },

      async read(id) {
        const request = { SubscriptionArn: id };
        const found = await unlessGone((await sns()).getSubscriptionAttributes(request), gone);
        const attributes = found?.Attributes;
        if (attributes === undefined) return undefined;
        return {
          topic: attributes.TopicArn,
          protocol: attributes.Protocol,
          endpoint: attributes.Endpoint,
          rawMessageDelivery: attributes.RawMessageDelivery === "true",
          arn: id,
          pendingConfirmation: attributes.PendingConfirmation === "true",
        };
      },

      async update(id, { rawMessageDelivery }) {
        await (
          await sns()
        ).setSubscriptionAttributes({
          SubscriptionArn: id,
          AttributeName: "RawMessageDelivery",
          AttributeValue: String(rawMessageDelivery),
        });
      },

      async delete(id) {
        await unlessGone((await sns()).unsubscribe({ SubscriptionArn: id }), gone);
      },
    }),
  ];
}
