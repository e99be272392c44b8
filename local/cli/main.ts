import { join } from "node:path";

import { type Options, helpText, parseOptions } from "./options";
import { runCommand } from "../toolchain/runCommand";
import { print } from "../../lib/progress";
import { stackFileOf } from "../cloud/project";
import { messageOf } from "../../lib/errors";

const ROOT = join(__dirname, "..", "..");

runCommand(main);

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
    print(helpText());
    return 0;
  }
  // Loaded late: the command line and the help need none of it.
  if (options.end) {
    await (await import("./keep")).endKept(ROOT);
    return 0;
  }
  const { scenario } = options;
  if (scenario !== undefined)
    return (await import("../scenarios/runScenario")).runScenario(scenario, options);
  return (await import("./runStack")).runSteps(options);
}
