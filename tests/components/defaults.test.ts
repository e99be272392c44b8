import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";

import { parse } from "yaml";
import { z } from "zod";

import { defaults, dependentDefaults, groupDefaults } from "../../components/validation/defaults";
import {
  fewWithNetwork,
  imageRepositories,
  subnetIdsWithDeployment,
} from "../../components/validation/limits";
import { stackSchema } from "../../components/validation/modelDeploySchema";
import { resolveStackSettings } from "../../components/validation/resolveSettings";
import { settingsFrom } from "../../config";
import {
  configurationFile,
  configurationPage,
  defaultValue,
} from "../../scripts/configuration/configurationPage";
import { type DocumentedKey, documentedKeys } from "../../scripts/configuration/documentedKeys";
import { ruleOf } from "../../scripts/configuration/rules";
import { textOf } from "../support/repositoryFiles";

const stackKeys = documentedKeys("StackConfig");
const deployKeys = documentedKeys("ModelDeployPipelineArgs");

describe("default values in components/validation/defaults.ts", () => {
  it("are what the validation adds to a stack config", () => {
    const project = { projectName: "churn", projectId: "dev" };
    const { computeType, image } = defaults.build;
    const { otherwise, waitForTraining } = dependentDefaults.build.timeoutMinutes;
    assert.deepEqual(resolveStackSettings(project, "the test"), {
      ...defaults,
      ...project,
      build: { ...defaults.build, timeoutMinutes: otherwise },
      deploy: { ...defaults.deploy, build: { ...defaults.deploy.build, computeType, image } },
    });
    const { build, network, source } = resolveStackSettings(
      {
        ...project,
        build: { waitForTraining: true },
        network: { created: {} },
        source: { existing: { repositoryName: "churn" } },
      },
      "the test",
    );
    assert.equal(build.timeoutMinutes, waitForTraining);
    assert.deepEqual(network.created, groupDefaults.network.created);
    assert.equal(source.existing?.branch, groupDefaults.source.existing.branch);
  });

  it("are those of Pulumi.yaml", () => {
    const shape = z.object({
      config: z.record(z.string(), z.object({ default: z.unknown().optional() })),
    });
    const declared = Object.entries(shape.parse(parse(textOf("Pulumi.yaml"))).config)
      .filter(([, key]) => key.default !== undefined)
      .map(([name, key]) => [name, key.default]);
    assert.deepEqual(Object.fromEntries(declared), defaults);
  });

  it("are those in the doc comments of the stack config and of ModelBuildPipeline", () => {
    assertDefaultTags(stackKeys, (path) => path);
  });

  it("are those in the doc comments of ModelDeployPipeline", () => {
    assertDefaultTags(deployKeys, stackPathOf);
  });

  it("are those of the table of keys in README", () => {
    const rows = keyTable(textOf("README.md"));
    assert.ok(rows.length >= 5, "README has no table of keys with a column default");
    for (const { cell, path } of rows) {
      const key = stackKeys.find((it) => it.path === path);
      assert.ok(key, `README: ${path} is not a key of a stack config`);
      if (key.type === "object") continue;
      const value = defaultValue(path);
      const expected = value === undefined ? literalsIn(key.defaultTag ?? "") : [String(value)];
      assert.deepEqual(literalsIn(cell), expected, `README: default of ${path}`);
      assert.equal(cell.includes("required"), key.isRequired, `README: default of ${path}`);
    }
  });
});

describe("limits in the doc comments", () => {
  const keys = [
    ...stackKeys,
    ...deployKeys.map((key) => ({ ...key, path: stackPathOf(key.path) })),
  ];

  it("are those of the validation", () => {
    for (const { description, path, type } of keys) {
      const stated = [...description.matchAll(/(\d+) to \/?(\d+)/g)].flatMap(([, ...it]) => it);
      const rule = stated.length === 0 ? [] : numbersIn(ruleOf(path, type).text);
      const wrong = stated.filter((number) => !rule.includes(number));
      assert.deepEqual(wrong, [], `${path}: ${description}`);
    }
  });

  it("are those of each list", () => {
    const conditional = [
      fewWithNetwork.max,
      imageRepositories.maxWithNetwork,
      subnetIdsWithDeployment.max,
    ].map(String);
    for (const { description, path, type } of keys.filter((key) => key.type.startsWith("list"))) {
      const stated = [...description.matchAll(/at most (\d+)/g)].map(([, number = ""]) => number);
      if (stated.length === 0) continue;
      const allowed = [...numbersIn(ruleOf(path, type).text), ...conditional];
      const wrong = stated.filter((number) => !allowed.includes(number));
      assert.deepEqual(wrong, [], `${path}: ${description}`);
    }
  });

  it("include the smallest and the largest value of every integer", () => {
    for (const { description, path, type } of keys.filter((key) => key.type === "integer")) {
      const { text } = ruleOf(path, type);
      const [, range] = /from (\d+ to \d+)$/.exec(text) ?? [];
      assert.ok(range === undefined || description.includes(range), `${path}: ${text}`);
    }
  });
});

