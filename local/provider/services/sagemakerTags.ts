import type { SageMaker } from "@aws-sdk/client-sagemaker";

import { text } from "../handler";
import { type Tags, tagChanges, tagList, tagMap } from "../tags";
import type { Properties } from "../values";

/** All tags of what the ARN names. */
export async function readTags(api: SageMaker, ResourceArn: string | undefined): Promise<Tags> {
  return tagMap((await api.listTags({ ResourceArn })).Tags);
}

/** Brings the tags of what the state's ARN names to the wanted ones; asks for nothing if they are. */
export async function updateTags(api: SageMaker, olds: Properties, wanted: Tags): Promise<void> {
  const ResourceArn = text(olds, "arn");
  const { removed, set } = tagChanges(olds, wanted);
  if (removed.length > 0) await api.deleteTags({ ResourceArn, TagKeys: removed });
  if (Object.keys(set).length > 0) await api.addTags({ ResourceArn, Tags: tagList(set) });
}
