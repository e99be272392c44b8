import { z } from "zod";

import { lazy, unlessGone } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler, text } from "../handler";
import type { Handler } from "../handler";
import { tagChanges, tagList, tagMap, tagsInput } from "../tags";

/** EventBridge Scheduler groups. Deleting a group deletes its schedules. */
export function schedulerHandlers(options: ClientOptions): readonly Handler[] {
  const scheduler = lazy(
    async () => new (await import("@aws-sdk/client-scheduler")).Scheduler(options),
  );

  return [
    defineHandler({
      type: "aws:scheduler/scheduleGroup:ScheduleGroup",
      inputs: z.strictObject({ name: z.string(), tags: tagsInput }),
      replaceOn: ["name"],

      async create({ name, tags }) {
        await (await scheduler()).createScheduleGroup({ Name: name, Tags: tagList(tags) });
        return name;
      },

      async read(id) {
        const api = await scheduler();
        const gone = /^ResourceNotFoundException/;
        const group = await unlessGone(api.getScheduleGroup({ Name: id }), gone);
        if (group === undefined) return undefined;
        const { Tags } = await api.listTagsForResource({ ResourceArn: group.Arn });
        return {
          name: group.Name,
          state: group.State,
          tagsAll: tagMap(Tags),
          arn: group.Arn,
        };
      },

      async update(_id, { tags }, olds) {
        const api = await scheduler();
        const ResourceArn = text(olds, "arn");
        const { removed, set } = tagChanges(olds, tags);
        if (removed.length > 0) await api.untagResource({ ResourceArn, TagKeys: removed });
        if (Object.keys(set).length > 0) await api.tagResource({ ResourceArn, Tags: tagList(set) });
      },

      async delete(id) {
        await (await scheduler()).deleteScheduleGroup({ Name: id });
      },
    }),
  ];
}
