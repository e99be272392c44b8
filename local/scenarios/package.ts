import { join } from "node:path";

import { z } from "zod";

import { prepareTools, withLocalCloud } from "../index";
import { print } from "../../lib/progress";
import { deployAndDestroy } from "./deployedStack";
import type { ScenarioWork } from "./runScenario";
import { policyPack } from "./thisProject";
import { writeConsumer } from "./package/consumer";
import { install, mustTypeCheck, pack } from "./package/install";

const consumerShape = z.object({
  program: z.custom<() => Promise<Record<string, unknown>>>((it) => typeof it === "function"),
});

const outputsShape = z.object({ endpoint: z.string(), group: z.string() });

/**
 * Builds and packs the component package. A new project outside this repository installs it, imports
 * it by name, type-checks against its declarations, and is deployed and destroyed.
 */
export async function packageScenario({
  folder,
  signal,
  steps: { step },
}: ScenarioWork): Promise<void> {
  const tools = await step("tools: Pulumi CLI and Python environment are ready", () =>
    prepareTools(signal),
  );
  await step("the package is built and installed in a new project", async () => {
    writeConsumer(folder);
    await install(await pack(folder, signal), folder, signal);
  });
  await step("the new project type-checks", () => mustTypeCheck(folder, signal));

  const imported: unknown = await import(join(folder, "index.ts"));
  const { program } = consumerShape.parse(imported);
  const stack = { policyPack, program, root: folder, stackName: "dev" };
  await withLocalCloud(tools, stack, signal, (engine) =>
    deployAndDestroy(engine, step, mustHaveOutputs),
  );
}

function mustHaveOutputs(outputs: Readonly<Record<string, unknown>>): void {
  for (const [output, project] of [
    ["forecast", "forecast"],
    ["forecastEu", "forecast-eu"],
  ] as const) {
    const { endpoint, group } = outputsShape.parse(outputs[output]);
    print(`    ${project}: model package group ${group}, endpoint ${endpoint}`);
    if (group !== `mlops-${project}--dev--models` || endpoint !== `mlops-${project}--dev--prod`)
      throw new Error("expected the outputs of the components");
  }
}
