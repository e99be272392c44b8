import { mkdirSync } from "node:fs";
import { join } from "node:path";

import type { z } from "zod";

import { type Emulator, startEmulator } from "../cloud/emulator";
import { emulatorPython } from "../toolchain/venv";
import { pulumiCli } from "../toolchain/pulumiCli";
import { run, typeScript } from "../toolchain/processes";
import { print, withProgress } from "../../lib/progress";
import { withScratch } from "../cloud/runFolder";
import { type Job, argsFor, chainShape, costShape } from "./job";
import type { Options } from "./options";
import { projectsTable } from "./projectsTable";
import { type Measured, report } from "./report";

const ROOT = join(__dirname, "..", "..");

/** Measures the previews and programs of several projects, and prints the tables. */
export async function measure({ runs, stack }: Options, signal: AbortSignal): Promise<void> {
  await pulumiCli(signal);
  const python = await emulatorPython(signal);
  await withScratch(ROOT, async (scratch) => {
    const emulator = await withProgress("starting the emulator", () =>
      startEmulator(python, scratch, signal),
    );
    try {
      const ask = asker(emulator, { scratch, signal, stack });
      const empty: Measured[] = [];
      const program: Measured[] = [];
      for (let count = 1; count <= runs; count += 1) {
        const of = `${count.toString()} of ${runs.toString()}`;
        empty.push(await ask("empty", costShape, `empty program, ${of}`));
        program.push(await ask("program", costShape, `${stack}, ${of}`));
      }
      const { chain } = await ask("chain", chainShape, "longest dependency chain");
      for (const line of report({ chain, empty, program, stack })) print(line);
    } finally {
      await emulator.stop();
    }
  });
  for (const line of await projectsTable(signal)) print(line);
}

/** Does one job in a child process, and adds the seconds that the whole child took. */
function asker(
  { endpoint }: Emulator,
  where: { readonly scratch: string; readonly signal: AbortSignal; readonly stack: string },
) {
  let count = 0;
  return async <T extends z.ZodType<object>>(what: Job["what"], shape: T, title: string) => {
    const scratch = join(where.scratch, `job-${(++count).toString()}`);
    mkdirSync(scratch);
    const job = { endpoint, scratch, stackName: where.stack, what };
    const started = performance.now();
    const { code, lines } = await withProgress(title, () =>
      run(process.execPath, typeScript(join(__dirname, "child.ts"), ...argsFor(job)), {
        signal: where.signal,
      }),
    );
    const processSeconds = (performance.now() - started) / 1000;
    if (code !== 0) throw new Error(`${title}:\n${lines.join("\n")}`);
    const answer = shape.parse(
      JSON.parse(lines.filter((line) => line.startsWith("{")).at(-1) ?? ""),
    );
    return { ...answer, processSeconds };
  };
}
