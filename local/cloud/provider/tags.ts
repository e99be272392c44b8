import { z } from "zod";

import type { Properties } from "./values";

/** Tags by key. */
export type Tags = Record<string, string>;

/** The `tags` input of a resource type. */
export const tagsInput = z.record(z.string(), z.string()).default({});

/** A map of tags that was stored or read; empty if there is none. */
export function tagsOf(properties: Properties, name: "tags" | "tagsAll"): Tags {
  return tagsInput.parse(properties[name]);
}

/** The program's own tags among all tags: those that are not just the stack's default tags. */
export function ownTags(all: Tags, defaults: Readonly<Tags>, declared: Tags): Tags {
  return Object.fromEntries(
    Object.entries(all).filter(([key, value]) => key in declared || defaults[key] !== value),
  );
}

/** What to remove and what to set so that the old tags become the new ones. */
export function tagChanges(olds: Properties, wanted: Tags): { removed: string[]; set: Tags } {
  const before = tagsOf(olds, "tagsAll");
  return {
    removed: Object.keys(before).filter((key) => !(key in wanted)),
    set: Object.fromEntries(Object.entries(wanted).filter(([key, value]) => before[key] !== value)),
  };
}

/** Tags as a list of `{ Key, Value }`, the form of IAM, S3, EventBridge and SageMaker. */
export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** The map for a list of `{ Key, Value }`. */
export function tagMap(
  list: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Tags {
  return Object.fromEntries((list ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** Tags as a list of `{ key, value }`, the form of CodeBuild and CodePipeline. */
export function lowerTagList(tags: Tags): { key: string; value: string }[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** The map for a list of `{ key, value }`. */
export function lowerTagMap(
  list: readonly { key?: string | undefined; value?: string | undefined }[] | undefined,
): Tags {
  return Object.fromEntries((list ?? []).map(({ key = "", value = "" }) => [key, value]));
}
