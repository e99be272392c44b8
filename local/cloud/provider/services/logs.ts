import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { z } from "zod";

import { lazy, unlessGone } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler, finish, text } from "../handler";
import type { Handler } from "../handler";
import { tagChanges, tagsInput } from "../tags";

/** CloudWatch log groups. */
export function logsHandlers(options: ClientOptions): readonly Handler[] {
  const logs = lazy(
    async () => new (await import("@aws-sdk/client-cloudwatch-logs")).CloudWatchLogs(options),
  );

  return [
    defineHandler({
      type: "aws:cloudwatch/logGroup:LogGroup",
      inputs: z.strictObject({
        name: z.string(),
        // 0: retained permanently.
        retentionInDays: z.number().default(0),
        kmsKeyId: z.string().optional(),
        tags: tagsInput,
      }),
      replaceOn: ["name"],

      async create({ name, retentionInDays, kmsKeyId, tags }) {
        const api = await logs();
        await api.createLogGroup({ logGroupName: name, kmsKeyId, tags });
        return finish(name, () => retain(api, name, retentionInDays));
      },

      async read(id) {
        const api = await logs();
        const { logGroups = [] } = await api.describeLogGroups({ logGroupNamePrefix: id });
        const group = logGroups.find(({ logGroupName }) => logGroupName === id);
        if (group === undefined) return undefined;
        // Both forms are in use: with ":*" for the streams of the group, without for the group.
        const arn = (group.arn ?? "").replace(/:\*$/, "");
        const { tags } = await api.listTagsForResource({ resourceArn: arn });
        return {
          name: group.logGroupName,
          retentionInDays: group.retentionInDays ?? 0,
          kmsKeyId: group.kmsKeyId,
          tagsAll: tags,
          arn,
        };
      },

      async update(id, news, olds) {
        const api = await logs();
        await retain(api, id, news.retentionInDays);
        if (news.kmsKeyId !== undefined) {
          await api.associateKmsKey({ logGroupName: id, kmsKeyId: news.kmsKeyId });
        } else if (olds.kmsKeyId !== undefined) {
          await api.disassociateKmsKey({ logGroupName: id });
        }
        const resourceArn = text(olds, "arn");
        const { removed, set } = tagChanges(olds, news.tags);
        if (removed.length > 0) await api.untagResource({ resourceArn, tagKeys: removed });
        if (Object.keys(set).length > 0) await api.tagResource({ resourceArn, tags: set });
      },

      async delete(id) {
        await unlessGone(
          (await logs()).deleteLogGroup({ logGroupName: id }),
          /^ResourceNotFoundException/,
        );
      },
    }),
  ];
}

async function retain(api: CloudWatchLogs, name: string, days: number): Promise<void> {
  if (days > 0) await api.putRetentionPolicy({ logGroupName: name, retentionInDays: days });
  else await api.deleteRetentionPolicy({ logGroupName: name });
}
