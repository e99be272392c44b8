import { strict as assert } from "node:assert";

import type { ResourceTransformationArgs } from "@pulumi/pulumi";

/** The `dependsOn` of a resource, as `BucketPolicy name`, sorted. */
export function waitsFor(
  registrations: readonly ResourceTransformationArgs[],
  type: string,
  name: string,
): string[] {
  const dependent = registrations.find(
    (it) => it.type.startsWith(`aws:${type}:`) && it.name === name,
  );
  assert.ok(dependent, `${type} ${name}`);
  const dependsOn = dependent.opts.dependsOn ?? [];
  assert.ok(Array.isArray(dependsOn), `${type} ${name}`);
  return dependsOn
    .map((it) => {
      const found = registrations.find(({ resource }) => resource === it);
      return `${found?.type.split(":").at(-1) ?? "?"} ${found?.name ?? "?"}`;
    })
    .sort();
}
