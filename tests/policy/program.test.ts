import { strict as assert } from "node:assert";

import { z } from "zod";

import { deploymentShape } from "../../endpoint/deployments";
import { evaluateRule } from "../../policy/evaluateRule";
import type { Props, Resource } from "../../policy/resource";
import { resourceRules, stackRules } from "../../policy/rules";
import { bootstrapped } from "../bootstrap/bootstrapped";
import { type StackArgs, stackOf } from "../lint/policiesOf";
import { record, type Registered } from "../support/mocks";
import { resource } from "./support";

const settings = { projectName: "churn", projectId: "dev", deploy: { enabled: true } };
const exported = z.custom<() => Promise<unknown>>((it) => typeof it === "function");

describe("policy pack on the programs", () => {
  for (const [stack, args] of [
    ["a stack with deployment", {}],
    ["a stack with its own VPC", { network: { created: {} } }],
    ["a prod stack", { posture: "prod" }],
  ] satisfies [string, Partial<StackArgs>][]) {
    it(`finds no violation in ${stack}`, async () => {
      const { recording } = await stackOf({ ...settings, ...args });
      assert.deepEqual(problemsOf(recording.resources, "dev"), []);
    });
  }

  it("finds no violation in the bootstrap program with its boundaries in the config", async () => {
    const { resources } = await bootstrapped();
    const boundaries = ["dev", "prod"].flatMap((stack) => [
      `mlops-churn--${stack}--boundary-use1`,
      `mlops-churn--${stack}--deployment-boundary-use1`,
    ]);
    assert.deepEqual(problemsOf(resources, "main", { boundaries }), []);
  });

  it("finds no violation in the production endpoint of the starter", async () => {
    assert.deepEqual(problemsOf(await endpointOf("prod", 2), "prod"), []);
  });

  it("accepts one instance in staging, and rejects it in production", async () => {
    assert.deepEqual(problemsOf(await endpointOf("staging", 1), "staging"), []);
    const [problem = "", ...others] = problemsOf(await endpointOf("prod", 1), "prod");
    assert.match(problem, /sagemaker-prod-endpoint-instance-count.*AllTraffic/);
    assert.deepEqual(others, []);
  });
});

/** Resources that the endpoint program creates for one stage. */
async function endpointOf(stage: string, instanceCount: number): Promise<readonly Registered[]> {
  const program = await import("../../endpoint/index");
  const name = `mlops-churn--dev--${stage}`;
  const deployment = deploymentShape.parse({
    name: `${name}-7-0a1b2c3d`,
    modelPackageArn:
      "arn:aws:sagemaker:us-east-1:123456789012:model-package/mlops-churn--dev--models/7",
    modelVersion: 7,
    earlierVersions: [],
    settings: "0a1b2c3d",
    instanceType: "ml.m5.large",
    instanceCount,
    executionRoleArn: `arn:aws:iam::123456789012:role/mlops-churn--dev--serve-${stage}-use1`,
    volumeKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  });
  const endpointSettings = {
    projectName: "churn",
    projectId: "dev",
    endpointName: name,
    deployments: [deployment],
    isRunning: false,
    thresholds: { maximumErrors: 0, maximumLatencyMilliseconds: 500 },
  };
  const config = Object.fromEntries(
    Object.entries(endpointSettings).map(([key, value]) => [
      `model-endpoint:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  return (await record(exported.parse(program.default), { config })).resources;
}

/** Problems of all rules, each with the name of its rule. */
function problemsOf(
  registered: readonly Registered[],
  stack: string,
  config: Props = {},
): string[] {
  const resources = registered.map(({ inputs, name, type }): Resource => {
    // Children inherit protection from their component in the engine, but not in the mocks.
    return resource(type, inputs, { name, stack, isProtected: true });
  });
  return [
    ...resourceRules.flatMap((rule) =>
      resources.flatMap((target) =>
        evaluateRule(rule, target, config).problems.map(
          (problem) => `${rule.name}: ${target.name}: ${problem}`,
        ),
      ),
    ),
    ...stackRules.flatMap(({ findings, name }) =>
      findings(resources, {})
        .filter(({ unchecked }) => unchecked !== true)
        .map(({ message, urn = "" }) => `${name}: ${urn}: ${message}`),
    ),
  ];
}
