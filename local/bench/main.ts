import { join } from "node:path";

import { runCommand } from "../toolchain/runCommand";
import { forgetTheUsersClouds } from "../cloud/environment";
import { INTERRUPTED, catchInterrupts } from "../toolchain/interrupt";
import { print } from "../../lib/progress";
import { messageOf } from "../../lib/errors";
import { HELP, type Options, parseOptions } from "./options";

const ROOT = join(__dirname, "..", "..");

runCommand(main);

async function main(argv: string[]): Promise<number> {
  let options: Options;
  try {
    options = parseOptions(argv);
  } catch (error) {
    console.error(`${messageOf(error)}\nTry: npm run bench -- --help`);
    return 2;
  }
  if (options.help) {
    print(HELP);
    return 0;
  }

  forgetTheUsersClouds(process.env);
  process.chdir(ROOT);
  const { endLeftovers, signal } = catchInterrupts();
  try {
    // Loaded late: the command line and the help need none of it.
    await (await import("./measure")).measure(options, signal);
    return 0;
  } catch (error) {
    if (!signal.aborted) console.error(`\n${messageOf(error)}`);
    return signal.aborted ? INTERRUPTED : 1;
  } finally {
    endLeftovers();
  }
}
