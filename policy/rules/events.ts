import { z } from "zod";

import type { ResourceRule } from "../rule";

const configured = z.object({ arn: z.union([z.string().min(1), z.symbol()]) }).or(z.symbol());

/** EventBridge target: DLQ for events that EventBridge cannot deliver. */
export const eventsTargetDeadLetterQueue: ResourceRule = {
  name: "events-target-dead-letter-queue",
  description: "An EventBridge target has a dead-letter queue.",
  controls: { none: "No control checks EventBridge targets." },
  types: ["aws:cloudwatch/eventTarget:EventTarget"],
  inputs: ["deadLetterConfig"],
  problems: ({ props }) =>
    configured.safeParse(props.deadLetterConfig).success
      ? []
      : [
          "The target has no dead-letter queue: an event that EventBridge cannot deliver is lost. " +
            "Set deadLetterConfig.arn to an SQS queue whose policy allows EventBridge to send " +
            "messages for this rule.",
        ],
};
