import { z } from "zod";

import { lazy, unlessGone } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler, text } from "../handler";
import type { Handler } from "../handler";
import { tagChanges, tagList, tagMap, tagsInput } from "../tags";

/** SageMaker model package groups: the model registry. */
export function sagemakerHandlers(options: ClientOptions): readonly Handler[] {
  const sagemaker = lazy(
    async () => new (await import("@aws-sdk/client-sagemaker")).SageMaker(options),
  );

  return [
    defineHandler({
      type: "aws:sagemaker/modelPackageGroup:ModelPackageGroup",
      inputs: z.strictObject({
        modelPackageGroupName: z.string(),
        modelPackageGroupDescription: z.string().optional(),
        tags: tagsInput,
      }),
      replaceOn: ["modelPackageGroupName", "modelPackageGroupDescription"],

      async create({ modelPackageGroupName, modelPackageGroupDescription, tags }) {
        await (
          await sagemaker()
        ).createModelPackageGroup({
          ModelPackageGroupName: modelPackageGroupName,
          ModelPackageGroupDescription: modelPackageGroupDescription,
          Tags: tagList(tags),
        });
        return modelPackageGroupName;
      },

      async read(id) {
        const api = await sagemaker();
        const group = await unlessGone(
          api.describeModelPackageGroup({ ModelPackageGroupName: id }),
          /^ValidationException: .*does not exist/,
        );
        if (group === undefined) return undefined;
        const { Tags } = await api.listTags({ ResourceArn: group.ModelPackageGroupArn });
        return {
          modelPackageGroupName: group.ModelPackageGroupName,
          modelPackageGroupDescription: group.ModelPackageGroupDescription,
          tagsAll: tagMap(Tags),
          arn: group.ModelPackageGroupArn,
        };
      },

      async update(_id, { tags }, olds) {
        const api = await sagemaker();
        const ResourceArn = text(olds, "arn");
        const { removed, set } = tagChanges(olds, tags);
        if (removed.length > 0) await api.deleteTags({ ResourceArn, TagKeys: removed });
        await api.addTags({ ResourceArn, Tags: tagList(set) });
      },

      async delete(id) {
        await (await sagemaker()).deleteModelPackageGroup({ ModelPackageGroupName: id });
      },
    }),
  ];
}
