import type { OutputMap } from "@pulumi/pulumi/automation";

import type { Engine } from "./engine";
import { countsText, sentence } from "./operation";
import { say } from "./progress";
import { mustBeEmpty, mustReadBack, showInventory } from "./readBack";
import { type Steps, messageOf } from "./steps";
import { table } from "./table";

/** Takes a stack through its whole life; throws at the first step whose promise does not hold. */
export async function lifecycle(engine: Engine, { step }: Steps): Promise<void> {
  await step("the emulated account is empty", () => mustBeEmpty(engine));
  await step("preview", async () => {
    say(`    ${countsText(await engine.preview())}`);
  });
  await step("up", async () => {
    const { counts, outputs } = await engine.up("up");
    say(`    ${countsText(counts)}; outputs:`);
    showOutputs(outputs);
  });
  await step("everything in the state stands in the account", async () => {
    await showInventory(engine);
    await mustReadBack(engine);
  });
  await step("a second up changes nothing", () => mustChangeNothing(engine));

  const isProtected = (await engine.resources()).some(({ protect }) => protect);
  if (isProtected) {
    await step("protected: destroy is refused and takes nothing", () => mustRefuseDestroy(engine));
  } else {
    await step("destroy leaves nothing but keys pending deletion", async () => {
      await engine.destroy();
      await mustBeEmpty(engine);
    });
  }
}

async function mustChangeNothing(engine: Engine): Promise<void> {
  const { changes, counts } = await engine.up("second up");
  const { same, ...others } = counts;
  if (changes.length > 0 || Object.keys(others).length > 0 || !same) {
    const what = changes.map(sentence).join("\n");
    throw new Error(`it changed something (${countsText(counts)}):\n${what}`);
  }
  say(`    ${countsText(counts)}`);
}

async function mustRefuseDestroy(engine: Engine): Promise<void> {
  const before = (await engine.resources()).length;
  const refusal = await engine.destroy().then(() => undefined, messageOf);
  if (refusal === undefined) throw new Error("destroy went through");
  if (!/protect/i.test(refusal)) throw new Error(`destroy failed for another reason: ${refusal}`);

  const after = (await engine.resources()).length;
  if (after !== before) {
    throw new Error(`of ${before.toString()} resources in the state, ${after.toString()} are left`);
  }
  await mustReadBack(engine);
  say("    destroy refused, as it should be; the emulator is thrown away with it all");
}

function showOutputs(outputs: OutputMap): void {
  const rows = Object.entries(outputs).map(([name, { secret, value }]) => [
    name,
    secret ? "[secret]" : typeof value === "string" ? value : JSON.stringify(value),
  ]);
  for (const line of table(rows)) say(`    ${line}`);
}
