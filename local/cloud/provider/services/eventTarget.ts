import type { EventBridge } from "@aws-sdk/client-eventbridge";
import { z } from "zod";

import { unlessGone } from "../clients";
import { defineHandler, text } from "../handler";
import type { Handler } from "../handler";

const gone = /^ResourceNotFoundException/;

const targetInputs = z.strictObject({
  rule: z.string(),
  targetId: z.string(),
  arn: z.string(),
  roleArn: z.string().optional(),
  deadLetterConfig: z.strictObject({ arn: z.string() }).optional(),
  retryPolicy: z
    .strictObject({ maximumEventAgeInSeconds: z.number(), maximumRetryAttempts: z.number() })
    .optional(),
  inputTransformer: z
    .strictObject({
      inputPaths: z.record(z.string(), z.string()).optional(),
      inputTemplate: z.string(),
    })
    .optional(),
});

/** The targets of EventBridge rules. */
export function targetHandler(events: () => Promise<EventBridge>): Handler {
  async function put(inputs: z.output<typeof targetInputs>): Promise<string> {
    const { retryPolicy, inputTransformer } = inputs;
    const { FailedEntries = [] } = await (
      await events()
    ).putTargets({
      Rule: inputs.rule,
      Targets: [
        {
          Id: inputs.targetId,
          Arn: inputs.arn,
          RoleArn: inputs.roleArn,
          DeadLetterConfig: inputs.deadLetterConfig && { Arn: inputs.deadLetterConfig.arn },
          RetryPolicy: retryPolicy && {
            MaximumEventAgeInSeconds: retryPolicy.maximumEventAgeInSeconds,
            MaximumRetryAttempts: retryPolicy.maximumRetryAttempts,
          },
          InputTransformer: inputTransformer && {
            InputPathsMap: inputTransformer.inputPaths,
            InputTemplate: inputTransformer.inputTemplate,
          },
        },
      ],
    });
    // EventBridge answers 200 even when it takes none of the targets.
    if (FailedEntries.length > 0) throw new Error(JSON.stringify(FailedEntries));
    return `${inputs.rule}-${inputs.targetId}`;
  }

  return defineHandler({
    type: "aws:cloudwatch/eventTarget:EventTarget",
    inputs: targetInputs,
    replaceOn: ["rule", "targetId"],
    autoNamed: "targetId",
    create: put,

    async read(_id, state) {
      const rule = text(state, "rule");
      const found = await unlessGone((await events()).listTargetsByRule({ Rule: rule }), gone);
      const target = found?.Targets?.find(({ Id }) => Id === state.targetId);
      if (target === undefined) return undefined;
      const { DeadLetterConfig, RetryPolicy, InputTransformer } = target;
      return {
        rule,
        targetId: target.Id,
        arn: target.Arn,
        roleArn: target.RoleArn,
        deadLetterConfig: DeadLetterConfig && { arn: DeadLetterConfig.Arn },
        retryPolicy: RetryPolicy && {
          maximumEventAgeInSeconds: RetryPolicy.MaximumEventAgeInSeconds,
          maximumRetryAttempts: RetryPolicy.MaximumRetryAttempts,
        },
        inputTransformer: InputTransformer && {
          inputPaths: InputTransformer.InputPathsMap,
          inputTemplate: InputTransformer.InputTemplate,
        },
        eventBusName: "default",
      };
    },

    async update(_id, news) {
      await put(news);
    },

    async delete(_id, state) {
      const request = { Rule: text(state, "rule"), Ids: [text(state, "targetId")] };
      await unlessGone((await events()).removeTargets(request), gone);
    },
  });
}
