import { strict as assert } from "node:assert";

import { evaluateRule } from "../../policy/evaluateRule";
import type { Props, Resource } from "../../policy/resource";
import { resourceRules, stackRules } from "../../policy/rules";
import { bootstrapped } from "../bootstrap/bootstrapped";
import { type StackArgs, stackOf } from "../permissions/lint/policiesOf";
import type { Registered } from "../support/mocks";
import { resource } from "./support";

const settings = { projectName: "churn", projectId: "dev", deploy: { enabled: true } };

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
});

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
