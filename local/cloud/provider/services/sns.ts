import type { SNS } from "@aws-sdk/client-sns";
import { z } from "zod";

import { lazy, unlessGone } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler, text } from "../handler";
import type { Handler } from "../handler";
import { tagChanges, tagList, tagMap, tagsInput } from "../tags";

const topicInputs = z.strictObject({
  name: z.string(),
  displayName: z.string().default(""),
  kmsMasterKeyId: z.string().optional(),
  tags: tagsInput,
});

/** SNS topics and their policies. */
export function snsHandlers(options: ClientOptions): readonly Handler[] {
  const sns = lazy(async () => new (await import("@aws-sdk/client-sns")).SNS(options));
  return [topicHandler(sns), topicPolicyHandler(sns)];
}

function topicHandler(sns: () => Promise<SNS>): Handler {
  return defineHandler({
    type: "aws:sns/topic:Topic",
    inputs: topicInputs,
    replaceOn: ["name"],

    async create(inputs) {
      const { TopicArn = "" } = await (
        await sns()
      ).createTopic({
        Name: inputs.name,
        Attributes: attributesFor(inputs),
        Tags: tagList(inputs.tags),
      });
      return TopicArn;
    },

    async read(id) {
      const attributes = await attributesOf(await sns(), id);
      if (attributes === undefined) return undefined;
      const { Tags } = await (await sns()).listTagsForResource({ ResourceArn: id });
      return {
        name: id.split(":").pop(),
        displayName: attributes.DisplayName ?? "",
        kmsMasterKeyId: attributes.KmsMasterKeyId,
        tagsAll: tagMap(Tags),
        arn: id,
        owner: attributes.Owner,
      };
    },

    async update(id, news, olds) {
      const api = await sns();
      const wanted = { KmsMasterKeyId: "", ...attributesFor(news) };
      for (const [AttributeName, AttributeValue] of Object.entries(wanted))
        await api.setTopicAttributes({ TopicArn: id, AttributeName, AttributeValue });
      const { removed, set } = tagChanges(olds, news.tags);
      if (removed.length > 0) await api.untagResource({ ResourceArn: id, TagKeys: removed });
      if (Object.keys(set).length > 0)
        await api.tagResource({ ResourceArn: id, Tags: tagList(set) });
    },

    async delete(id) {
      await (await sns()).deleteTopic({ TopicArn: id });
    },
  });
}

function topicPolicyHandler(sns: () => Promise<SNS>): Handler {
  async function put(topicArn: string, policy: string): Promise<string> {
    await (
      await sns()
    ).setTopicAttributes({
      TopicArn: topicArn,
      AttributeName: "Policy",
      AttributeValue: policy,
    });
    return topicArn;
  }

  return defineHandler({
    type: "aws:sns/topicPolicy:TopicPolicy",
    inputs: z.strictObject({ arn: z.string(), policy: z.string() }),
    replaceOn: ["arn"],
    policies: ["policy"],
    create: ({ arn, policy }) => put(arn, policy),

    async read(id) {
      const attributes = await attributesOf(await sns(), id);
      if (attributes?.Policy === undefined || isDefault(attributes.Policy)) return undefined;
      return { arn: id, policy: attributes.Policy, owner: attributes.Owner };
    },

    async update(id, { policy }) {
      await put(id, policy);
    },

    async delete(id, state) {
      await unlessGone(put(id, JSON.stringify(defaultPolicy(id, text(state, "owner")))), topicGone);
    },
  });
}

const topicGone = /^NotFound/;

async function attributesOf(
  api: SNS,
  arn: string,
): Promise<Partial<Record<string, string>> | undefined> {
  const found = await unlessGone(api.getTopicAttributes({ TopicArn: arn }), topicGone);
  return found && (found.Attributes ?? {});
}

function attributesFor(inputs: z.output<typeof topicInputs>): Record<string, string> {
  return {
    DisplayName: inputs.displayName,
    ...(inputs.kmsMasterKeyId === undefined ? {} : { KmsMasterKeyId: inputs.kmsMasterKeyId }),
  };
}

const defaultId = "__default_policy_ID";

function isDefault(policy: string): boolean {
  return policy.includes(`"${defaultId}"`);
}

/** A topic always has a policy; without one of its own it is this, which lets its owner do everything. */
function defaultPolicy(arn: string, owner: string) {
  const actions = ["GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission"];
  const more = ["DeleteTopic", "Subscribe", "ListSubscriptionsByTopic", "Publish"];
  const statement = {
    Sid: "__default_statement_ID",
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: [...actions, ...more].map((action) => `SNS:${action}`),
    Resource: arn,
    Condition: { StringEquals: { "AWS:SourceOwner": owner } },
  };
  return { Version: "2008-10-17", Id: defaultId, Statement: [statement] };
}
