import { strict as assert } from "node:assert";

import type { ResourceTransformationArgs } from "@pulumi/pulumi";

/** What the resource waits for beside what its inputs name, as `BucketPolicy name`, sorted. */
export function waitsFor(
  seen: readonly ResourceTransformationArgs[],
  type: string,
  name: string,
): string[] {
  const waiting = seen.find((it) => it.type.startsWith(`aws:${type}:`) && it.name === name);
  const dependsOn = waiting?.opts.dependsOn;
  assert.ok(Array.isArray(dependsOn), `${type} ${name}`);
  return dependsOn
    .map((it) => {
      const found = seen.find(({ resource }) => resource === it);
      return `${found?.type.split(":").at(-1) ?? "?"} ${found?.name ?? "?"}`;
    })
    .sort();
}
