import { isDeepStrictEqual } from "node:util";

import type { OpMap, StepEventMetadata } from "@pulumi/pulumi/automation";

import { nameOf } from "../../lib/state";

/** How many resources an operation did what with. */
export type Counts = OpMap;

/** One thing that the engine did to a resource, or saw of it. */
export interface Change {
  readonly operation: string;
  readonly type: string;
  readonly name: string;
  readonly urn: string;
}

/** What the engine is about to do. */
export function changeOf({ op, type, urn }: StepEventMetadata): Change {
  return { operation: op, type, name: nameOf(urn), urn };
}

/** What the engine did; undefined if the resource is as it was. A refresh "detected change of" or "detected deletion of". */
export function realChange(metadata: StepEventMetadata): Change | undefined {
  // Another stack's outputs are read at every operation.
  if (metadata.op === "same" || metadata.op === "read") return undefined;
  const change = changeOf(metadata);
  if (metadata.op !== "refresh") return change;

  const { new: found, old } = metadata;
  if (!found) return { ...change, operation: "detected deletion of" };
  return isDeepStrictEqual(old?.outputs, found.outputs)
    ? undefined
    : { ...change, operation: "detected change of" };
}

/** "create aws:s3/bucket:Bucket model-build-artifacts". */
export function sentence({ operation, type, name }: Change): string {
  return `${operation} ${type} ${name}`;
}

/** "37 create, 1 same". */
export function countsText(counts: Counts): string {
  return Object.entries(counts)
    .map(([what, count]) => `${count.toString()} ${what}`)
    .join(", ");
}
