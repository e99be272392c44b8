import { strict as assert } from "node:assert";
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";

import { z } from "zod";

import { modelBuildContract, modelDeployContract } from "../../components/outputs/contract";
import * as entry from "../../components";
import * as outputs from "../../components/outputs";
import {
  components,
  manifestOf,
  ownTypesOnly,
  schemaFile,
  schemaOf,
} from "../../scripts/componentSchema";
import { runFile } from "../support/process";

describe("the component package", () => {
  const checked: unknown = JSON.parse(readFileSync(schemaFile, "utf8"));

  it("has the reviewed schema", () => {
    // Without undefined values, which JSON does not have.
    const schema: unknown = JSON.parse(JSON.stringify(schemaOf(ownTypesOnly)));
    assert.deepEqual(
      schema,
      checked,
      "components/schema.json differs from the code. If the change is intended, run " +
        "`npm run generate` and review the diff: programs in other languages depend on the schema",
    );
  }).timeout(30_000);

  it("has only inputs and outputs of known types", () => {
    assert.doesNotMatch(JSON.stringify(checked), /pulumi\.json#\/Any/);
  });

  it("exports only the two components, their types, and stackOutputs", () => {
    const names = ["ModelBuildPipeline", "ModelDeployPipeline", "stackOutputs"];
    assert.deepEqual(Object.keys(entry).sort(), names);
    for (const [name, one] of Object.entries(entry)) assert.equal(one.name, name);
  });

  for (const [component, contract] of [
    ["ModelBuildPipeline", modelBuildContract],
    ["ModelDeployPipeline", modelDeployContract],
  ] as const)
    it(`describes every output of ${component} as the contract does`, () => {
      const { properties = {} } =
        schemaOf(ownTypesOnly).resources[`model-build-pipeline:index:${component}`] ?? {};
      const described = Object.entries(properties).map(([name, it]) => [name, it.description]);
      const expected = Object.entries(contract).map(([name, it]) => [name, it.description]);
      assert.deepEqual(Object.fromEntries(described), Object.fromEntries(expected));
    }).timeout(30_000);

  it("exports the output reader, the contract version and stackOutputs from ./outputs", () => {
    const { contractVersion, modelBuildOutputs, stackOutputs, ...rest } = outputs;
    assert.deepEqual(rest, {});
    assert.equal(contractVersion, 1);
    for (const one of [modelBuildOutputs, stackOutputs]) assert.equal(typeof one, "function");
  });

  it("depends on exactly the packages that its code imports", () => {
    const imported = readdirSync(components, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
      .map((file) => readFileSync(join(components, file), "utf8"))
      .flatMap((text) => [
        ...text.matchAll(/(?: from |\bimport\()"(@[^/"]+\/[^/"]+|[^.@/"][^/"]*)/g),
      ])
      .map(([, name]) => name)
      .filter((name) => !name?.startsWith("node:"));
    assert.deepEqual(
      [...new Set(imported)].sort(),
      Object.keys(manifestOf(components).dependencies),
    );
  });

  it("has the program's version, and accepts tested or newer versions of dependencies", () => {
    const program = manifestOf(join(components, ".."));
    const { dependencies, devDependencies, version } = manifestOf(components);
    const tested: Record<string, string> = { ...program.devDependencies, ...program.dependencies };

    assert.equal(version, program.version);
    // Ranges: with exact versions, a program with a newer SDK would load the SDK twice.
    for (const [name, range] of Object.entries(dependencies))
      assert.equal(range, `^${tested[name] ?? "?"}`, name);
    for (const [name, range] of Object.entries(devDependencies))
      assert.equal(range, tested[name], name);
  });

  it("is a dependency of the template and the example, with the tested versions", () => {
    const { dependencies, devDependencies, name, version } = manifestOf(components);
    const expected = {
      dependencies: {
        "@pulumi/aws": dependencies["@pulumi/aws"],
        "@pulumi/pulumi": dependencies["@pulumi/pulumi"],
        [name]: `file:${name}-${version}.tgz`,
      },
      devDependencies,
    };
    for (const folder of ["template", "examples/consumer"]) {
      const file = join(components, "..", folder, "package.json");
      const project = z.object({ dependencies: z.unknown(), devDependencies: z.unknown() });
      assert.deepEqual(project.parse(JSON.parse(readFileSync(file, "utf8"))), expected, folder);
    }
  });
});

describe("npm run package", () => {
  const root = join(components, "..");
  const filesOf = (folder: string) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8", withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(join(root, folder), join(entry.parentPath, entry.name)))
      .filter((file) => !file.startsWith("node_modules"))
      .sort();

  it("builds the package of code, types and starters, and the template with it", async () => {
    const { code, stderr, stdout } = await runFile("scripts/package.ts", ["--template"]);
    assert.equal(code, 0, stdout + stderr);
    const modules = filesOf("components").filter((file) => file.endsWith(".ts"));
    const starters = ["starter-model-build.json", "starter-model-deploy.json"];
    assert.deepEqual(
      filesOf("dist"),
      [
        ...["LICENSE", "README.md", "package.json", ...starters],
        ...modules.flatMap((file) => [".d.ts", ".js"].map((end) => file.replace(/\.ts$/, end))),
      ].sort(),
    );
    const { dependencies, name, version } = manifestOf(components);
    const text = readFileSync(join(root, "dist", "package.json"), "utf8");
    const published = z.looseObject({ main: z.string() }).parse(JSON.parse(text));
    assert.deepEqual(
      [published.main, published.dependencies, published.devDependencies],
      ["index.js", dependencies, undefined],
    );
    assert.deepEqual(
      filesOf("dist-template"),
      [...filesOf("template"), `${name}-${version}.tgz`].sort(),
    );
  }).timeout(600_000);
});
