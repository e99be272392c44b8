import { lazy, unlessGone } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler, text } from "../handler";
import type { Handler } from "../handler";
import { lowerTagList, lowerTagMap, tagChanges } from "../tags";
import { declarationOf, propertiesOf } from "./pipelineDeclaration";
import { pipelineInputs } from "./pipelineInputs";

/** CodePipeline pipelines. */
export function codepipelineHandlers(options: ClientOptions): readonly Handler[] {
  const codepipeline = lazy(
    async () => new (await import("@aws-sdk/client-codepipeline")).CodePipeline(options),
  );

  return [
    defineHandler({
      type: "aws:codepipeline/pipeline:Pipeline",
      inputs: pipelineInputs,
      replaceOn: ["name"],

      async create(inputs) {
        await (
          await codepipeline()
        ).createPipeline({ pipeline: declarationOf(inputs), tags: lowerTagList(inputs.tags) });
        return inputs.name;
      },

      async read(id) {
        const api = await codepipeline();
        const found = await unlessGone(api.getPipeline({ name: id }), /^PipelineNotFoundException/);
        if (found?.pipeline === undefined) return undefined;
        const arn = found.metadata?.pipelineArn;
        const { tags } = await api.listTagsForResource({ resourceArn: arn });
        return { ...propertiesOf(found.pipeline), tagsAll: lowerTagMap(tags), arn };
      },

      async update(_id, news, olds) {
        const api = await codepipeline();
        await api.updatePipeline({ pipeline: declarationOf(news) });
        const resourceArn = text(olds, "arn");
        const { removed, set } = tagChanges(olds, news.tags);
        if (removed.length > 0) await api.untagResource({ resourceArn, tagKeys: removed });
        await api.tagResource({ resourceArn, tags: lowerTagList(set) });
      },

      async delete(id) {
        await (await codepipeline()).deletePipeline({ name: id });
      },
    }),
  ];
}
