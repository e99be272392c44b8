import { strict as assert } from "node:assert";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import * as entry from "../components";
import * as outputs from "../components/outputs";
import {
  components,
  manifestOf,
  ownTypesOnly,
  schemaFile,
  schemaOf,
} from "../scripts/componentSchema";

describe("the component package", () => {
  const checked: unknown = JSON.parse(readFileSync(schemaFile, "utf8"));

  it("has the schema that was reviewed", () => {
    // Less what is undefined, which JSON cannot say.
    const schema: unknown = JSON.parse(JSON.stringify(schemaOf(ownTypesOnly)));
    assert.deepEqual(
      schema,
      checked,
      "components/schema.json is not what the code says. If the change is meant, write it anew with " +
        "`npm run schema` and read the difference: inputs and outputs are a contract with programs in other languages",
    );
  }).timeout(30_000);

  it("has only inputs and outputs of known types", () => {
    assert.doesNotMatch(JSON.stringify(checked), /pulumi\.json#\/Any/);
  });

  it("gives nothing but the two components and their types", () => {
    assert.deepEqual(Object.keys(entry).sort(), ["ModelBuildPipeline", "ModelDeployPipeline"]);
    for (const [name, component] of Object.entries(entry)) assert.equal(component.name, name);
  });

  it("gives to whoever reads outputs the two readers, the contract's version, and what a program returns", () => {
    const { contractVersion, modelBuildOutputs, modelBuildOutputsIn, outputsOf, ...rest } = outputs;
    assert.deepEqual(rest, {});
    assert.equal(contractVersion, 1);
    for (const given of [modelBuildOutputs, modelBuildOutputsIn, outputsOf])
      assert.equal(typeof given, "function");
  });

  it("depends on exactly what its code imports", () => {
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

  it("names the program's own version, and what it was tried with or newer of everything that it needs", () => {
    const program = manifestOf(join(components, ".."));
    const { dependencies, devDependencies, version } = manifestOf(components);
    const tried: Record<string, string> = { ...program.devDependencies, ...program.dependencies };

    assert.equal(version, program.version);
    // A range for what is shipped, or a program with a newer SDK would load two of them.
    for (const [name, wanted] of Object.entries(dependencies))
      assert.equal(wanted, `^${tried[name] ?? "?"}`, name);
    for (const [name, wanted] of Object.entries(devDependencies))
      assert.equal(wanted, tried[name], name);
  });

  it("is asked for, as it is packed, by the template and the example, with what it was tried with", () => {
    const { dependencies, devDependencies, name, version } = manifestOf(components);
    const asked = {
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
      assert.deepEqual(project.parse(JSON.parse(readFileSync(file, "utf8"))), asked, folder);
    }
  });
});
