import { strict as assert } from "node:assert";

import { z } from "zod";

import { contentOf } from "../support/repositoryFiles";

const stackFile = z.object({
  config: z.object({
    "aws:defaultTags": z.object({ tags: z.record(z.string(), z.string()) }),
    "model-build-pipeline:deploy": z.object({ enabled: z.boolean() }),
    "model-build-pipeline:pipeline": z.object({ executionMode: z.string() }).optional(),
    "model-build-pipeline:posture": z.string(),
    "model-build-pipeline:projectName": z.string(),
  }),
});
const settingsOf = (stack: string) => contentOf(`Pulumi.${stack}.yaml`, stackFile).config;

describe("stack files", () => {
  it("protect the resources of prod and allow the teardown of dev", () => {
    assert.equal(settingsOf("prod")["model-build-pipeline:posture"], "prod");
    assert.equal(settingsOf("dev")["model-build-pipeline:posture"], "dev");
  });

  it("queue executions in prod, so that the pipeline builds every commit", () => {
    const { executionMode } = settingsOf("prod")["model-build-pipeline:pipeline"] ?? {};
    assert.equal(executionMode, "QUEUED");
  });

  it("are of one project", () => {
    const [dev, prod] = ["dev", "prod"].map((stack) => settingsOf(stack));
    assert.equal(
      prod?.["model-build-pipeline:projectName"],
      dev?.["model-build-pipeline:projectName"],
    );
  });

  for (const stack of ["dev", "prod"]) {
    it(`enable deployment in ${stack}`, () => {
      assert.equal(settingsOf(stack)["model-build-pipeline:deploy"].enabled, true);
    });

    it(`tag every resource of ${stack} with its environment`, () => {
      assert.equal(settingsOf(stack)["aws:defaultTags"].tags.Environment, stack);
    });
  }
});
