import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { resolveStackSettings } from "../../components/validation/resolveSettings";
import { loadSettings, type StackSettings } from "../../config";
import program = require("../../index");
import { record } from "../support/mocks";

interface Declared {
  config: Record<string, { default?: unknown; description: string; type: string }>;
}

describe("stack config", () => {
  const settings = async (config: Record<string, string>): Promise<StackSettings> => {
    const loaded: StackSettings[] = [];
    await record(() => loaded.push(loadSettings()), { config: ours(config) });
    assert.ok(loaded[0]);
    return loaded[0];
  };

  it("requires only projectName; projectId defaults to the stack name", async () => {
    const expected = resolveStackSettings({ projectName: "churn", projectId: "dev" }, "the test");
    assert.deepEqual(await settings({ projectName: "churn" }), expected);
  });

  it("keeps the other defaults of a group if one value is set", async () => {
    const loaded = await settings({ projectName: "churn", build: '{"timeoutMinutes": 30}' });
    assert.equal(loaded.build.timeoutMinutes, 30);
    assert.equal(loaded.build.computeType, "BUILD_GENERAL1_SMALL");
  });

  it("ignores config of other namespaces", async () => {
    await record(() => loadSettings(), {
      config: { ...ours({ projectName: "churn" }), "aws:region": "us-east-1", "other:thing": "1" },
    });
  });

  it("reports five problems at once, and registers no resource", async () => {
    const config = ours({
      projectName: "Churn_Model",
      posture: "staging",
      build: '{"timeoutMinutes": 4, "computeTyp": "SMALL"}',
      logs: '{"retentionDays": 100}',
    });
    const recording = await record(
      async () => {
        await assert.rejects(program, {
          message: [
            "5 problems in Pulumi.dev.yaml:",
            'projectName must be 1 to 32 lower-case letters, digits and single hyphens, starting with a letter, for example "churn"; got "Churn_Model"',
            'posture must be one of dev, prod, for example "prod"; got "staging"',
            "build.timeoutMinutes must be a whole number of minutes from 5 to 2160, for example 60; got 4",
            "build.computeTyp is not a setting; did you mean computeType?",
            "logs.retentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, for example 365; got 100",
          ].join("\n  - "),
        });
      },
      { config },
    );
    assert.deepEqual(recording.resources, []);
  });

  it("reports problems of deploy with the others, and registers no resource", async () => {
    const config = ours({
      projectName: "churn",
      posture: "staging",
      deploy: '{"enabled": true, "approvalTimeoutMinutes": "60", "source": {}}',
    });
    const recording = await record(
      async () => {
        await assert.rejects(program, {
          message: [
            "3 problems in Pulumi.dev.yaml:",
            'posture must be one of dev, prod, for example "prod"; got "staging"',
            'deploy.approvalTimeoutMinutes must be a whole number of minutes from 5 to 86400, for example 10080; got "60"',
            'deploy.source must have exactly one of codecommit, existing, connection, for example {"codecommit":{"branch":"main"}}; got {}',
          ].join("\n  - "),
        });
      },
      { config },
    );
    assert.deepEqual(recording.resources, []);
  });

  it("keeps the other defaults of deploy if one value is set", async () => {
    const { deploy } = await settings({
      projectName: "churn",
      deploy: '{"enabled": true, "build": {"timeoutMinutes": 30}}',
    });
    assert.equal(deploy.enabled, true);
    assert.equal(deploy.build.timeoutMinutes, 30);
    assert.equal(deploy.build.computeType, "BUILD_GENERAL1_SMALL");
    assert.equal(deploy.approvalTimeoutMinutes, 10080);
  });

  it("rejects a secret, which AWS would show in plain text, and does not print it", async () => {
    const config = ours({ projectName: "churn", build: '{"environment": {"A": "hunter2"}}' });
    await assert.rejects(
      record(() => loadSettings(), { config, secrets: ["model-build-pipeline:build"] }),
      ({ message }: Error) =>
        /^1 problem in Pulumi\.dev\.yaml:\n {2}- build must not be a secret.*; got a secret$/.test(
          message,
        ) && !message.includes("hunter2"),
    );
  });

  it("has the same defaults in Pulumi.yaml as in the code", async () => {
    const { config } = document("Pulumi.yaml") as Declared;
    const declared = Object.entries(config).filter(([, it]) => "default" in it);
    const given = declared.map(([name, it]): [string, string] => [name, asConfig(it.default)]);
    const { projectId: _, ...defaults } = resolveStackSettings(
      { projectName: "churn" },
      "the test",
    );
    assert.deepEqual(await settings({ projectName: "churn", ...Object.fromEntries(given) }), {
      ...defaults,
      projectId: "dev",
    });
    assert.deepEqual(Object.keys(config).sort(), Object.keys(defaults).sort());
  });

  it("has a description and a type for every declared key", () => {
    const { config } = document("Pulumi.yaml") as Declared;
    for (const [name, { description, type }] of Object.entries(config)) {
      assert.ok(description.length > 10, name);
      assert.match(type, /^(string|object)$/, name);
    }
  });

  for (const stack of ["dev", "prod"]) {
    it(`of ${stack} is valid, and renders both components`, async () => {
      const file = document(`Pulumi.${stack}.yaml`) as { config: Record<string, unknown> };
      const config = Object.entries(file.config).map(([name, value]): [string, string] => [
        name,
        asConfig(value),
      ]);
      const recording = await record(program, { config: Object.fromEntries(config) });
      assert.ok(recording.resources.length > 80);
      for (const type of ["ModelBuildPipeline model-build", "ModelDeployPipeline model-deploy"])
        assert.ok(recording.inventory().includes(`model-build-pipeline:index:${type}`), type);
    });
  }
});

function ours(config: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [`model-build-pipeline:${name}`, value]),
  );
}

/** A config value as the engine passes it: a string, or JSON for any other type. */
function asConfig(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function document(file: string): unknown {
  return parse(readFileSync(join(__dirname, "..", "..", file), "utf8"));
}
