import { z } from "zod";

import type { ResourceRule } from "../rule";

const given = z.object({ arn: z.union([z.string().min(1), z.symbol()]) }).or(z.symbol());

/** An event that cannot be delivered is kept. */
export const deadLetters: ResourceRule = {
  name: "targets-have-dead-letters",
  description: "Every target of an EventBridge rule has a dead-letter queue.",
  types: ["aws:cloudwatch/eventTarget:EventTarget"],
  reads: ["deadLetterConfig"],
  problems: ({ props }) =>
    given.safeParse(props.deadLetterConfig).success
      ? []
      : [
          "An event that cannot be delivered is lost without a trace. Set deadLetterConfig.arn to an SQS queue whose policy lets EventBridge send for this rule.",
        ],
};
