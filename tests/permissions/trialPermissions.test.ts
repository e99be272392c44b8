import { strict as assert } from "node:assert";

import { policiesOf, type StackArgs } from "./lint/policiesOf";
import type { PolicyDocument } from "./lint/policyDocuments";
import { statements } from "./lint/statements";
import { reviewed } from "../support/documents";

const identity = { projectName: "churn", projectId: "dev" };
const trial = { starterRoleArns: ["arn:aws:iam::123456789012:role/github-trial"] };
const build = { comparePullRequests: true };
const network = {
  existing: {
    vpcId: "vpc-0a1b2c3d4e5f60718",
    subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"],
    securityGroupIds: ["sg-0a1b2c3d4e5f60718"],
  },
};
const roles = ["trial", "trial-pipeline", "trial-job"];

const documents: readonly (readonly [policyName: string, file: string, args: StackArgs])[] = [
  ...roles.map((it) => [`${it}-role`, `${it}-role-policy`, { ...identity, trial }] as const),
  ...roles.map((it) => [`${it}-role trust`, `${it}-role-trust`, { ...identity, trial }] as const),
  ...["trial-pipeline", "trial-job"].map(
    (it) => [`${it}-role`, `${it}-role-policy-network`, { ...identity, network, trial }] as const,
  ),
  ["key", "key-policy-trial", { ...identity, trial }],
  ["comment-role", "comment-role-policy-trial", { ...identity, build, trial }],
];

describe("policies of trials", () => {
  for (const [policyName, file, args] of documents) {
    it(`match the review: ${policyName}, ${file}.json`, async () => {
      assert.deepEqual(named(await policiesOf(args), policyName)?.document, reviewed(file));
    });
  }

  it("exist only with a role that starts trials", async () => {
    const without = await policiesOf({ ...identity, trial: { starterRoleArns: [] } });
    assert.deepEqual(without, await policiesOf(identity));
    assert.equal(named(without, "trial-role"), undefined);
  });

  it("leave the policies of the other roles unchanged", async () => {
    const without = await policiesOf(identity);
    const changed = (await policiesOf({ ...identity, trial })).filter(
      ({ document, name }) =>
        JSON.stringify(document) !== JSON.stringify(named(without, name)?.document),
    );
    assert.deepEqual(
      changed.map(({ name }) => name).sort(),
      ["key", ...roles.flatMap((role) => [`${role}-role`, `${role}-role trust`])].sort(),
    );
  });

  it("limit jobs to the instance types and the minutes of the settings", async () => {
    const limits = { ...trial, instanceTypes: ["ml.g5.xlarge"], maxInstanceMinutes: 30 };
    const policies = await policiesOf({ ...identity, trial: limits });
    const [jobs] = statements(named(policies, "trial-pipeline-role")?.document);
    assert.deepEqual(jobs?.Condition, {
      "ForAllValues:StringEquals": { "sagemaker:InstanceTypes": ["ml.g5.xlarge"] },
      Null: { "sagemaker:InstanceTypes": ["false"] },
      NumericLessThanEquals: { "sagemaker:MaxRuntimeInSeconds": ["1800"] },
    });
  });
});

function named(policies: readonly PolicyDocument[], name: string): PolicyDocument | undefined {
  return policies.find((policy) => policy.name === name);
}
