import { strict as assert } from "node:assert";

import { z } from "zod";

import { deploymentShape } from "../../endpoint/deployments";
import { judge } from "../../policy/judge";
import type { Props, Resource } from "../../policy/resource";
import { resourceRules, stackRules } from "../../policy/rules";
import { bootstrapped } from "../bootstrap/bootstrapped";
import { type StackArgs, stackOf } from "../lint/policiesOf";
import { record, type Registered } from "../support/mocks";
import { resource } from "./support";

const words = { projectName: "churn", projectId: "dev", deploy: { enabled: true } };
const exported = z.custom<() => Promise<unknown>>((it) => typeof it === "function");

describe("the policy pack", () => {
  for (const [what, args] of [
    ["a stack that deploys its models", {}],
    ["one in a network of its own", { network: { created: {} } }],
    ["one in prod", { posture: "prod" }],
  ] satisfies [string, Partial<StackArgs>][]) {
    it(`finds nothing in ${what}`, async () => {
      const { recording } = await stackOf({ ...words, ...args });
      assert.deepEqual(problemsOf(recording.resources, "dev"), []);
    });
  }

  it("finds nothing in what prepares an account for deployments, once it is told what is a boundary", async () => {
    const { resources } = await bootstrapped();
    const boundaries = ["dev", "prod"].flatMap((stack) => [
      `churn-${stack}-boundary`,
      `churn-${stack}-deployment-boundary`,
    ]);
    assert.deepEqual(problemsOf(resources, "main", { boundaries }), []);
  });

  it("finds nothing in the endpoint of production that the starter asks for", async () => {
    assert.deepEqual(problemsOf(await endpointOf("prod", 2), "prod"), []);
  });

  it("lets staging run on one machine, and production not", async () => {
    assert.deepEqual(problemsOf(await endpointOf("staging", 1), "staging"), []);
    const [problem = "", ...others] = problemsOf(await endpointOf("prod", 1), "prod");
    assert.match(problem, /prod-endpoints-have-two-instances.*AllTraffic/);
    assert.deepEqual(others, []);
  });
});

/** What the endpoint program makes for one stage. */
async function endpointOf(stage: string, instanceCount: number): Promise<readonly Registered[]> {
  const program = await import("../../endpoint/index");
  const name = `churn-dev-${stage}`;
  const deployment = deploymentShape.parse({
    name: `${name}-7-0a1b2c3d`,
    modelPackageArn: "arn:aws:sagemaker:us-east-1:123456789012:model-package/churn-dev/7",
    modelVersion: 7,
    earlierVersions: [],
    settings: "0a1b2c3d",
    instanceType: "ml.m5.large",
    instanceCount,
    executionRoleArn: `arn:aws:iam::123456789012:role/sagemaker-churn-dev-serve-${stage}`,
    volumeKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  });
  const settings = {
    projectName: "churn",
    projectId: "dev",
    endpointName: name,
    deployments: [deployment],
    isRunning: false,
    thresholds: { maximumErrors: 0, maximumLatencyMilliseconds: 500 },
  };
  const config = Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      `model-endpoint:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  return (await record(exported.parse(program.default), { config })).resources;
}

/** Everything that any rule of the pack says, each with the rule's name. */
function problemsOf(
  registered: readonly Registered[],
  stack: string,
  config: Props = {},
): string[] {
  const resources = registered.map(({ inputs, name, type }): Resource => {
    // Protection is the component's, and so its children's: the engine tells the pack, the mocks do not.
    return resource(type, inputs, { name, stack, isProtected: true });
  });
  return [
    ...resourceRules.flatMap((rule) =>
      resources.flatMap((one) =>
        judge(rule, one, config).problems.map((problem) => `${rule.name}: ${one.name}: ${problem}`),
      ),
    ),
    ...stackRules.flatMap(({ findings, name }) =>
      findings(resources, {})
        .filter(({ unseen }) => unseen !== true)
        .map(({ message, urn = "" }) => `${name}: ${urn}: ${message}`),
    ),
  ];
}
