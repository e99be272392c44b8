import type { IAM } from "@aws-sdk/client-iam";
import { z } from "zod";

import { lazy, unlessGone } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler, text } from "../handler";
import type { Handler } from "../handler";
import { tagChanges, tagList, tagMap, tagsInput } from "../tags";

/** IAM's managed policies of an account's own. */
export function iamPolicyHandlers(options: ClientOptions): readonly Handler[] {
  const iam = lazy(async () => new (await import("@aws-sdk/client-iam")).IAM(options));
  return [
    defineHandler({
      type: "aws:iam/policy:Policy",
      inputs: z.strictObject({
        name: z.string(),
        description: z.string().optional(),
        policy: z.string(),
        tags: tagsInput,
      }),
      replaceOn: ["name", "description"],
      policies: ["policy"],

      async create(inputs) {
        const { Policy } = await (
          await iam()
        ).createPolicy({
          PolicyName: inputs.name,
          Description: inputs.description,
          PolicyDocument: inputs.policy,
          Tags: tagList(inputs.tags),
        });
        return Policy?.Arn ?? "";
      },

      async read(id) {
        const api = await iam();
        const found = await unlessGone(api.getPolicy({ PolicyArn: id }), /^NoSuchEntity/);
        const policy = found?.Policy;
        if (policy === undefined) return undefined;
        const VersionId = policy.DefaultVersionId;
        const { PolicyVersion } = await api.getPolicyVersion({ PolicyArn: id, VersionId });
        return {
          name: policy.PolicyName,
          description: policy.Description === "" ? undefined : policy.Description,
          policy: decodeURIComponent(PolicyVersion?.Document ?? ""),
          tagsAll: tagMap(policy.Tags),
          arn: policy.Arn,
          path: policy.Path,
          policyId: policy.PolicyId,
        };
      },

      async update(id, news, olds) {
        const api = await iam();
        if (news.policy !== text(olds, "policy")) await replaceVersion(api, id, news.policy);
        const { removed, set } = tagChanges(olds, news.tags);
        if (removed.length > 0) await api.untagPolicy({ PolicyArn: id, TagKeys: removed });
        await api.tagPolicy({ PolicyArn: id, Tags: tagList(set) });
      },

      async delete(id) {
        const api = await iam();
        for (const VersionId of await otherVersions(api, id)) {
          await api.deletePolicyVersion({ PolicyArn: id, VersionId });
        }
        await api.deletePolicy({ PolicyArn: id });
      },
    }),
  ];
}

/** A policy has at most five versions, of which one is in force; older versions are of no use here. */
async function replaceVersion(api: IAM, PolicyArn: string, PolicyDocument: string): Promise<void> {
  for (const VersionId of await otherVersions(api, PolicyArn)) {
    await api.deletePolicyVersion({ PolicyArn, VersionId });
  }
  await api.createPolicyVersion({ PolicyArn, PolicyDocument, SetAsDefault: true });
}

async function otherVersions(api: IAM, PolicyArn: string): Promise<(string | undefined)[]> {
  const { Versions = [] } = await api.listPolicyVersions({ PolicyArn });
  return Versions.filter(({ IsDefaultVersion }) => IsDefaultVersion !== true).map(
    ({ VersionId }) => VersionId,
  );
}
