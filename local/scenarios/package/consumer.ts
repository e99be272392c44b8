import { writeFileSync } from "node:fs";
import { join } from "node:path";

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
  // Two projects in one stack; neither name nor ID of one is that of the other.
  "index.ts": `import { ModelBuildPipeline, ModelDeployPipeline, type ModelBuildPipelineArgs } from "model-build-pipeline";

const pipelinesOf = (projectName: string) => {
  const args: ModelBuildPipelineArgs = { projectName, posture: "dev", logs: { retentionDays: 30 } };
  const modelBuild = new ModelBuildPipeline(projectName, { ...args, deployment: true });
  const deployment = new ModelDeployPipeline(\`\${projectName}-deploy\`, { ...args, modelBuild });
  return { endpoint: deployment.prodEndpointName, group: modelBuild.modelPackageGroupName };
};

export const program = async () => ({ forecast: pipelinesOf("forecast"), forecastEu: pipelinesOf("forecast-eu") });
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
