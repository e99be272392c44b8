import { strict as assert } from "node:assert";

import { isProtected } from "../../local/scenarios/protectedStack";
import { resourcesOf } from "../../lib/state";

describe("protection of a stack on the local cloud", () => {
  /** The steps that ran, and whether the stack is protected. */
  async function check(stack: string, protect: readonly boolean[]) {
    const urn = (index: number) =>
      `urn:pulumi:${stack}::p::aws:s3/bucket:Bucket::b${String(index)}`;
    const buckets = protect.map((one, index) => ({
      ...{ custom: true, protect: one, type: "aws:s3/bucket:Bucket", urn: urn(index) },
    }));
    // The engine's own resources are never protected.
    const own = { custom: true, type: "pulumi:providers:aws", urn: "urn:pulumi:x::p::t::default" };
    const titles: string[] = [];
    const hasProtection = await isProtected(
      {
        cli: () => Promise.resolve(stack),
        resources: () => Promise.resolve(resourcesOf({ resources: [...buckets, own] })),
      },
      {
        step: (title, work) => {
          titles.push(title);
          return work();
        },
      },
    );
    return { hasProtection, titles };
  }

  it("is a step of stack prod, which passes if every resource is protected", async () => {
    assert.deepEqual(await check("prod", [true, true]), {
      hasProtection: true,
      titles: ["stack prod is protected"],
    });
  });

  it("fails the step if a resource of stack prod is not protected", async () => {
    const next = "Next: set posture to prod in Pulumi.prod.yaml";
    for (const [protect, counts, bucket] of [
      [[false, false], "2 of 2", "b0"],
      [[true, false], "1 of 2", "b1"],
    ] as const)
      await assert.rejects(check("prod", protect), {
        message:
          `${counts} resources are not protected, for example ` +
          `urn:pulumi:prod::p::aws:s3/bucket:Bucket::${bucket}. ${next}`,
      });
  });

  it("is up to any other stack", async () => {
    assert.deepEqual(await check("dev", [false, false]), { hasProtection: false, titles: [] });
    assert.deepEqual(await check("test", [true, true]), { hasProtection: true, titles: [] });
  });
});
