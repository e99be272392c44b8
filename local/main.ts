import { join } from "node:path";

import { type Options, helpText, parseOptions } from "./args";
import type { Engine } from "./engine";
import { forgetTheUsersClouds } from "./environment";
import { INTERRUPTED, catchInterrupts } from "./interrupt";
import { prepareTools, withLocalCloud } from "./localCloud";
import { countsText } from "./operation";
import { say, secondsSince } from "./progress";
import { stackFileOf } from "./project";
import { messageOf, startSteps } from "./steps";

const ROOT = join(__dirname, "..");

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);

async function main(argv: string[]): Promise<number> {
  let options: Options;
  try {
    options = parseOptions(argv);
    if (!options.help) stackFileOf(ROOT, options.stack);
  } catch (error) {
    console.error(`${messageOf(error)}\nTry: npm run local -- --help`);
    return 2;
  }
  if (options.help) {
    say(helpText());
    return 0;
  }
  return runOn(options);
}

async function runOn({ preview, stack }: Options): Promise<number> {
  forgetTheUsersClouds(process.env);
  process.chdir(ROOT);
  const { endLeftovers, signal } = catchInterrupts();
  const steps = startSteps();
  try {
    const tools = await steps.step("tools are there", () => prepareTools(signal));
    await withLocalCloud(tools, stack, signal, async (engine) => {
      if (preview) return measurePreview(engine, stack);
      // Loaded late: AWS SDK clients would count in a preview's memory.
      const { lifecycle } = await import("./lifecycle");
      return lifecycle(engine, steps);
    });
    if (!preview) say(`\n${steps.summary()}`);
    return 0;
  } catch (error) {
    if (signal.aborted) {
      endLeftovers();
      say("stopped, nothing is left running");
      return INTERRUPTED;
    }
    console.error(`\n${messageOf(error)}\n\n${steps.summary(error)}`);
    return 1;
  } finally {
    endLeftovers();
  }
}

async function measurePreview(engine: Engine, stack: string): Promise<void> {
  const started = Date.now();
  const counts = await engine.preview();
  const took = secondsSince(started);
  const peak = Math.round(process.resourceUsage().maxRSS / 1024).toString();
  say(`  ${countsText(counts)}`);
  say(`cold preview of ${stack}: ${took}, ${peak} MB peak in the program's process`);
}
