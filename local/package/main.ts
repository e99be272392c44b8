import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { z } from "zod";

import { runCommand } from "../command";
import type { Engine } from "../engine";
import { forgetTheUsersClouds } from "../environment";
import { INTERRUPTED, catchInterrupts } from "../interrupt";
import { prepareTools, withLocalCloud } from "../localCloud";
import { countsText } from "../change";
import { run } from "../processes";
import { say, withProgress } from "../progress";
import { mustBeEmpty, mustReadBack } from "../readBack";
import { type Steps, messageOf, startSteps } from "../steps";
import { install, writeConsumer } from "./consumer";

const ROOT = join(__dirname, "..", "..");

const HELP = `npm run local:package

Builds the component package, packs it, and uses it as a stranger would: a fresh project outside of
this one imports it by its name, is type-checked against its declarations, and brings it up and
down on the local cloud.

Exit codes: 0 every step held, 1 a step failed, 2 the command line was wrong, 130 stopped by Ctrl-C`;

const consumerShape = z.object({
  program: z.custom<() => Promise<Record<string, unknown>>>((it) => typeof it === "function"),
});

runCommand(main);

async function main(argv: string[]): Promise<number> {
  if (argv.length > 0) {
    const asked = argv.every((it) => ["-h", "--help"].includes(it));
    if (asked) say(HELP);
    else console.error(`npm run local:package takes no arguments, got "${argv.join(" ")}"`);
    return asked ? 0 : 2;
  }
  forgetTheUsersClouds(process.env);
  process.chdir(ROOT);
  const { endLeftovers, signal } = catchInterrupts();
  const folder = mkdtempSync(join(tmpdir(), "model-build-pipeline-consumer-"));
  const steps = startSteps();
  try {
    await tryPackage(folder, steps, signal);
    say(`\n${steps.summary()}`);
    return 0;
  } catch (error) {
    if (!signal.aborted) console.error(`\n${messageOf(error)}\n\n${steps.summary(error)}`);
    return signal.aborted ? INTERRUPTED : 1;
  } finally {
    endLeftovers();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tryPackage(folder: string, { step }: Steps, signal: AbortSignal): Promise<void> {
  const tools = await step("tools are there", () => prepareTools(signal));
  const node = (title: string, ...args: string[]) => mustRun(title, process.execPath, args, signal);

  await step("the package builds, and a fresh project takes it", async () => {
    await node("building", join(ROOT, "local", "run.mjs"), join(ROOT, "scripts", "package.ts"));
    const pack = ["pack", "--silent", "--pack-destination", folder, join(ROOT, "dist")];
    const lines = await mustRun("packing", "npm", pack, signal);
    writeConsumer(folder);
    await install(join(folder, lines.find((line) => line.endsWith(".tgz")) ?? ""), folder, signal);
  });
  await step("its types hold", async () => {
    await node("checking types", require.resolve("typescript/bin/tsc"), "-p", folder);
  });

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

async function mustRun(title: string, command: string, args: string[], signal: AbortSignal) {
  const { code, lines } = await withProgress(title, () => run(command, args, { signal }));
  if (code !== 0) throw new Error(`${title}: ${lines.slice(-20).join("\n")}`);
  return lines;
}
