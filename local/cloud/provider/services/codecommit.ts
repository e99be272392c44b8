import { z } from "zod";

import { lazy, unlessGone } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler, text } from "../handler";
import type { Handler } from "../handler";
import { tagChanges, tagsInput } from "../tags";

/** CodeCommit repositories. */
export function codecommitHandlers(options: ClientOptions): readonly Handler[] {
  const codecommit = lazy(
    async () => new (await import("@aws-sdk/client-codecommit")).CodeCommit(options),
  );

  return [
    defineHandler({
      type: "aws:codecommit/repository:Repository",
      inputs: z.strictObject({
        repositoryName: z.string(),
        description: z.string().optional(),
        kmsKeyId: z.string().optional(),
        tags: tagsInput,
      }),
      replaceOn: ["repositoryName"],
      // Without a key of its own, a repository gets the AWS managed one.
      computed: ["kmsKeyId"],

      async create({ repositoryName, description, kmsKeyId, tags }) {
        const api = await codecommit();
        await api.createRepository({
          repositoryName,
          repositoryDescription: description,
          kmsKeyId,
          tags,
        });
        return repositoryName;
      },

      async read(id) {
        const api = await codecommit();
        const found = await unlessGone(
          api.getRepository({ repositoryName: id }),
          /^RepositoryDoesNotExistException/,
        );
        const repository = found?.repositoryMetadata;
        if (repository === undefined) return undefined;
        const { tags } = await api.listTagsForResource({ resourceArn: repository.Arn });
        return {
          repositoryName: repository.repositoryName,
          description: repository.repositoryDescription,
          kmsKeyId: repository.kmsKeyId,
          tagsAll: tags,
          arn: repository.Arn,
          repositoryId: repository.repositoryId,
          cloneUrlHttp: repository.cloneUrlHttp,
          cloneUrlSsh: repository.cloneUrlSsh,
        };
      },

      async update(id, { description, kmsKeyId, tags }, olds) {
        const api = await codecommit();
        await api.updateRepositoryDescription({
          repositoryName: id,
          repositoryDescription: description,
        });
        if (kmsKeyId !== undefined && kmsKeyId !== olds.kmsKeyId) {
          await api.updateRepositoryEncryptionKey({ repositoryName: id, kmsKeyId });
        }
        const resourceArn = text(olds, "arn");
        const { removed, set } = tagChanges(olds, tags);
        if (removed.length > 0) await api.untagResource({ resourceArn, tagKeys: removed });
        await api.tagResource({ resourceArn, tags: set });
      },

      async delete(id) {
        await (await codecommit()).deleteRepository({ repositoryName: id });
      },
    }),
  ];
}
