import { z } from "zod";

import { lazy, unlessGone } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler } from "../handler";
import type { Handler } from "../handler";
import { tagChanges, tagList, tagMap, tagsInput } from "../tags";

/** IAM's OpenID Connect providers. */
export function iamOidcHandlers(options: ClientOptions): readonly Handler[] {
  const iam = lazy(async () => new (await import("@aws-sdk/client-iam")).IAM(options));
  return [
    defineHandler({
      type: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
      inputs: z.strictObject({
        url: z.string().startsWith("https://"),
        clientIdLists: z.array(z.string()).min(1),
        tags: tagsInput,
      }),
      replaceOn: ["url"],

      async create({ clientIdLists, tags, url }) {
        const { OpenIDConnectProviderArn } = await (
          await iam()
        ).createOpenIDConnectProvider({
          Url: url,
          ClientIDList: clientIdLists,
          Tags: tagList(tags),
        });
        return OpenIDConnectProviderArn ?? "";
      },

      async read(id) {
        const found = await unlessGone(
          (await iam()).getOpenIDConnectProvider({ OpenIDConnectProviderArn: id }),
          /^NoSuchEntity/,
        );
        if (found === undefined) return undefined;
        return {
          // IAM answers it without the scheme.
          url: `https://${found.Url ?? ""}`,
          clientIdLists: found.ClientIDList,
          thumbprintLists: found.ThumbprintList,
          tagsAll: tagMap(found.Tags),
          arn: id,
        };
      },

      async update(id, news, olds) {
        const api = await iam();
        const OpenIDConnectProviderArn = id;
        const before = z.array(z.string()).parse(olds.clientIdLists);
        for (const ClientID of before.filter((one) => !news.clientIdLists.includes(one))) {
          await api.removeClientIDFromOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID });
        }
        for (const ClientID of news.clientIdLists.filter((one) => !before.includes(one))) {
          await api.addClientIDToOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID });
        }
        const { removed, set } = tagChanges(olds, news.tags);
        const named = { OpenIDConnectProviderArn };
        if (removed.length > 0)
          await api.untagOpenIDConnectProvider({ ...named, TagKeys: removed });
        await api.tagOpenIDConnectProvider({ ...named, Tags: tagList(set) });
      },

      async delete(id) {
        await (await iam()).deleteOpenIDConnectProvider({ OpenIDConnectProviderArn: id });
      },
    }),
  ];
}
