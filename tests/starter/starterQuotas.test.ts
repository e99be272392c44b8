import { strict as assert } from "node:assert";

import { z } from "zod";

import { endpointQuota, jobQuotas } from "../../scripts/doctor/quotas";
import { contentOf, textOf } from "../support/repositoryFiles";

describe("SageMaker quotas that a new account must request", () => {
  const readme = "starter/model-build/README.md";
  const page = "docs/how-to/aws-from-an-empty-account.md";
  const instances = z.object({
    instanceType: z.string(),
    instanceCount: z.number(),
    autoscaling: z.object({ maximum: z.number() }).optional(),
  });
  const staging = contentOf("starter/model-deploy/staging-config.json", instances);
  const prod = contentOf("starter/model-deploy/prod-config.json", instances);
  const needed = [
    { quota: `${defaultOf("PROCESSING_INSTANCE_TYPE")} for processing job usage`, count: 1 },
    { quota: `${defaultOf("TRAINING_INSTANCE_TYPE")} for training job usage`, count: 1 },
    // During a traffic shift, production has its instances twice.
    {
      quota: `${prod.instanceType} for endpoint usage`,
      count: staging.instanceCount + 2 * prod.instanceCount,
    },
  ];

  it("are in the README with the numbers of the starter's settings", () => {
    const rows = textOf(readme).matchAll(/^\| `(ml\..+ usage)` +\| (\d+) /gm);
    assert.deepEqual(
      [...rows].map(([, quota, count]) => ({ quota, count: Number(count) })),
      needed,
    );
  });

  it("are on the page of the empty account with the same numbers", () => {
    const items = textOf(page).matchAll(/^ +- `(ml\..+ usage)`: (\d+)/gm);
    assert.deepEqual(
      [...items].map(([, quota, count]) => ({ quota, count: Number(count) })),
      needed,
    );
  });

  it("are in the doctor with the same names and numbers", () => {
    const { name, prod: ofProd, staging: ofStaging } = endpointQuota;
    assert.deepEqual(
      [
        ...jobQuotas.map(({ type, usage }) => ({ quota: `${type} for ${usage}`, count: 1 })),
        { quota: name, count: ofStaging + ofProd },
      ],
      needed,
    );
    assert.equal(staging.instanceCount, ofStaging);
    assert.equal(staging.instanceType, prod.instanceType);
  });

  it("are nine instances of endpoints when production has scaled out", () => {
    const most = staging.instanceCount + 2 * (prod.autoscaling?.maximum ?? 0);
    assert.equal(most, 9);
    assert.match(textOf(readme), /At production's maximum of four instances they need nine/);
    assert.match(textOf(page), /At production's maximum of four instances: 9/);
  });
});

/** Default of an environment variable of the model build. */
function defaultOf(variable: string): string {
  const settings = textOf("starter/model-build/pipelines/settings.py");
  const [, value] = new RegExp(`Variable\\("${variable}", .*, "(.+)"\\)`).exec(settings) ?? [];
  assert.ok(value, `settings.py must have a default of ${variable}`);
  return value;
}
