import { strict as assert } from "node:assert";
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";
import { z } from "zod";

import { awsContext } from "../support/mocks";
import { textOf } from "../support/repositoryFiles";
import { lint } from "./lint/lint";

const statement = z.object({
  actions: z.array(z.string()),
  conditions: z.record(z.string(), z.record(z.string(), z.array(z.string()))).default({}),
  resources: z.array(z.string()),
});
const role = z.object({ policyStatements: z.array(statement).default([]) }).prefault({});
const stackFile = z.object({
  config: z.object({
    "aws:region": z.string().default(awsContext.region),
    "model-build-pipeline:build": role,
    "model-build-pipeline:training": role,
  }),
});

const stackFiles = readdirSync(join(__dirname, "..", "..")).filter((name) =>
  /^Pulumi\.[^.]+\.yaml$/.test(name),
);

describe("policy statements of the stack files", () => {
  for (const file of stackFiles) {
    it(`have no finding in ${file}: AWS knows the actions, with these resources and conditions`, async () => {
      assert.deepEqual(await findingsOf(textOf(file)), []);
    });
  }

  it("have a finding for each action that AWS does not know", async () => {
    const statements = [
      { actions: ["s3:GetObjekt"], resources: ["arn:aws:s3:::churn-features/*"] },
    ];
    const config = { "model-build-pipeline:training": { policyStatements: statements } };
    assert.deepEqual(await findingsOf(JSON.stringify({ config })), [
      "training.policyStatements PolicyStatements0: AWS knows no s3:GetObjekt",
    ]);
  });
});

/** Findings of the linter, except wildcards in resources and conditions, which a team may decide. */
async function findingsOf(text: string): Promise<string[]> {
  const { config } = stackFile.parse(parse(text));
  const where = { ...awsContext, region: config["aws:region"] };
  const findings = await Promise.all(
    (["build", "training"] as const).map(async (name) => {
      const { policyStatements } = config[`model-build-pipeline:${name}`];
      if (policyStatements.length === 0) return [];
      const Statement = policyStatements.map(({ actions, conditions, resources }, index) => ({
        Sid: `PolicyStatements${String(index)}`,
        Effect: "Allow",
        Action: actions,
        Resource: resources,
        Condition: conditions,
      }));
      const document = { Version: "2012-10-17", Statement };
      return await lint({ document, kind: "role", name: `${name}.policyStatements` }, where);
    }),
  );
  return findings.flat().filter((finding) => !/: (Resource|[\w:/-]+) \S*[*?]\S*$/.test(finding));
}
