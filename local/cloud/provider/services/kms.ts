import type { KMS } from "@aws-sdk/client-kms";
import { z } from "zod";

import { lazy, unlessGone } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler, finish } from "../handler";
import type { Handler } from "../handler";
import { tagChanges, tagsInput } from "../tags";
import type { Tags } from "../tags";

const keyInputs = z.strictObject({
  description: z.string().optional(),
  policy: z.string().optional(),
  enableKeyRotation: z.boolean().default(false),
  rotationPeriodInDays: z.number().optional(),
  deletionWindowInDays: z.number().default(30),
  tags: tagsInput,
});

/** KMS keys and their aliases. */
export function kmsHandlers(options: ClientOptions): readonly Handler[] {
  const kms = lazy(async () => new (await import("@aws-sdk/client-kms")).KMS(options));
  return [keyHandler(kms), aliasHandler(kms)];
}

function keyHandler(kms: () => Promise<KMS>): Handler {
  return defineHandler({
    type: "aws:kms/key:Key",
    inputs: keyInputs,
    replaceOn: [],
    unreadable: ["deletionWindowInDays"],
    computed: ["description", "policy", "rotationPeriodInDays"],
    policies: ["policy"],
    fixedName: false,

    async create(inputs) {
      const api = await kms();
      const { KeyMetadata } = await api.createKey({
        Description: inputs.description,
        Policy: inputs.policy,
        Tags: kmsTags(inputs.tags),
      });
      const id = KeyMetadata?.KeyId ?? "";
      return finish(id, () => rotate(api, id, inputs));
    },

    async read(id) {
      const api = await kms();
      const found = await unlessGone(api.describeKey({ KeyId: id }), /^NotFoundException/);
      const key = found?.KeyMetadata;
      if (key === undefined || key.KeyState === "PendingDeletion") return undefined;
      const { Policy } = await api.getKeyPolicy({ KeyId: id, PolicyName: "default" });
      const rotation = await api.getKeyRotationStatus({ KeyId: id });
      const { Tags = [] } = await api.listResourceTags({ KeyId: id });
      return {
        description: key.Description,
        policy: Policy,
        enableKeyRotation: rotation.KeyRotationEnabled,
        rotationPeriodInDays: rotation.RotationPeriodInDays,
        tagsAll: Object.fromEntries(Tags.map(({ TagKey, TagValue }) => [TagKey, TagValue])),
        arn: key.Arn,
        keyId: key.KeyId,
        isEnabled: key.Enabled,
        keyUsage: key.KeyUsage,
        multiRegion: key.MultiRegion,
      };
    },

    async update(id, news, olds) {
      const api = await kms();
      await api.updateKeyDescription({ KeyId: id, Description: news.description ?? "" });
      if (news.policy !== undefined) {
        await api.putKeyPolicy({ KeyId: id, PolicyName: "default", Policy: news.policy });
      }
      await rotate(api, id, news);
      const { removed, set } = tagChanges(olds, news.tags);
      if (removed.length > 0) await api.untagResource({ KeyId: id, TagKeys: removed });
      await api.tagResource({ KeyId: id, Tags: kmsTags(set) });
    },

    async delete(id, state) {
      const { deletionWindowInDays } = keyInputs.parse({
        deletionWindowInDays: state.deletionWindowInDays,
      });
      await (
        await kms()
      ).scheduleKeyDeletion({ KeyId: id, PendingWindowInDays: deletionWindowInDays });
    },
  });
}

function aliasHandler(kms: () => Promise<KMS>): Handler {
  return defineHandler({
    type: "aws:kms/alias:Alias",
    inputs: z.strictObject({ name: z.string(), targetKeyId: z.string() }),
    replaceOn: ["name"],

    async create({ name, targetKeyId }) {
      await (await kms()).createAlias({ AliasName: name, TargetKeyId: targetKeyId });
      return name;
    },

    async read(id, state) {
      const { paginateListAliases } = await import("@aws-sdk/client-kms");
      for await (const { Aliases = [] } of paginateListAliases({ client: await kms() }, {})) {
        const alias = Aliases.find(({ AliasName }) => AliasName === id);
        if (alias?.TargetKeyId === undefined) continue;
        const { TargetKeyId, AliasArn = "" } = alias;
        const targetKeyArn = AliasArn.replace(/alias\/.*$/, `key/${TargetKeyId}`);
        return {
          name: id,
          // The program may name the key by its ARN; AWS answers the bare id.
          targetKeyId: state.targetKeyId === targetKeyArn ? targetKeyArn : TargetKeyId,
          arn: AliasArn,
          targetKeyArn,
        };
      }
      return undefined;
    },

    async update(id, { targetKeyId }) {
      await (await kms()).updateAlias({ AliasName: id, TargetKeyId: targetKeyId });
    },

    async delete(id) {
      await (await kms()).deleteAlias({ AliasName: id });
    },
  });
}

async function rotate(api: KMS, id: string, inputs: z.output<typeof keyInputs>): Promise<void> {
  if (inputs.enableKeyRotation) {
    const RotationPeriodInDays = inputs.rotationPeriodInDays;
    await api.enableKeyRotation({ KeyId: id, RotationPeriodInDays });
  } else {
    await api.disableKeyRotation({ KeyId: id });
  }
}

function kmsTags(tags: Tags): { TagKey: string; TagValue: string }[] {
  return Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
}
