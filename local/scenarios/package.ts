import { join } from "node:path";

import { z } from "zod";

import { countsText } from "../cloud/change";
import type { Engine } from "../cloud/engine";
import { prepareTools, withLocalCloud } from "../cloud/localCloud";
import { print } from "../../lib/progress";
import { mustBeEmpty, mustReadBack } from "../cloud/readBack";
import { mustChangeNothing } from "./deployedStack";
import type { ScenarioWork } from "./runScenario";
import type { Steps } from "../report/steps";
import { writeConsumer } from "./package/consumer";
import { install } from "./package/install";
import { mustTypeCheck } from "./package/mustTypeCheck";
import { pack } from "./package/pack";

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
  const other = { ...consumerShape.parse(imported), hasPolicyPack: true, root: folder };
  await withLocalCloud(tools, "dev", signal, (engine) => deployAndDestroy(engine, step), other);
}

async function deployAndDestroy(engine: Engine, step: Steps["step"]): Promise<void> {
  await step("pulumi up deploys two projects, each with both components", async () => {
    const { counts, outputs } = await engine.up("pulumi up");
    print(`    ${countsText(counts)}`);
    for (const [output, project] of [
      ["forecast", "forecast"],
      ["forecastEu", "forecast-eu"],
    ] as const) {
      const { endpoint, group } = outputsShape.parse(outputs[output]?.value);
      print(`    ${project}: model package group ${group}, endpoint ${endpoint}`);
      if (group !== `mlops-${project}--dev--models` || endpoint !== `mlops-${project}--dev--prod`)
        throw new Error("expected the outputs of the components");
    }
    await mustReadBack(engine);
  });
  await step("a second pulumi up changes nothing", () =>
    mustChangeNothing(engine, "second pulumi up"),
  );
  await step("pulumi destroy deletes everything except KMS keys pending deletion", async () => {
    await engine.destroy();
    await mustBeEmpty(engine);
  });
}
