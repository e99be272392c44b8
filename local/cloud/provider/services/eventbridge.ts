import type { EventBridge } from "@aws-sdk/client-eventbridge";
import { z } from "zod";

import { lazy, unlessGone } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler, finish } from "../handler";
import type { Handler } from "../handler";
import { tagChanges, tagList, tagMap, tagsInput } from "../tags";
import { targetHandler } from "./eventTarget";

const ruleInputs = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  eventPattern: z.string(),
  state: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
  tags: tagsInput,
});

/** EventBridge rules on the default bus, and their targets. */
export function eventbridgeHandlers(options: ClientOptions): readonly Handler[] {
  const events = lazy(
    async () => new (await import("@aws-sdk/client-eventbridge")).EventBridge(options),
  );
  return [ruleHandler(events), targetHandler(events)];
}

function ruleHandler(events: () => Promise<EventBridge>): Handler {
  async function put(inputs: z.output<typeof ruleInputs>): Promise<string> {
    const { RuleArn = "" } = await (
      await events()
    ).putRule({
      Name: inputs.name,
      Description: inputs.description,
      EventPattern: inputs.eventPattern,
      State: inputs.state,
    });
    return RuleArn;
  }

  return defineHandler({
    type: "aws:cloudwatch/eventRule:EventRule",
    inputs: ruleInputs,
    replaceOn: ["name"],
    jsonText: ["eventPattern"],

    async create(inputs) {
      const ResourceARN = await put(inputs);
      return finish(inputs.name, async () => {
        await (await events()).tagResource({ ResourceARN, Tags: tagList(inputs.tags) });
      });
    },

    async read(id) {
      const api = await events();
      const rule = await unlessGone(api.describeRule({ Name: id }), /^ResourceNotFoundException/);
      if (rule === undefined) return undefined;
      const { Tags } = await api.listTagsForResource({ ResourceARN: rule.Arn });
      return {
        name: rule.Name,
        description: rule.Description,
        eventPattern: rule.EventPattern,
        state: rule.State,
        tagsAll: tagMap(Tags),
        arn: rule.Arn,
        eventBusName: rule.EventBusName ?? "default",
      };
    },

    async update(_id, news, olds) {
      const api = await events();
      const ResourceARN = await put(news);
      const { removed, set } = tagChanges(olds, news.tags);
      if (removed.length > 0) await api.untagResource({ ResourceARN, TagKeys: removed });
      await api.tagResource({ ResourceARN, Tags: tagList(set) });
    },

    async delete(id) {
      await (await events()).deleteRule({ Name: id });
    },
  });
}