describe("docs/configuration.md", () => {
  it("is generated from the code", async () => {
    const text = readFileSync(configurationFile, "utf8");
    assert.equal(text, await configurationPage(), "run `npm run generate` and review the diff");
  });

  it("has every key of the schema of a stack config", () => {
    const documented = stackKeys.flatMap(({ path, sameKeysAs }) =>
      sameKeysAs === undefined
        ? [path]
        : stackKeys
            .map((it) => it.path)
            .filter((it) => it === sameKeysAs || it.startsWith(`${sameKeysAs}.`))
            .map((it) => it.replace(sameKeysAs, path)),
    );
    assert.deepEqual([...documented].sort(), keysOf(stackSchema, "").sort());
  });

  it("has a valid example", () => {
    const [, example = ""] = /^```yaml\n(.*?)^```/ms.exec(textOf("docs/configuration.md")) ?? [];
    const { config } = z
      .object({ config: z.record(z.string(), z.unknown()) })
      .parse(parse(example));
    const values = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
    const { deploy, projectName } = settingsFrom({
      isSecret: () => false,
      project: "model-build-pipeline",
      stack: "dev",
      values,
    });
    assert.deepEqual([projectName, deploy.enabled], ["churn", true]);
  });

  it("has a description, a type and a default of every key", () => {
    for (const { defaultTag, description, isRequired, path, type } of stackKeys) {
      assert.match(description, /^.{10,}\.$/, path);
      assert.ok(isRequired || type === "object" || defaultTag !== undefined, path);
    }
  });
});

/** Key of a stack config with the same value as an argument of ModelDeployPipeline. */
function stackPathOf(path: string): string {
  const isOfDeploy = /^(alarms\.|approval|staging\.|build\.timeoutMinutes$)/.test(path);
  return isOfDeploy ? `deploy.${path}` : path;
}

/** Each tag `@default` has the default value, or describes the behaviour without one. */
function assertDefaultTags(keys: readonly DocumentedKey[], pathOf: (path: string) => string): void {
  const { build, network } = dependentDefaults;
  const { timeoutMinutes } = build;
  const { natGateways } = network.created;
  const dependent = new Map([
    [
      "build.timeoutMinutes",
      `- ${String(timeoutMinutes.otherwise)}, or ${String(timeoutMinutes.waitForTraining)} with \`waitForTraining\``,
    ],
    [
      "network.created.natGateways",
      `- \`${natGateways.packageIndexUrl}\` with a \`packageIndexUrl\`, else \`${natGateways.otherwise}\`: a build installs packages`,
    ],
  ]);
  for (const { defaultTag, path } of keys) {
    const value = defaultValue(pathOf(path));
    const expected = value === undefined ? dependent.get(pathOf(path)) : JSON.stringify(value);
    if (expected === undefined) assert.match(defaultTag ?? "- ", /^- /, path);
    else assert.equal(defaultTag, expected, path);
  }
}

/** Rows of the table whose header has the columns `key` and `default`. */
function keyTable(page: string): { cell: string; path: string }[] {
  const tables = page.split("\n\n").map((block) => block.split("\n").map(cellsOf));
  return tables.flatMap(([head = [], , ...rows]) => {
    const column = head.findIndex((title) => /^default$/i.test(title));
    if (column < 0) return [];
    return rows.map((row) => ({
      cell: row[column] ?? "",
      path: (row[0] ?? "").replace(/\[?`([^`]+)`.*/, "$1"),
    }));
  });
}

function cellsOf(line: string): string[] {
  return line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** Values in a text: code spans, and numbers outside of parentheses. */
function literalsIn(text: string): string[] {
  const found = text.replace(/\(.*?\)/g, "").matchAll(/`([^`]+)`|(\b\d+\b)/g);
  return [...found].map(([, code, number]) => code ?? number ?? "");
}

function numbersIn(text: string): string[] {
  return [...text.matchAll(/\d+/g)].map(([number]) => number);
}

/** Every key of a schema and of its groups, in dotted form. */
function keysOf(schema: unknown, prefix: string): string[] {
  if (
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault
  )
    return keysOf(schema.unwrap(), prefix);
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([key, inner]) => [
    prefix + key,
    ...keysOf(inner, `${prefix}${key}.`),
  ]);
}
