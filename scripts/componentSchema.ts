import { readFileSync } from "node:fs";
import { join, relative } from "node:path";

import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { type PackageSpec, generateSchema } from "@pulumi/pulumi/provider/experimental/schema";
import { z } from "zod";

/** Folder of the component package. */
export const components = join(__dirname, "..", "components");

/** The reviewed schema. */
export const schemaFile = join(components, "schema.json");

/**
 * Folder with a TypeScript config that reads only the types of the components and of Pulumi: the
 * same schema as from `components` in a tenth of the time. A public type of another package becomes
 * `pulumi.json#/Any`.
 */
export const ownTypesOnly = join(__dirname, "schema");

const manifestShape = z.looseObject({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  main: z.string(),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});

/** Fields of a `package.json`. */
export type Manifest = z.output<typeof manifestShape>;

/** The `package.json` in `folder`. */
export function manifestOf(folder: string): Manifest {
  return manifestShape.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
}

/**
 * Schema of the component package, as `pulumi package get-schema` prints it.
 * @param folder folder of the `tsconfig.json` to read the code with
 */
export function schemaOf(folder: string): PackageSpec {
  const manifest = manifestOf(components);
  const main = relative(folder, join(components, manifest.main));
  const analyzer = new Analyzer(
    folder,
    manifest.name,
    { ...manifest, main },
    new Set(["ModelBuildPipeline", "ModelDeployPipeline"]),
  );
  const found = analyzer.analyze();
  return generateSchema(
    manifest.name,
    manifest.version,
    manifest.description,
    found.components,
    found.typeDefinitions,
    found.dependencies,
  );
}
