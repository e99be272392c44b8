import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { z } from "zod";

import { run } from "../processes";

const MODULES = join(__dirname, "..", "..", "node_modules");

const manifest = z.object({
  name: z.string(),
  version: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
});

const files = {
  "package.json": `{ "name": "consumer", "private": true, "main": "index.ts" }\n`,
  "Pulumi.yaml": "name: consumer\nruntime: nodejs\n",
  "Pulumi.dev.yaml": "config:\n  aws:region: eu-west-1\n",
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      target: "es2022",
      module: "commonjs",
      moduleResolution: "bundler",
      types: [],
      noEmit: true,
      skipLibCheck: true,
      strict: true,
    },
    files: ["index.ts", "mistakes.ts"],
  }),
  "index.ts": `import { ModelBuildPipeline, type ModelBuildPipelineArgs } from "model-build-pipeline";

const args: ModelBuildPipelineArgs = { projectName: "forecast", posture: "dev", logs: { retentionDays: 30 } };

export const program = async () => {
  const pipeline = new ModelBuildPipeline("forecast", args);
  return { bucket: pipeline.artifactBucketName, group: pipeline.modelPackageGroupName };
};
`,
  // Never run: where the package's types were lost, these would be no mistakes, and tsc would say so.
  "mistakes.ts": `import { ModelBuildPipeline } from "model-build-pipeline";

// @ts-expect-error: a mistyped argument
const pipeline = new ModelBuildPipeline("forecast", { projectNam: "forecast" });
// @ts-expect-error: a mistyped output
export const name = pipeline.artifactBucketNam;
`,
};

/** Writes a project that has nothing of ours but the package, which it imports by its name. */
export function writeConsumer(folder: string): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/**
 * Unpacks the tarball into the project's own `node_modules` and links beside it exactly what its `package.json` asks for,
 * out of what is installed here: as `npm install` would, without the network. What the package forgot to ask for is not
 * found, since the project lies outside of this one.
 */
export async function install(tarball: string, folder: string, signal: AbortSignal): Promise<void> {
  const unpacked = join(folder, "unpacked");
  mkdirSync(unpacked);
  const { code, lines } = await run("tar", ["-xzf", tarball, "-C", unpacked], { signal });
  if (code !== 0) throw new Error(`tar: ${lines.join("\n")}`);

  const { dependencies, name } = manifestIn(join(unpacked, "package"));
  const modules = join(folder, "node_modules");
  cpSync(join(unpacked, "package"), join(modules, name), { recursive: true });
  for (const [dependency, wanted] of Object.entries(dependencies)) {
    const { version } = manifestIn(join(MODULES, dependency));
    // The range's lower end, so that what the package asks for at least is what was tried.
    if (`^${version}` !== wanted)
      throw new Error(`${dependency} ${wanted} is wanted, ${version} is here`);
    mkdirSync(dirname(join(modules, dependency)), { recursive: true });
    symlinkSync(join(MODULES, dependency), join(modules, dependency));
  }
}

function manifestIn(folder: string): z.output<typeof manifest> {
  return manifest.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
}
