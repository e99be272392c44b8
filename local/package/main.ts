import { join } from "node:path";

import { z } from "zod";

import { countsText } from "../change";
import type { Engine } from "../engine";
import { prepareTools, withLocalCloud } from "../localCloud";
import { say } from "../progress";
import { mustBeEmpty, mustReadBack } from "../readBack";
import { type StepWork, stepCommand } from "../stepCommand";
import type { Steps } from "../steps";
import { writeConsumer } from "./consumer";
import { install } from "./install";
import { mustTypeCheck } from "./mustTypeCheck";
import { pack } from "./pack";

const HELP = `Builds the component package, packs it, and uses it as a stranger would: a fresh project outside of
this one imports it by its name, is type-checked against its declarations, and brings it up and
down on the local cloud.`;

const consumerShape = z.object({
  program: z.custom<() => Promise<Record<string, unknown>>>((it) => typeof it === "function"),
});

stepCommand("local:package", HELP, tryPackage);

async function tryPackage({ folder, signal, steps: { step } }: StepWork): Promise<void> {
  const tools = await step("tools are there", () => prepareTools(signal));
  await step("the package builds, and a fresh project takes it", async () => {
    writeConsumer(folder);
    await install(await pack(folder, signal), folder, signal);
  });
  await step("its types hold", () => mustTypeCheck(folder, signal));

  const imported: unknown = await import(join(folder, "index.ts"));
  const other = { ...consumerShape.parse(imported), judged: true, root: folder };
  await withLocalCloud(tools, "dev", signal, (engine) => bringUpAndDown(engine, step), other);
}

async function bringUpAndDown(engine: Engine, step: Steps["step"]): Promise<void> {
  await step("up", async () => {
    const { counts, outputs } = await engine.up("up");
    say(`    ${countsText(counts)}`);
    const { bucket, group } = outputs;
    say(`    bucket ${String(bucket?.value)}, group ${String(group?.value)}`);
    if (group?.value !== "forecast-dev") throw new Error("the outputs are not the component's");
    await mustReadBack(engine);
  });
  await step("destroy leaves nothing but keys pending deletion", async () => {
    await engine.destroy();
    await mustBeEmpty(engine);
  });
}
